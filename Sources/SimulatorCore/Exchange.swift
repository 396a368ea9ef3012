/// One HTTP request as the models see it: no sockets, no framework types.
package struct Request: Sendable {
    /// Upper-case method: `GET`, `POST`, ….
    package var method: String
    /// Path segments, percent-decoded one by one, so that `%2F` inside a name stays inside its segment.
    package var path: [String]
    /// Whether the path ends with a slash: to a key-value store `apps/` is another key than `apps`.
    package var endsInSlash = false
    /// Query items in order; a key without `=` has an empty value.
    package var query: [(name: String, value: String)]
    /// Header fields with lower-case names.
    package var headers: [String: String]
    /// The whole body; empty when there is none.
    package var body: [UInt8]

    package init(
        method: String, path: [String], endsInSlash: Bool = false, query: [(name: String, value: String)],
        headers: [String: String], body: [UInt8]
    ) {
        self.method = method
        self.path = path
        self.endsInSlash = endsInSlash
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The first value of a query item.
    package func query(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    /// Whether a boolean query item is `true`, in capitals or not: Python's clients send `True`.
    package func flag(_ name: String) -> Bool {
        query(name)?.lowercased() == "true"
    }
}

/// One HTTP response as the models produce it.
package struct Response: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8] = []
    /// What follows the body, made as it is sent, so that a very long list is never held as text.
    package var rest: BodyPieces?
    /// Whose news follow for as long as the connection is open, when this answers a watch.
    package var watch: (any Watch)?
    /// Gives the news of ``watch``.
    package var news: (@Sendable (any Watch) async -> (lines: [UInt8], next: (any Watch)?))?

    package init(
        status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = [], rest: BodyPieces? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.rest = rest
    }

    /// The same response with everything in its body.
    package var gathered: Response {
        guard let rest else { return self }
        var gathered = self
        gathered.rest = nil
        for index in 0..<rest.count { gathered.body += rest.make(index) }
        return gathered
    }
}

/// The pieces of a long body. They are of one moment, however late they are made.
package struct BodyPieces: Sendable {
    package let count: Int
    package let make: @Sendable (Int) -> [UInt8]

    package init(count: Int, make: @escaping @Sendable (Int) -> [UInt8]) {
        self.count = count
        self.make = make
    }
}

/// Where somebody who watches has come to; what that is made of knows only who answered.
package protocol Watch: Sendable {}
