import Domain

/// Reads values out of a mapping that was checked: what is absent or has another form reads as `nil`.
struct Fields {
    let mapping: Mapping?

    init(_ node: Node?) {
        self.mapping = node?.mapping
    }

    subscript(key: String) -> Fields { Fields(mapping?[key]) }

    var isPresent: Bool { mapping != nil }

    func node(_ key: String) -> Node? { mapping?[key] }

    func text(_ key: String) -> String? { mapping?[key]?.scalar?.text }

    func boolean(_ key: String) -> Bool? {
        if case .boolean(let value) = mapping?[key]?.scalar?.resolved { value } else { nil }
    }

    func integer(_ key: String) -> Int? {
        mapping?[key].flatMap(Self.integer)
    }

    static func integer(_ node: Node) -> Int? {
        if case .integer(let value) = node.scalar?.resolved { value } else { nil }
    }

    func duration(_ key: String) -> Duration? {
        text(key).flatMap { Duration(manifest: $0) }
    }

    func word<Word: RawRepresentable<String>>(_ key: String) -> Word? {
        text(key).flatMap(Word.init(rawValue:))
    }

    func texts(_ key: String) -> [String]? {
        mapping?[key]?.sequence?.compactMap(\.scalar?.text)
    }

    func map(_ key: String) -> [String: String]? {
        guard let entries = mapping?[key]?.mapping?.entries else { return nil }
        return Dictionary(entries.compactMap { entry in entry.value.scalar.map { (entry.key, $0.text) } }) { $1 }
    }

    func secret(_ key: String) -> SecretReference? {
        mapping?[key].flatMap(SecretReference.init(decoding:))
    }

    func tls(_ key: String) -> TLSSpec? {
        self[key].isPresent ? TLSSpec(decoding: self[key]) : nil
    }

    func credentials(_ key: String) -> Credentials? {
        self[key].isPresent ? Credentials(decoding: self[key]) : nil
    }
}
