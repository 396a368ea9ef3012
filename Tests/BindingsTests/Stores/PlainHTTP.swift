import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// How somebody else reads and writes a store: plain calls, without any code of Spillway.
struct PlainHTTP: Sendable {
    let base: String
    var headers: [String: String] = [:]

    /// The admin API of a simulator.
    static func simulator(_ admin: String) -> PlainHTTP { PlainHTTP(base: admin) }

    /// Sends a request; any status but 2xx, and the one that is allowed, fails the test.
    @discardableResult
    func send(_ method: String, _ path: String, _ body: String?, allowing: Int? = nil) async throws -> Data {
        var request = HTTPClientRequest(url: "\(base)/\(path)")
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 16 << 20)
        let status = Int(response.status.code)
        if status == allowing { return Data() }
        try #require((200..<300).contains(status), "\(method) \(path): \(status) \(String(buffer: bytes))")
        return Data(bytes.readableBytesView)
    }

    /// Reads text; none where the status is the one that is allowed.
    func text(_ method: String, _ path: String, allowing: Int? = nil) async throws -> String {
        String(decoding: try await send(method, path, nil, allowing: allowing), as: UTF8.self)
    }

    /// Reads JSON; `null` where the status is the one that is allowed.
    func json(
        _ method: String, _ path: String, _ body: String? = nil, allowing: Int? = nil
    ) async throws -> PlainJSON {
        let data = try await send(method, path, body, allowing: allowing)
        return data.isEmpty ? .null : try JSONDecoder().decode(PlainJSON.self, from: data)
    }
}

/// Any JSON.
enum PlainJSON: Decodable, Sendable, Equatable {
    case null
    case text(String)
    case other
    case list([PlainJSON])
    case object([String: PlainJSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let items = try? container.decode([PlainJSON].self) {
            self = .list(items)
        } else if let members = try? container.decode([String: PlainJSON].self) {
            self = .object(members)
        } else {
            self = .other
        }
    }

    subscript(name: String) -> PlainJSON {
        if case .object(let members) = self { members[name] ?? .null } else { .null }
    }

    var string: String? { if case .text(let text) = self { text } else { nil } }
    var array: [PlainJSON] { if case .list(let items) = self { items } else { [] } }
    /// The text behind Base64.
    var base64: String? {
        string.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
    }
}
