import TextForms

/// Path and query of a call, with every part percent-encoded.
///
/// Names of topics, links and subjects are segments: `:` and `%` and `/` in them must not be read as a verb, an escape
/// or a border.
package struct RequestPath: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    private var path: String
    /// Items of the query in their order, not encoded.
    private(set) var query: [Item]
    /// A query as somebody has written it, before the items.
    private var writtenQuery: String?

    struct Item: Hashable, Sendable {
        let name: String
        let value: String
    }

    /// A path of fixed segments, as written in the API's documentation: `/kafka/v3/clusters`.
    package init(_ fixed: StaticString) {
        self.path = "\(fixed)"
        self.query = []
    }

    package init(stringLiteral fixed: StaticString) {
        self.init(fixed)
    }

    /// The path with one more segment, which is encoded.
    package func appending(_ segment: String) -> RequestPath {
        var copy = self
        copy.path += "/" + PercentEncoding.encoded(segment)
        return copy
    }

    /// The path with fixed text behind it: `/topics`, `:pause`.
    package func with(_ fixed: StaticString) -> RequestPath {
        var copy = self
        copy.path += "\(fixed)"
        return copy
    }

    /// The path with one more query item, both parts encoded; without it when the value is `nil`.
    package func querying(_ name: String, _ value: String?) -> RequestPath {
        guard let value else { return self }
        var copy = self
        copy.query.append(Item(name: name, value: value))
        return copy
    }

    /// The path with the query that a URL of a manifest has, every character as it is written there.
    package func queryingAsWritten(in url: String) -> RequestPath {
        let url = url.prefix { $0 != "#" }
        guard let mark = url.firstIndex(of: "?") else { return self }
        var copy = self
        copy.writtenQuery = String(url[url.index(after: mark)...])
        return copy
    }

    /// Whether the query has an item of a name.
    package func queries(_ name: String) -> Bool {
        query.contains { $0.name == name }
    }

    /// Path and query as they go onto the wire.
    package var description: String {
        let items = query.map { "\(PercentEncoding.encoded($0.name))=\(PercentEncoding.encoded($0.value))" }
        let all = [writtenQuery].compactMap(\.self) + items
        return all.isEmpty ? path : path + "?" + all.joined(separator: "&")
    }

    /// The path without its query, for messages.
    package var withoutQuery: String { path }
}
