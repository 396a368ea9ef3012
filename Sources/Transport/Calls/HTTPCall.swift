package import Domain

/// One request to an endpoint, without what the endpoint adds: base URL, authorization, deadlines.
package struct HTTPCall: Sendable {
    /// HTTP methods in use.
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// A body that is sent.
    package struct Body: Sendable {
        package let bytes: [UInt8]
        /// `Content-Type`.
        package let mediaType: String

        package init(_ bytes: [UInt8], mediaType: String) {
            self.bytes = bytes
            self.mediaType = mediaType
        }
    }

    package var method: Method
    /// Path and query.
    package var path: RequestPath
    /// Headers beside those of the endpoint.
    package var headers: [String: String] = [:]
    package var body: Body?
    /// Whether sending it twice has the effect of sending it once, so that a lost answer may be repeated. GET, PUT and
    /// DELETE are; a POST that answers "already exists" can be declared so.
    package var isRepeatable: Bool
    /// How it is known whether it changed something.
    package enum Effect: Hashable, Sendable {
        /// It changes nothing, whatever its method is: a query that is posted, a sign-in.
        case none
        /// Accepted is changed.
        case byStatus
        /// What it changed stands in its answer; who reads that tells ``Deeds``.
        case inAnswer
    }

    /// How it is known whether it changed something.
    package var effect: Effect
    /// Whether the answer may hold secrets: it is never quoted in a message, and is read whatever media type it claims.
    package var holdsSecrets = false
    /// Secrets in the body: their text is removed from messages of the service.
    package var secrets: [Secret] = []
    /// Statuses that are the answer that is asked for, whatever they mean elsewhere; `nil` = 2xx.
    package var expectedStatuses: Set<Int>?
    /// Whether only the status is of interest: the body of an expected answer is not read.
    package var ignoresBody = false

    package init(_ method: Method, _ path: RequestPath) {
        self.method = method
        self.path = path
        self.isRepeatable = method != .post && method != .patch
        self.effect = method == .get ? .none : .byStatus
    }

    /// The call with another way to know whether it changed something.
    package func having(_ effect: Effect) -> HTTPCall {
        var copy = self
        copy.effect = effect
        return copy
    }

    /// The call as one that may be sent again when its answer is lost.
    package func repeatable() -> HTTPCall {
        var copy = self
        copy.isRepeatable = true
        return copy
    }

    /// The call with one more header.
    package func header(_ name: String, _ value: String) -> HTTPCall {
        var copy = self
        copy.headers[name] = value
        return copy
    }
}

/// Status and headers of an answer.
package struct ReplyHead: Sendable {
    /// HTTP status.
    package let status: Int
    /// Headers by lower-case name; of several values the first.
    package let headers: [String: String]

    package init(status: Int, headers: [String: String]) {
        self.status = status
        self.headers = headers
    }

    /// `Content-Type` without parameters; empty when absent.
    package var mediaType: String {
        let value = headers["content-type", default: ""]
        return value.prefix { $0 != ";" }.trimmingSpaces().lowercased()
    }

    /// Whether the call was accepted.
    package var isSuccess: Bool { (200..<300).contains(status) }

    /// Whether the answer is what a call asks for.
    func answers(_ call: HTTPCall) -> Bool { call.expectedStatuses?.contains(status) ?? isSuccess }
}

extension StringProtocol {
    /// The text without white space at either end.
    package func trimmingSpaces() -> String {
        var slice = self[...]
        while let first = slice.first, first.isWhitespace { slice = slice.dropFirst() }
        while let last = slice.last, last.isWhitespace { slice = slice.dropLast() }
        return String(slice)
    }
}
