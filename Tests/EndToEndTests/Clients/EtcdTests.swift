import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@Suite("Endpoints in etcd", .enabled(if: EtcdServer.isInstalled, "etcd is not installed"))
struct EtcdTests {
    @Test("the binary publishes to a real etcd, sees drift there, and repairs it")
    func published() async throws {
        let server = try await EtcdServer.start()
        defer { server.stop() }
        try await Stage.with { stage in
            try stage.edit(
                "manifests/clients.yaml", "    - file: {path: out/reporting.json, format: JSON}\n",
                """
                    - etcd: {connection: etcd, key: /apps/reporting}
                ---
                apiVersion: spillway/v1
                kind: Connection
                metadata: {name: etcd}
                spec:
                  etcd: {endpoints: ["http://127.0.0.1:1", "\(server.url)"]}

                """)
            try await stage.apply()
            let document = try await document(at: server)
            #expect(document["bootstrap.servers"].string?.contains("us-west-2") == true, "\(document)")
            #expect(document.keys.count == 2, "nothing but the binding's own: \(document.keys)")

            let edited = #"{"bootstrap.servers": "elsewhere:9092", "theirs": "stays"}"#
            let put = #"{"key": "\#(base64("/apps/reporting"))", "value": "\#(base64(edited))"}"#
            try await call(server, "put", put)
            let plan = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(plan.code == 2, "\(plan.diagnostics)")
            #expect(plan.output.contains("elsewhere:9092"), "\(plan.output)")
            try await stage.apply()
            let repaired = try await self.document(at: server)
            #expect(repaired["bootstrap.servers"] == document["bootstrap.servers"])
            #expect(repaired["theirs"].string == "stays")
        }
    }

    private func document(at server: EtcdServer) async throws -> JSONValue {
        let answer = try await call(server, "range", #"{"key": "\#(base64("/apps/reporting"))"}"#)
        let value = try #require(answer["kvs"].array.first?["value"].string)
        return try JSONValue(parsing: try #require(Data(base64Encoded: value)))
    }

    /// A call without credentials, which etcd takes for a token.
    @discardableResult
    private func call(_ server: EtcdServer, _ operation: String, _ body: String) async throws -> JSONValue {
        var request = HTTPClientRequest(url: "\(server.url)/v3/kv/\(operation)")
        request.method = .POST
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 1 << 20)
        try #require(response.status == .ok, "\(operation): \(response.status) \(String(buffer: bytes))")
        return try JSONValue(parsing: Data(bytes.readableBytesView))
    }

    private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}
