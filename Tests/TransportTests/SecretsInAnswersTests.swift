import Domain
import Execution
import Synchronization
import TestSupport
import Testing

@testable import Transport

/// A server that repeats what it was sent brings no secret into what is told of it.
@Suite struct SecretsInAnswersTests {
    private static let key = "CANARYKEY1"
    private static let secret = "cAnArY+s3cr3t/Val&ue"
    /// `base64 <<< "CANARYKEY1:cAnArY+s3cr3t/Val&ue"`.
    private static let pair = "Q0FOQVJZS0VZMTpjQW5BclkrczNjcjN0L1ZhbCZ1ZQ"

    private struct Spoken: Decodable, Sendable {
        let words: ServiceText
    }

    private static func answers(_ word: String) -> [LocalServer.Answer] {
        let escaped = word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return [
            .json(#"{"error_code":40002,"message":"bad \#(escaped)"}"#, status: 400),
            .json(#"{"error_code":"\#(escaped)","message":"bad"}"#, status: 401),
            .json(#"{"errors":[{"code":"\#(escaped)","detail":"bad"}]}"#, status: 403),
            .json(#"{"errors":[{"code":"x","detail":"\#(escaped)"}]}"#, status: 500),
            .json(#"{"errors":["\#(escaped)"]}"#, status: 400),
            .json(#"{"error":"\#(escaped)","error_description":"\#(escaped)"}"#, status: 401),
            .json(#"{"message":"m","details":{"causes":[{"reason":"\#(escaped)"}]}}"#, status: 409),
            .json(#"{"__type":"a#\#(escaped)","Message":"\#(escaped)"}"#, status: 400),
            .html("<html><b>\(word)</b></html>", status: 502), .html("<html><b>\(word)</b></html>"),
            .html("<i>" + String(repeating: "x", count: 110) + " " + word + "</i>", status: 503),
            .json("\(word)"),
            LocalServer.Answer(
                status: 400, headers: ["content-type": "text/xml"],
                body: "<E><Code>\(word)</Code><Message>\(word)</Message></E>"),
            .json("{}", status: 302, headers: ["location": "https://other.example/\(word)?\(word)"]),
            LocalServer.Answer(headers: ["content-type": word], body: "hello"),
        ]
    }

    @Test(
        "Nowhere in a failure, its reach, or the log",
        arguments: [secret, pair, String(pair.prefix(20)), String(secret.prefix(14))])
    func failures(word: String) async throws {
        let known = KnownSecrets()
        for answer in Self.answers(word) {
            let failure = try await LocalServer.with({ _, _ in answer }) { server in
                var settings = HTTPTransport.Settings()
                settings.retries = .never
                let transport = HTTPTransport(settings: settings, secrets: known)
                let endpoint = try #require(
                    HTTPEndpoint(
                        server.url, transport: transport,
                        authorization: .basic(user: Secret(Self.key), password: Secret(Self.secret))))
                var failure: TransportFailure?
                do throws(TransportFailure) {
                    _ = try await endpoint.send(HTTPCall(.get, "/x"), as: Spoken.self)
                } catch {
                    failure = error
                }
                await transport.shutdown()
                return failure
            }
            let told = try #require(failure, "\(answer)")
            let all =
                "\(told.sentence) \(told.code ?? "") \(Reach<Int>(told).silence ?? "") \(StepFailure(told).message) \(told.cause)"
            for needle in [Self.secret, String(Self.secret.prefix(12)), Self.pair, String(Self.pair.prefix(20))] {
                #expect(!all.contains(needle), "\(answer): \(all)")
            }
        }
    }

    @Test("Where a service speaks freely in a useful answer, its words are cleaned as they are read")
    func words() async throws {
        let words = try await LocalServer.with({ _, seen in
            .json(#"{"words":"task failed for \#(seen.headers["authorization"] ?? "") \u202e\u001b[31m"}"#)
        }) { server in
            try await withTransport { transport in
                let endpoint = try #require(
                    HTTPEndpoint(
                        server.url, transport: transport,
                        authorization: .basic(user: Secret(Self.key), password: Secret(Self.secret))))
                return try await endpoint.send(HTTPCall(.get, "/x"), as: Spoken.self).words.text
            }
        }
        #expect(words == "task failed for Basic <redacted> [31m")
    }

    @Test("A token that was fetched is as secret as what it was fetched with")
    func token() async throws {
        let token = "eyJCANARY.s3cr3t-access_token.QUJDREVG"
        let failure = try await LocalServer.with({ _, seen in
            seen.target.hasPrefix("/token")
                ? .json(#"{"access_token":"\#(token)","expires_in":300}"#)
                : .json(
                    #"{"error_code":401,"message":"marker: refused \#(seen.headers["authorization"] ?? "")"}"#,
                    status: 401)
        }) { server in
            try await withTransport { transport in
                let url = server.url + "/token?p=a%2Bb+c"
                let tokens = OAuthTokens(
                    endpoint: try #require(HTTPEndpoint(url, transport: transport)), url: url,
                    clientID: Secret("client"),
                    clientSecret: Secret("client-secret"), scope: nil)
                let endpoint = try #require(
                    HTTPEndpoint(server.url, transport: transport, authorization: .oauth(tokens)))
                let failure = await #expect(throws: TransportFailure.self) {
                    try await endpoint.send(HTTPCall(.get, "/x"))
                }
                #expect(server.seen.contains { $0.target == "/token?p=a%2Bb+c" })
                return failure
            }
        }
        #expect(failure?.message == "marker: refused Bearer <redacted>")
    }
}
