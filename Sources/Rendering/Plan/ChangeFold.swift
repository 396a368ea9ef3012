import Domain
import Planning

/// Like changes, of one place, kind and effect, that are shown together.
struct ChangeFold {
    /// How many like changes are shown one by one; more become one line with a count.
    static let limit = 8

    let effect: Change.Effect
    let kind: ResourceKind
    let changes: [Change]

    /// What they are, in one word. What is destroyed to be mirrored anew is an ordinary topic.
    var noun: String {
        if effect == .replace, kind == .mirror { return ResourceKind.topic.noun(changes.count) }
        return changes.first?.address.noun(changes.count) ?? kind.noun(changes.count)
    }

    /// Differences that all of them have, with the same values.
    var commonDifferences: [Change.FieldDifference] {
        guard let first = changes.first else { return [] }
        return changes.dropFirst().reduce(first.differences) { common, change in
            common == change.differences ? common : common.filter(Set(change.differences).contains)
        }
    }

    /// Fields in which they differ from each other, with the number of objects that have each; sorted.
    var varyingFields: [(field: String, count: Int)] {
        let common = Set(commonDifferences)
        var counts: [String: Int] = [:]
        for change in changes {
            for difference in change.differences where !common.contains(difference) {
                counts[difference.field, default: 0] += 1
            }
        }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The reason, when all have the same.
    var commonReason: String? { common(\.reason?.words) }

    /// The group, when all derive from the same.
    var commonGroup: String? { common(\.group) }

    private func common(_ part: KeyPath<Change, String?>) -> String? {
        guard let first = changes.first?[keyPath: part] else { return nil }
        return changes.allSatisfy { $0[keyPath: part] == first } ? first : nil
    }
}

/// The changes of one place: a cluster, an environment, or all clients.
struct PlaceSection {
    let location: String
    let folds: [ChangeFold]

    /// Changes by place, and inside a place by kind and effect, each in the order of first appearance; with `expand`
    /// every change stands by itself.
    static func sections(of changes: [Change], expand: Bool) -> [PlaceSection] {
        changes.grouped(by: \.address.location).map { location, changes in
            let alike = changes.grouped { Likeness($0) }
            let folds = alike.flatMap { likeness, changes in
                (expand || changes.count <= ChangeFold.limit ? changes.map { [$0] } : [changes]).map {
                    ChangeFold(effect: likeness.effect, kind: likeness.kind, changes: $0)
                }
            }
            return PlaceSection(location: location, folds: folds)
        }
    }

    /// What was never owned and is changed stands with its values: only equal changes are folded.
    private struct Likeness: Hashable {
        let kind: ResourceKind
        let effect: Change.Effect
        let differences: [Change.FieldDifference]?

        init(_ change: Change) {
            kind = change.address.kind
            effect = change.effect
            differences = change.effect == .adoptAndChange ? change.differences : nil
        }
    }
}

/// Deferred work that waits for the same thing.
struct DeferredSection {
    let waitsFor: String
    let count: Int
    let lines: [(effect: Change.Effect, words: String)]

    /// Deferred work by what it waits for, like work folded.
    static func sections(of work: [DeferredWork], expand: Bool) -> [DeferredSection] {
        work.grouped(by: \.waitsFor).map { waitsFor, work in
            let alike = work.grouped {
                Likeness(effect: $0.effect, kind: $0.address.kind, location: $0.address.location)
            }
            let lines = alike.flatMap { likeness, work -> [(effect: Change.Effect, words: String)] in
                guard !expand, work.count > ChangeFold.limit else {
                    return work.map { (likeness.effect, $0.address.words) }
                }
                let noun = likeness.kind.noun(work.count)
                let names = Words.few(work.map(\.address.shortName))
                return [(likeness.effect, "\(Words.number(work.count)) \(noun) on \(likeness.location): \(names)")]
            }
            return DeferredSection(waitsFor: waitsFor, count: work.count, lines: lines)
        }
    }

    private struct Likeness: Hashable {
        let effect: Change.Effect
        let kind: ResourceKind
        let location: String
    }
}

extension Sequence {
    /// The elements by a key, keys in the order of first appearance.
    func grouped<Key: Hashable>(by key: (Element) -> Key) -> [(key: Key, elements: [Element])] {
        var positions: [Key: Int] = [:]
        var groups: [(key: Key, elements: [Element])] = []
        for element in self {
            let key = key(element)
            if let position = positions[key] {
                groups[position].elements.append(element)
            } else {
                positions[key] = groups.count
                groups.append((key, [element]))
            }
        }
        return groups
    }
}
