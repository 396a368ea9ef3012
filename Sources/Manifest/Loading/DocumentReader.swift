import Diagnostics

/// Turns documents into objects: unfolds lists and reads the headers.
struct DocumentReader {
    /// Objects of one document, in order.
    func objects(in document: Node, _ findings: inout Findings) -> [RawObject] {
        if document.isNull { return [] }
        guard document.mapping != nil else {
            findings.error(
                "wrong-type",
                "a document is a mapping with `apiVersion`, `kind`, `metadata` and `spec`, not "
                    + document.kindInWords, at: document.place)
            return []
        }
        guard let kind = kindText(of: document, &findings) else { return [] }
        guard kind.text == ManifestKind.list else {
            return object(document, kind, &findings).map { [$0] } ?? []
        }
        return items(of: document, &findings)
    }

    private func kindText(of document: Node, _ findings: inout Findings) -> (text: String, place: Place)? {
        guard let entry = document.mapping?.entry("kind") else {
            let known = ManifestKind.allCases.map(\.rawValue).joined(separator: ", ")
            findings.error(
                "missing-field", "`kind` is missing, so this is no manifest",
                at: document.mapping?.entries.first?.keyPlace ?? document.place,
                help: "one of \(known), List; files that are no manifests belong outside the workspace's `manifests`")
            return nil
        }
        guard let scalar = entry.value.scalar, scalar.resolved == .text else {
            findings.error("wrong-type", "`kind` wants a word, not \(entry.value.kindInWords)", at: entry.value.place)
            return nil
        }
        return (scalar.text, entry.value.place)
    }

    private func object(
        _ document: Node, _ kind: (text: String, place: Place), _ findings: inout Findings
    ) -> RawObject? {
        guard let known = ManifestKind(rawValue: kind.text) else {
            let words = ManifestKind.allCases.map(\.rawValue) + [ManifestKind.list]
            let near = Suggestion.nearest(to: kind.text, among: words)
            findings.error(
                "unknown-kind", "there is no kind `\(kind.text)`", at: kind.place,
                help: near.map { "did you mean `\($0)`?" } ?? "one of \(words.joined(separator: ", "))")
            return nil
        }
        let name = document["metadata"]?["name"]?.scalar
        return RawObject(kind: known, name: name?.resolved == .text ? name?.text : nil, node: document)
    }

    private func items(of list: Node, _ findings: inout Findings) -> [RawObject] {
        var checker = ShapeChecker(kind: ManifestKind.list)
        checker.check(list, is: Shape.list, anchor: list.mapping?.entry("kind")?.keyPlace ?? list.place, &findings)
        let defaults = defaults(of: list, &findings)
        var objects: [RawObject] = []
        for item in list["items"]?.sequence ?? [] {
            guard item.mapping != nil else {
                findings.error("wrong-type", "an item is a document, not \(item.kindInWords)", at: item.place)
                continue
            }
            let merged = MergePatch.apply(item, to: defaults)
            guard let kind = kindText(of: merged, &findings) else { continue }
            guard kind.text != ManifestKind.list else {
                findings.error("unknown-kind", "a List cannot hold a List", at: kind.place)
                continue
            }
            if let object = object(merged, kind, &findings) { objects.append(object) }
        }
        return objects
    }

    /// What every item begins with: the list's `apiVersion`, then its `defaults`.
    private func defaults(of list: Node, _ findings: inout Findings) -> Node {
        var start = Mapping()
        if let version = list.mapping?.entry("apiVersion") { start.entries.append(version) }
        let base = Node(content: .mapping(start), place: list.place)
        guard let defaults = list["defaults"], !defaults.isNull else { return base }
        guard defaults.mapping != nil else {
            findings.error("wrong-type", "`defaults` wants a mapping, not \(defaults.kindInWords)", at: defaults.place)
            return base
        }
        return MergePatch.apply(defaults, to: base)
    }
}
