import Domain

/// Text of a published file: values can be read and set by key, everything else stays as it is.
protocol PublishedDocument: Sendable, CustomStringConvertible {
    /// The value of a key; `nil` when it is not there.
    func value(for key: String) -> String?
    /// Sets a key, in place when it is there and at the end otherwise.
    mutating func set(_ key: String, to value: String)
    /// Removes a key wherever it stands.
    mutating func remove(_ key: String)
    /// What is kept beside the data for a binding; `nil` when there is nothing, or the format has no place for it.
    func bookkeeping(of binding: String) -> StoreSnapshot.Bookkeeping?
    /// Keeps it beside the data, where the format has a place for it.
    mutating func set(_ bookkeeping: StoreSnapshot.Bookkeeping, of binding: String)
    /// Removes what is kept for a binding.
    mutating func removeBookkeeping(of binding: String)
    /// Whether nothing is in it, not even a comment.
    var isBlank: Bool { get }
    /// The whole text.
    var text: String { get }
}

extension PublishedDocument {
    /// Removes keys of a binding with its bookkeeping.
    mutating func remove(_ keys: some Sequence<String>, of binding: String) {
        for key in keys { remove(key) }
        removeBookkeeping(of: binding)
    }

    /// Says nothing of the content, which may hold secrets.
    var description: String { "<published document>" }
}

/// Why a file cannot be edited without risk to what others keep in it. Names places, never content.
struct UneditableFile: Error, Hashable, Sendable {
    /// To stand behind the name of the file: "line 3 is not one key and its value".
    let reason: String

    /// A reason that is about the whole file.
    init(_ reason: String) {
        self.reason = reason
    }

    /// A reason that is about a line, from 1.
    init(line: Int, _ reason: String) {
        self.reason = "line \(line) \(reason)"
    }
}

extension FilePlace.Format {
    /// Reads a file of this format.
    func document(of text: String) throws(UneditableFile) -> any PublishedDocument {
        switch self {
        case .properties: try LineDocument(text, syntax: PropertiesSyntax())
        case .yaml: try LineDocument(text, syntax: FlatYAMLSyntax())
        case .dotenv: try LineDocument(text, syntax: DotenvSyntax())
        case .json: try JSONDocument(text)
        }
    }

    /// Whether bookkeeping stands in the file itself, as a comment.
    var hasComments: Bool { self != .json }

    func name(of key: String) -> String {
        switch self {
        case .properties, .yaml, .json: key
        case .dotenv: DotenvSyntax().name(of: key)
        }
    }
}
