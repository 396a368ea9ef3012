import AsyncHTTPClient
package import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

/// How somebody else reads and writes a store: plain calls, without any code of Spillway.
package struct PlainHTTP: Sendable {
    package let base: String
    package var headers: [String: String] = [:]
    /// Whom a server with TLS has its certificate from.
    package var authority: String?

    /// Calls to a server.
    package init(base: String, headers: [String: String] = [:], authority: String? = nil) {
        (self.base, self.headers, self.authority) = (base, headers, authority)
    }

    /// The admin API of a simulator.
    package static func simulator(_ admin: String) -> PlainHTTP { PlainHTTP(base: admin) }

    /// Sends a request; any status but 2xx, and the one that is allowed, fails the test.
    @discardableResult
    package func send(_ method: String, _ path: String, _ body: String?, allowing: Int? = nil) async throws -> Data {
        var request = HTTPClientRequest(url: "\(base)/\(path)")
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let authority {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
            request.tlsConfiguration = tls
        }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 16 << 20)
        let status = Int(response.status.code)
        if status == allowing { return Data() }
        try #require((200..<300).contains(status), "\(method) \(path): \(status) \(String(buffer: bytes))")
        return Data(bytes.readableBytesView)
    }

    /// Reads text; none where the status is the one that is allowed.
    package func text(_ method: String, _ path: String, allowing: Int? = nil) async throws -> String {
        String(decoding: try await send(method, path, nil, allowing: allowing), as: UTF8.self)
    }

    /// Reads JSON; `null` where the status is the one that is allowed.
    package func json(
        _ method: String, _ path: String, _ body: String? = nil, allowing: Int? = nil
    ) async throws -> JSONValue {
        let data = try await send(method, path, body, allowing: allowing)
        return data.isEmpty ? .null : try JSONValue(parsing: data)
    }

    /// Sends one request with a bearer token, whatever it is answered.
    package static func send(
        _ method: String, _ url: String, _ body: String?, mediaType: String, bearer: String
    ) async throws -> (status: Int, body: Data) {
        var request = HTTPClientRequest(url: url)
        request.method = .init(rawValue: method)
        request.headers.add(name: "authorization", value: "Bearer \(bearer)")
        request.headers.add(name: "content-type", value: mediaType)
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 16 << 20)
        return (Int(response.status.code), Data(bytes.readableBytesView))
    }
}
