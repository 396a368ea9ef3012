/// Documents of one kind as one document: what most of them share is said once.
struct ManifestList {
    private let documents: [Node]
    /// Of lines.
    static let width = 100

    init(_ documents: [Node]) {
        self.documents = documents
    }

    /// The document, as YAML: a List, or the only document there is; `nil` when there is none.
    var yaml: String? {
        guard let first = documents.first else { return nil }
        var head = NodeBuilder()
        head.set("apiVersion", "spillway/v1")
        guard documents.count > 1 else {
            for entry in first.mapping?.entries ?? [] { head.set(entry.key, entry.value) }
            return YAMLPrinter.print(head.node, width: Self.width)
        }
        let shared = Self.shared(by: documents)
        head.set("kind", "List")
        head.set("defaults", shared)
        let items = documents.map { "  - " + YAMLPrinter.flow(Self.without(shared, $0) ?? NodeBuilder().node) + "\n" }
        return YAMLPrinter.print(head.node, width: Self.width) + "items:\n" + items.joined()
    }

    /// What a default can say for all of them: of mappings the entries that all have, of other values the one that most
    /// have. An item says what is different in it; it can take nothing away.
    private static func shared(by nodes: [Node]) -> Node? {
        let mappings = nodes.compactMap(\.mapping)
        guard mappings.count == nodes.count else { return mostFrequent(nodes) }
        var shared = NodeBuilder()
        for key in mappings.first?.entries.map(\.key) ?? [] {
            let values = mappings.compactMap { $0[key] }
            guard values.count == mappings.count, key != "metadata" else { continue }
            shared.set(key, Self.shared(by: values))
        }
        return shared.nodeIfAny
    }

    private static func mostFrequent(_ nodes: [Node]) -> Node? {
        let counts = Dictionary(grouping: nodes, by: \.signature)
        guard let most = counts.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) })?.value else {
            return nil
        }
        return most.count * 2 > nodes.count ? most.first : nil
    }

    /// What a document says beside the defaults; `nil` = nothing.
    private static func without(_ shared: Node?, _ node: Node) -> Node? {
        guard let shared, node.signature != shared.signature else { return shared == nil ? node : nil }
        guard let common = shared.mapping, let own = node.mapping else { return node }
        var rest = NodeBuilder()
        for entry in own.entries { rest.set(entry.key, without(common[entry.key], entry.value)) }
        return rest.nodeIfAny
    }
}
