import Domain

extension Metadata {
    init?(decoding document: Node) {
        let fields = Fields(document["metadata"])
        guard let name = fields.text("name") else { return nil }
        self.init(name: name, labels: fields.map("labels") ?? [:], protect: fields.boolean("protect") ?? false)
    }
}

/// A spec that is read from a checked document; `nil` only where the checker reported why.
protocol ManifestDecodable {
    init?(decoding document: Node)
}
