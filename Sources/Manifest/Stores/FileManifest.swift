import Domain

extension FilePlace: ManifestPlace {
    static let manifestFields = [
        Field(
            "path", .path, .required, .replace,
            "File, replaced atomically, relative to the workspace file and below it."
        ),
        Field(
            "format", .enumeration(["Properties", "JSON", "YAML", "Dotenv"]), .value("Properties"), .yes,
            "Dotenv writes `bootstrap.servers` as `BOOTSTRAP_SERVERS`."),
        Field(
            "contents", .enumeration(["Properties", "Secrets", "All"]), .value("Properties"), .yes,
            "What goes in; anything but Properties makes the file 0600."),
    ]

    func check(_ rules: StoreKeyRules, _ findings: inout Findings) {
        guard fileFormat == .dotenv else { return }
        rules.checkKeys(contents, in: "Dotenv", Self.isVariable, &findings)
    }

    /// POSIX, *Environment variables*: a variable that a key becomes does not begin with a digit.
    private static func isVariable(_ key: String) -> Bool {
        guard let first = key.utf8.first else { return false }
        return !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) && key.utf8.allSatisfy { $0 < 0x80 }
    }
}
