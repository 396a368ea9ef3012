/// What a manifest file may ask of this process at most. libyaml itself has no such limits.
struct Limits: Sendable {
    /// Bytes of one file.
    var bytes = 64 << 20
    /// Nesting of lists and mappings.
    var depth = 100
    /// Nodes of one file, counting what aliases repeat.
    var nodes = 1_000_000
    /// Aliases expanded in one file.
    var aliases = 100_000
}

/// Why a file could not be turned into documents.
struct SyntaxProblem: Error {
    var code: String
    var message: String
    var place: Place
    var notes: [(String, Place)] = []
    var help: String?
}
