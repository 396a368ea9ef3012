import Execution
import FoundationEssentials
import TextForms

extension HTTPEndpoint {
    /// Sends a call and decodes its answer.
    package func send<Value: Decodable & Sendable>(
        _ call: HTTPCall, as type: Value.Type
    ) async throws(TransportFailure) -> Value {
        let reply = try await collect(call)
        do {
            let value = try JSONDecoder(knowing: transport.secrets).decode(type, from: Data(reply.body))
            watch?.progressed()
            return value
        } catch {
            let failure = failure(cause(of: error, in: reply, isQuoted: !call.holdsSecrets), call)
            watch?.complained(failure)
            throw failure
        }
    }

    /// Words of the service as they may be told.
    package func clean(_ text: String) -> String { transport.secrets.clean(text) }

    /// Reads one JSON document.
    package func get<Value: Decodable & Sendable>(
        _ path: RequestPath, as type: Value.Type
    ) async throws(TransportFailure) -> Value {
        try await send(HTTPCall(.get, path), as: type)
    }

    private func cause(
        of error: any Error, in reply: Reply, isQuoted: Bool
    ) -> TransportFailure.Cause {
        let start = reply.body.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        guard let start else { return .malformed("the body is empty") }
        if let found = Self.mismatch(error, in: start) { return .malformed(found) }
        if start != UInt8(ascii: "{") && start != UInt8(ascii: "[") {
            let excerpt = ServiceError.excerpt(of: reply.body, transport.secrets.clean)
            return .notJSON(mediaType: reply.head.mediaType, excerpt: isQuoted ? excerpt : "")
        }
        return .malformed(Self.words(for: error))
    }

    /// What stands there in place of what belongs there, where it is the whole document; `nil` when it is none, or only
    /// a part of it is wrong.
    private static func mismatch(_ error: any Error, in start: UInt8) -> String? {
        let wanted: Any.Type
        switch error {
        case DecodingError.typeMismatch(let type, let context) where context.codingPath.isEmpty: wanted = type
        case DecodingError.valueNotFound(let type, let context) where context.codingPath.isEmpty: wanted = type
        default: return nil
        }
        let found =
            switch start {
            case UInt8(ascii: "{"): "an object"
            case UInt8(ascii: "["): "a list"
            case UInt8(ascii: "\""): "text"
            case UInt8(ascii: "n"): "null"
            case UInt8(ascii: "t"), UInt8(ascii: "f"): "true or false"
            default: "a number"
            }
        return "\(found) where \(wanted == [Any].self ? "a list" : "an object") belongs"
    }

    private static func words(for error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(type(of: error))" }
        switch error {
        case .keyNotFound(let key, let context): return "\(path(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "\(path(context.codingPath)) has another type"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty ? "it does not parse" : "\(path(context.codingPath)) is not valid"
        @unknown default: return "it does not decode"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}

extension HTTPCall {
    /// The call with a JSON body; keys are sorted, so that equal bodies are equal bytes.
    package func json(
        _ value: some Encodable, mediaType: String = "application/json"
    ) throws(BodyNotEncodable) -> HTTPCall {
        do {
            var copy = self
            copy.body = Body(Array(try SortedJSON.data(value)), mediaType: mediaType)
            return copy
        } catch {
            throw BodyNotEncodable()
        }
    }

    /// A value that has no JSON form: a number that is not finite.
    package struct BodyNotEncodable: Error {}
}
