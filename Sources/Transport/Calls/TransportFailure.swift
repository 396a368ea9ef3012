package import Domain

/// Why a call brought no usable answer. Holds no header, no body and no secret: only the service's own error message,
/// with the text of every secret in play removed.
package struct TransportFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    package enum Cause: Hashable, Sendable {
        /// No connection: refused, unknown host, TLS.
        case unreachable(String)
        /// The server is there, and the two sides do not accept each other: certificates, versions of TLS.
        case untrusted(String)
        /// No answer in time.
        case timeout(String)
        /// The connection broke before the whole answer was there.
        case interrupted(String)
        /// 401 or 403, with the service's code and message when it gave some.
        case denied(status: Int, code: String?, message: String)
        /// Any other status outside 2xx.
        case status(Int, code: String?, message: String)
        /// A success whose body is not JSON.
        case notJSON(mediaType: String, excerpt: String)
        /// JSON that is not of the API, or cut short.
        case malformed(String)
        /// What answers is not what the manifests name: another cluster, another organization.
        case identity(found: String, expected: String)
        /// More bytes than any answer of the API has.
        case tooLarge(limit: Int)
        /// A secret that signs the call does not resolve.
        case withoutCredentials(UnresolvedSecret)
        /// The task was cancelled.
        case cancelled
    }

    /// What went wrong.
    package let cause: Cause
    /// Base URL of the endpoint.
    package let endpoint: String
    /// Method and path, without the query.
    package let call: String
    /// Until when the service asks to be left alone, where that is longer than it could be waited for.
    package var quietUntil: Timestamp?

    package init(_ cause: Cause, endpoint: String, call: String) {
        self.cause = cause
        self.endpoint = endpoint
        self.call = call
    }

    /// HTTP status, when there was an answer with one outside 2xx.
    package var status: Int? {
        switch cause {
        case .denied(let status, _, _), .status(let status, _, _): status
        default: nil
        }
    }

    /// The service's own error code: `40002`, `resource_not_found`.
    package var code: String? {
        switch cause {
        case .denied(_, let code, _), .status(_, let code, _): code
        default: nil
        }
    }

    /// The service's own message; empty when it gave none.
    package var message: String {
        switch cause {
        case .denied(_, _, let message), .status(_, _, let message): message
        default: ""
        }
    }

    /// Whether the call may have had its effect although there is no answer.
    package var mayHaveHappened: Bool {
        switch cause {
        case .timeout, .interrupted, .malformed, .tooLarge, .notJSON: true
        case .status(let status, _, _): status >= 500
        case .unreachable, .untrusted, .denied, .identity, .withoutCredentials, .cancelled: false
        }
    }

    /// Whether the same call can be expected to succeed later without anything being repaired.
    package var isTransient: Bool {
        switch cause {
        case .unreachable, .timeout, .interrupted: true
        case .status(let status, _, _): status == 429 || status == 408 || (status >= 500 && status != 501)
        case .untrusted, .denied, .notJSON, .malformed, .identity, .tooLarge, .withoutCredentials, .cancelled: false
        }
    }

    /// What went wrong, in one line.
    package var reason: String {
        guard let quietUntil else { return words }
        return "\(words); it asks to be left alone until \(quietUntil.rfc3339InSeconds)"
    }

    private var words: String {
        switch cause {
        case .unreachable(let reason), .untrusted(let reason), .timeout(let reason), .interrupted(let reason): reason
        case .denied(let status, let code, let message), .status(let status, let code, let message):
            Self.words(status: status, code: code, message: message)
        case .notJSON(let mediaType, let excerpt):
            "answered \(mediaType.isEmpty ? "no JSON" : mediaType) instead of JSON"
                + (excerpt.isEmpty ? "" : ": \"\(excerpt)\"")
        case .malformed(let what): "answered JSON that is not of the API: \(what)"
        case .identity(let found, let expected): "what answers is \(found), not \(expected)"
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .withoutCredentials(let unresolved): unresolved.reason
        case .cancelled: "interrupted"
        }
    }

    /// The call, when one was sent, and what went wrong.
    package var description: String { call.contains("/") ? "\(call): \(reason)" : reason }

    /// Endpoint, call and what went wrong: `GET https://west.example/kafka/v3/clusters: HTTP 503`.
    package var sentence: String {
        let parts = call.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[1].first == "/" else { return "\(endpoint): \(reason)" }
        return "\(parts[0]) \(endpoint)\(parts[1]): \(reason)"
    }

    private static func words(status: Int, code: String?, message: String) -> String {
        var text = status == 429 ? "it throttles, HTTP 429" : "HTTP \(status)"
        if let code, code != String(status) { text += " (\(code))" }
        if !message.isEmpty { text += ": \(message)" }
        return text
    }
}

extension Reach {
    /// What an endpoint's failure says about it.
    package init(_ failure: TransportFailure) {
        switch failure.cause {
        case .unreachable, .timeout, .interrupted: self = .unreachable(reason: failure.sentence)
        case .cancelled: self = .unreachable(reason: failure.reason)
        case .denied: self = .denied(reason: failure.sentence)
        case .status(429, _, _): self = .throttled(reason: failure.sentence)
        case .status, .notJSON, .malformed, .tooLarge: self = .broken(reason: failure.sentence)
        case .untrusted: self = .wrong(reason: failure.sentence)
        case .identity(let found, let expected): self = .stranger(found: found, expected: expected)
        case .withoutCredentials(let unresolved): self = .withoutCredentials(unresolved)
        }
    }
}
