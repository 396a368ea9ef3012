import Domain
import Foundation
import Logging
import Transport

/// Plain calls with a bearer token, whatever they are answered.
enum BearerHTTP {
    /// Closed with the process.
    private static let transport = HTTPTransport(settings: HTTPTransport.Settings(), logger: Logger(label: "tests"))

    /// Sends one request, once.
    static func send(
        _ method: String, _ url: String, _ body: String?, mediaType: String, bearer: String
    ) async throws -> (status: Int, body: Data) {
        let parts = url.split(separator: "?", maxSplits: 1)
        guard
            var endpoint = HTTPEndpoint(String(parts[0]), transport: transport, authorization: .bearer(Secret(bearer))),
            let method = HTTPCall.Method(rawValue: method)
        else { throw URLError(.badURL) }
        endpoint.retries = .never
        var path: RequestPath = ""
        for item in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let sides = item.split(separator: "=", maxSplits: 1)
            path = path.querying(String(sides[0]), sides.count > 1 ? String(sides[1]) : "")
        }
        var call = HTTPCall(method, path)
        if let body { call.body = .init(Array(body.utf8), mediaType: mediaType) }
        do throws(TransportFailure) {
            let reply = try await endpoint.send(call)
            return (reply.head.status, Data(reply.body))
        } catch {
            guard let status = error.status else { throw error }
            return (status, Data())
        }
    }
}

/// Any JSON that a service answers.
enum AnyJSON: Decodable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([AnyJSON])
    case object([String: AnyJSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([AnyJSON].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: AnyJSON].self))
        }
    }

    subscript(key: String) -> AnyJSON { members[key] ?? .null }

    var members: [String: AnyJSON] { if case .object(let members) = self { members } else { [:] } }
    var string: String? { if case .text(let text) = self { text } else { nil } }
    var int: Int? { if case .number(let number) = self { Int(number) } else { nil } }
    var array: [AnyJSON] { if case .list(let items) = self { items } else { [] } }
}
