import TextForms
import Transport

/// The way through a list that comes in pages: every page once, and never another server than the one that was asked.
struct PageTrail: Sendable {
    private let first: RequestPath
    private var seen: Set<RequestPath>

    init(from first: RequestPath) {
        self.first = first
        seen = [first]
    }

    /// The page after one that says `next`: the list that was asked for, with what `next` adds to its query; `nil` at the
    /// end.
    ///
    /// - Throws: When `next` leads nowhere or in a circle: leaving out pages would read as "does not exist".
    mutating func page(after next: String?) throws(JSONFault) -> RequestPath? {
        guard let next, !next.isEmpty else { return nil }
        var page = first
        for item in next.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = Self.decoded(parts[0]), let value = Self.decoded(parts[1])
            else { throw .malformed("metadata.next is no URL") }
            if !value.isEmpty, !first.queries(name) { page = page.querying(name, value) }
        }
        guard page != first else { throw .malformed("metadata.next names no other page") }
        guard seen.insert(page).inserted else { throw .malformed("metadata.next leads in a circle") }
        return page
    }

    private static func decoded(_ text: Substring) -> String? {
        PercentEncoding.decoded(text, plus: " ").flatMap { String(validating: $0, as: UTF8.self) }
    }
}

extension HTTPEndpoint {
    /// All rows of a list, page by page.
    func rows<Collector: RowCollector>(
        _ path: RequestPath, _ collector: Collector
    ) async throws(TransportFailure) -> Collector {
        var collector = collector
        try await pages(from: path) { page throws(TransportFailure) in
            let filled = collector
            let reader = try await stream(HTTPCall(.get, page)) { JSONListReader(filled) }.sink
            collector = reader.collector
            return reader.next
        }
        return collector
    }

    /// All items of a list, page by page.
    func items<Item: Decodable & Sendable>(
        _ path: RequestPath, of type: Item.Type
    ) async throws(TransportFailure) -> [Item] {
        var items: [Item] = []
        try await pages(from: path) { page throws(TransportFailure) in
            let answer = try await get(page, as: ListPage<Item>.self)
            items += answer.data
            return answer.metadata?.next
        }
        return items
    }

    private func pages(
        from first: RequestPath, _ read: (RequestPath) async throws(TransportFailure) -> String?
    ) async throws(TransportFailure) {
        var trail = PageTrail(from: first)
        var page: RequestPath? = first
        while let current = page {
            let next = try await read(current)
            do throws(JSONFault) {
                page = try trail.page(after: next)
            } catch {
                throw failure(.malformed(error.description), HTTPCall(.get, current))
            }
        }
    }
}

/// A page of a list, of the control plane or of a cluster. One without `data` is none: it does not say that there is
/// nothing.
struct ListPage<Item: Decodable & Sendable>: Decodable, Sendable {
    struct Metadata: Decodable, Sendable {
        let next: String?
    }

    let metadata: Metadata?
    let data: [Item]
}

/// A row of a list that is read as far as it can be: one that cannot hides only itself.
struct LenientRow<Item: Decodable & Sendable>: Decodable, Sendable {
    /// `nil` = it cannot be read.
    let item: Item?

    init(from decoder: any Decoder) throws {
        item = try? Item(from: decoder)
    }
}
