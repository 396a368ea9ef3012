/// A file below the workspace's folder.
package struct FilePlace: StorePlace {
    /// Format of a published file.
    package enum Format: String, Hashable, Sendable, Codable, CaseIterable {
        case properties = "Properties"
        case json = "JSON"
        case yaml = "YAML"
        case dotenv = "Dotenv"
    }

    package static let word = "file"
    package static let label = "file"
    package static let system: String? = nil

    /// Relative to the workspace file.
    package let path: String
    /// How it is written.
    package let fileFormat: Format
    package let contents: PublishedContents

    package init(path: String, format: Format, contents: PublishedContents) {
        self.path = path
        self.fileFormat = format
        self.contents = contents
    }

    package init?(fields: [String: String]) {
        guard let path = fields["path"], let format = fields.word("format", or: Format.properties),
            let contents = fields.word("contents", or: PublishedContents.properties)
        else { return nil }
        self.init(path: path, format: format, contents: contents)
    }

    package var fields: [String: String] {
        ["path": path, "format": fileFormat.rawValue, "contents": contents.rawValue]
    }
    package var location: String { path }
    package var identity: String { path.normalizedPath }
    package var format: String? { fileFormat.rawValue }
    package var target: PublishTarget { .file(self) }
}
