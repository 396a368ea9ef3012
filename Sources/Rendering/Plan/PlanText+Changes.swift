import Domain
import Planning

extension PlanText {
    private static let detailWidth = 96

    /// Changes by place; in a place, by kind.
    func changes(of plan: Plan) -> [StyledText] {
        let sections = PlaceSection.sections(of: plan.changesBesideMoves, expand: expand)
        return Array(sections.map { lines(of: $0, groups: Set(plan.groups.map(\.name))) }.joined(separator: [""]))
    }

    private func lines(of section: PlaceSection, groups: Set<String>) -> [StyledText] {
        let nouns = section.folds.map { StyledText($0.noun) }
        let nounWidth = nouns.map(\.width).max() ?? 0
        let indent = 8 + nounWidth + 2
        var lines = [StyledText(section.location, .bold).indented(2)]
        for (fold, noun) in zip(section.folds, nouns) {
            lines.append("    \(fold.effect.mark) \(noun.padded(to: nounWidth))  \(subject(of: fold))")
            lines += details(of: fold).map { $0.indented(indent) }
        }
        return lines
    }

    private func subject(of fold: ChangeFold) -> StyledText {
        let suffix: StyledText = fold.commonGroup.map { "  \("(group \($0))", .dim)" } ?? ""
        guard fold.changes.count == 1, let change = fold.changes.first else {
            let names = Words.few(fold.changes.map(\.address.shortName))
            return "\(Words.number(fold.changes.count), .bold)  \(names, .dim)\(suffix)"
        }
        let asItIs: StyledText = change.effect == .adopt && change.differences.isEmpty ? "  as it is" : ""
        return "\(change.address.shortName)\(asItIs)\(suffix)"
    }

    private func details(of fold: ChangeFold) -> [StyledText] {
        let isNew = fold.effect == .create
        let common = fold.commonDifferences
        var lines = isNew ? creation(common) : update(common)
        if !fold.varyingFields.isEmpty {
            let fields = fold.varyingFields.map { varying in
                let label = Change.FieldDifference(varying.field, from: nil, to: nil).label
                return varying.count == fold.changes.count
                    ? label : "\(label) (\(Words.number(varying.count)) of \(Words.number(fold.changes.count)))"
            }
            lines += StyledText.wrapped(
                "not the same for all: \(fields.joined(separator: ", ")); --expand shows each", width: Self.detailWidth)
        }
        if let reason = fold.commonReason {
            lines += StyledText.wrapped("why: \(reason)", width: Self.detailWidth)
        }
        return lines
    }

    /// Fields of something new, as many on a line as fit.
    private func creation(_ differences: [Change.FieldDifference]) -> [StyledText] {
        var lines: [StyledText] = []
        var line: StyledText = ""
        for difference in differences {
            let part: StyledText = "\(difference.label, .dim) \(difference.words(isNew: true))"
            if !line.isEmpty && line.width + 3 + part.width > Self.detailWidth {
                lines.append(line)
                line = ""
            }
            line = line.isEmpty ? part : line + " · " + part
        }
        return line.isEmpty ? lines : lines + [line]
    }

    private func update(_ differences: [Change.FieldDifference]) -> [StyledText] {
        var columns = Columns(indent: 0)
        for difference in differences {
            columns.add(StyledText(difference.label), StyledText(difference.words(isNew: false)))
        }
        return columns.lines
    }
}
