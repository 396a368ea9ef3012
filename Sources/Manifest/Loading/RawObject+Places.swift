extension RawObject {
    /// The place of a field, or of its nearest ancestor that is there.
    func place(of path: String) -> Place {
        var current = node
        var found: Place?
        for step in Self.steps(of: path) {
            switch step {
            case .key(let key):
                guard let entry = current.mapping?.entry(key) else { return found ?? namePlace }
                found = entry.value.mapping == nil && entry.value.sequence == nil ? entry.value.place : entry.keyPlace
                current = entry.value
            case .index(let index):
                guard let items = current.sequence, items.indices.contains(index) else { return found ?? namePlace }
                found = items[index].place
                current = items[index]
            }
        }
        return found ?? namePlace
    }

    /// The place of the key of an entry, as in `spec.configs`, `retention.ms`: keys of entries may contain dots.
    func keyPlace(_ key: String, in path: String) -> Place {
        value(at: path)?.mapping?.entry(key)?.keyPlace ?? place(of: path)
    }

    /// The place of the value of an entry whose key may contain dots.
    func valuePlace(_ key: String, in path: String) -> Place {
        value(at: path)?.mapping?.entry(key)?.value.place ?? place(of: path)
    }

    private func value(at path: String) -> Node? {
        Self.steps(of: path).reduce(node) { current, step in
            switch step {
            case .key(let key): current?[key]
            case .index(let index): current?.sequence.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            }
        }
    }

    private enum Step {
        case key(String)
        case index(Int)
    }

    private static func steps(of path: String) -> [Step] {
        path.split(separator: ".").flatMap { part -> [Step] in
            let pieces = part.split(separator: "[")
            let indices = pieces.dropFirst().compactMap { Int($0.dropLast()) }.map(Step.index)
            return (part.hasPrefix("[") ? [] : pieces.prefix(1).map { Step.key(String($0)) }) + indices
        }
    }
}
