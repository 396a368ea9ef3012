import Domain
import TestSupport
import Testing
import Transport

/// How answers of every kind are read.
@Suite struct AnswersTests {
    private struct Named: Decodable, Sendable, Equatable {
        let name: String
    }

    private func failure(
        _ answer: LocalServer.Answer, secrets: [Secret] = []
    ) async throws -> TransportFailure? {
        try await LocalServer.with({ _, _ in answer }) { server in
            var settings = HTTPTransport.Settings()
            settings.retries = .never
            settings.largestBody = 1000
            return try await withTransport(settings) { transport in
                let endpoint = try #require(
                    HTTPEndpoint(
                        server.url, transport: transport,
                        authorization: .basic(user: Secret("key-id"), password: Secret("s3cr3t\"x"))))
                var call = HTTPCall(.get, "/thing")
                call.secrets = secrets
                do throws(TransportFailure) {
                    _ = try await endpoint.send(call, as: Named.self)
                    return nil
                } catch {
                    return error
                }
            }
        }
    }

    @Test("The error of each API is read: code and message")
    func envelopes() async throws {
        let kafka = try await failure(.json(#"{"error_code":40002,"message":"Topic exists"}"#, status: 400))
        #expect(kafka?.cause == .status(400, code: "40002", message: "Topic exists"))
        let control = try await failure(
            .json(
                #"{"errors":[{"id":"x","status":"404","code":"resource_not_found","detail":"no env"},{"detail":"b"}]}"#,
                status: 404))
        #expect(control?.cause == .status(404, code: "resource_not_found", message: "no env; b"))
        let kubernetes = try await failure(
            .json(
                #"{"kind":"Status","message":"x not found","reason":"NotFound","details":{"name":"x"},"code":404}"#,
                status: 404))
        #expect(kubernetes?.cause == .status(404, code: "NotFound", message: "x not found"))
        let conflict = try await failure(
            .json(
                #"{"message":"1 conflict","reason":"Conflict","details":{"causes":[{"reason":"FieldManagerConflict"}]}}"#,
                status: 409))
        #expect(conflict?.cause == .status(409, code: "FieldManagerConflict", message: "1 conflict"))
        let denied = try await failure(.html("<html><body><h2>HTTP ERROR 401</h2></body></html>", status: 401))
        #expect(denied?.cause == .denied(status: 401, code: nil, message: "HTTP ERROR 401"))
        let empty = try await failure(LocalServer.Answer(status: 503, headers: [:], body: ""))
        #expect(empty?.cause == .status(503, code: nil, message: ""))
        #expect(empty?.reason == "HTTP 503")
    }

    @Test("A success that is not of the API is told apart: HTML, text, nothing, cut, another shape, too large")
    func notOfTheAPI() async throws {
        #expect(
            try await failure(.html("<p>Welcome  to\n nginx</p>"))?.cause
                == .notJSON(mediaType: "text/html", excerpt: "Welcome to nginx"))
        #expect(
            try await failure(LocalServer.Answer(headers: [:], body: "hello"))?.cause
                == .notJSON(mediaType: "", excerpt: "hello"))
        #expect(try await failure(.json(""))?.cause == .malformed("the body is empty"))
        #expect(try await failure(.json(#"{"name":"#))?.cause == .malformed("it does not parse"))
        #expect(try await failure(.json(#"{"title":"x"}"#))?.cause == .malformed("name is missing"))
        #expect(try await failure(.json(#"{"name":7}"#))?.cause == .malformed("name has another type"))
        #expect(try await failure(.json("null"))?.cause == .malformed("null where an object belongs"))
        #expect(try await failure(.json("7"))?.cause == .malformed("a number where an object belongs"))
        #expect(try await failure(.json(#""s""#))?.cause == .malformed("text where an object belongs"))
        #expect(try await failure(.json("[]"))?.cause == .malformed("a list where an object belongs"))
        let large = #"{"name":"\#(String(repeating: "a", count: 2000))"}"#
        #expect(try await failure(.json(large))?.cause == .tooLarge(limit: 1000))
        #expect(try await failure(.json(#"{"name":"x"}"#)) == nil)
    }

    @Test("Secrets that a service repeats in its message are removed, in plain and in escaped form")
    func redaction() async throws {
        let message = #"{"error_code":40002,"message":"bad value password='hunter22' for key-id:s3cr3t\"x"}"#
        let failure = try await failure(.json(message, status: 400), secrets: [Secret("hunter22")])
        #expect(failure?.message == "bad value password='<redacted>' for <redacted>:<redacted>")
        #expect(!"\(String(describing: failure))".contains("hunter22"))
    }

    @Test("What a failure says about an endpoint")
    func reach() {
        func silence(_ cause: TransportFailure.Cause) -> String? {
            Reach<Int>(TransportFailure(cause, endpoint: "https://e", call: "GET /x")).silence
        }
        #expect(silence(.unreachable("connection refused")) == "unreachable: GET https://e/x: connection refused")
        #expect(silence(.timeout("no answer within 10s")) == "unreachable: GET https://e/x: no answer within 10s")
        #expect(
            silence(.denied(status: 403, code: "40301", message: "no"))
                == "denied: GET https://e/x: HTTP 403 (40301): no")
        #expect(silence(.status(503, code: nil, message: "")) == "broken: GET https://e/x: HTTP 503")
        #expect(silence(.malformed("x is missing"))?.hasPrefix("broken: GET https://e/x: ") == true)
        #expect(
            silence(.status(429, code: nil, message: "")) == "throttled: GET https://e/x: it throttles, HTTP 429")
    }
}
