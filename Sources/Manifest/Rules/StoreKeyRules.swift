import Domain

/// What a store cannot take: names and keys that it refuses when it is written, told before.
struct StoreKeyRules {
    let binding: ClientBindingSpec
    let object: RawObject
    /// Path of the target: `spec.publish[0]`.
    let path: String

    /// A path of slashes alone is the root of the store, where everybody's keys lie.
    func checkPath(_ place: String, _ field: String, _ findings: inout Findings) {
        guard place.allSatisfy({ $0 == "/" }) else { return }
        findings.error(
            "out-of-range", "`\(place)` is the root of the store", at: object.place(of: "\(path).\(field)"),
            help: "name a place of the binding's own, like `apps/\(object.name ?? "shop")`")
    }

    func checkName(
        _ name: String, _ field: String, _ fits: (String) -> Bool, _ what: String, _ findings: inout Findings
    ) {
        guard !fits(name) else { return }
        findings.error(
            "impossible-name", "`\(name)` cannot be the name of \(what)", at: object.place(of: "\(path).\(field)"),
            help: "the store would refuse it; choose a name of letters, digits and `-`")
    }

    func checkKeys(
        _ contents: PublishedContents, in what: String, _ fits: (String) -> Bool, _ findings: inout Findings
    ) {
        if contents.includesProperties {
            checkKeys(binding.properties.keys, of: "properties", in: what, fits, &findings)
        }
        if contents.includesSecrets { checkKeys(binding.secrets.keys, of: "secrets", in: what, fits, &findings) }
    }

    private func checkKeys(
        _ keys: some Sequence<String>, of field: String, in what: String, _ fits: (String) -> Bool,
        _ findings: inout Findings
    ) {
        for key in keys.sorted() where !fits(key) {
            findings.error(
                "impossible-key", "the key `\(key)` cannot be written to \(what)",
                at: object.keyPlace(key, in: "spec.\(field)"),
                notes: [("the store is here", object.place(of: path))],
                help: "rename the key, or publish it to a store that takes it")
        }
    }
}

extension StoreKeyRules {
    static func isLowercase(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Whether a text is letters, digits and some other characters.
    static func isAlphanumeric(_ text: String, or others: String) -> Bool {
        text.utf8.allSatisfy {
            isLowercase($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || others.utf8.contains($0)
        }
    }
}

extension ClientBindingSpec {
    /// Keys of the values that go into a store.
    func keys(of contents: PublishedContents) -> [String] {
        (contents.includesProperties ? Array(properties.keys) : [])
            + (contents.includesSecrets ? Array(secrets.keys) : [])
    }
}
