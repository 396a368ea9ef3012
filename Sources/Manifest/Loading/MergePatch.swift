/// RFC 7386 on nodes: mappings merge, everything else replaces, `null` removes. Every node keeps the place of the file
/// it came from.
enum MergePatch {
    static func apply(_ patch: Node, to target: Node?) -> Node {
        guard case .mapping(let changes) = patch.content else { return patch }
        var result = target?.mapping ?? Mapping()
        for change in changes.entries {
            let index = result.index(of: change.key)
            if change.value.isNull {
                if let index { result.entries.remove(at: index) }
                continue
            }
            var entry = change
            entry.value = apply(change.value, to: index.map { result.entries[$0].value })
            if let index {
                result.entries[index] = entry
            } else {
                result.entries.append(entry)
            }
        }
        return Node(content: .mapping(result), place: patch.place)
    }
}
