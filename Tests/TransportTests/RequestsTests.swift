import Domain
import Synchronization
import TestSupport
import Testing
import Transport

/// What goes onto the wire.
@Suite struct RequestsTests {
    @Test("Names are percent-encoded as one segment, whatever is in them")
    func path() async throws {
        let seen = try await LocalServer.with({ _, _ in .json("{}") }) { server in
            try await withTransport { transport in
                let endpoint = try #require(HTTPEndpoint(server.url + "/kafka/", transport: transport))
                let path = RequestPath("/v3/clusters").appending("lkc-1").with("/links").appending("a:b%c/d é")
                    .with("/mirrors:pause").querying("link_name", "x&y=z").querying("absent", nil)
                _ = try await endpoint.send(HTTPCall(.post, path))
                return server.seen
            }
        }
        #expect(
            seen.map(\.target) == [
                "/kafka/v3/clusters/lkc-1/links/a%3Ab%25c%2Fd%20%C3%A9/mirrors:pause?link_name=x%26y%3Dz"
            ])
    }

    @Test("Basic credentials, media types and own headers are sent")
    func headers() async throws {
        let seen = try await LocalServer.with({ _, _ in .json("{}") }) { server in
            try await withTransport { transport in
                let endpoint = try #require(
                    HTTPEndpoint(
                        server.url, transport: transport,
                        authorization: .basic(user: Secret("KEY"), password: Secret("pass")),
                        headers: ["x-own": "1"]))
                let call = try HTTPCall(.put, "/x").json(["b": 1, "a": 2], mediaType: "application/vnd.test+json")
                _ = try await endpoint.send(call)
                return server.seen
            }
        }
        let request = try #require(seen.first)
        #expect(request.headers["authorization"] == "Basic S0VZOnBhc3M=")
        #expect(request.headers["content-type"] == "application/vnd.test+json")
        #expect(request.headers["x-own"] == "1")
        #expect(request.body == #"{"a":2,"b":1}"#)
    }

    @Test("What is signed is what is sent: the scheme's own port is not, and queries are")
    func signed() async throws {
        struct Remembering: RequestSigner {
            let requests: Remembered
            let secrets: [Secret] = []

            func headers(signing request: SignableRequest) -> [String: String] {
                let items = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
                requests.append("\(request.host) \(request.path) \(items)")
                return ["Authorization": "signed"]
            }
        }
        let remembered = Remembered()
        let (seen, host) = try await LocalServer.with({ _, _ in .json("{}") }) { server in
            try await withTransport { transport in
                let signer = Remembering(requests: remembered)
                for base in [
                    server.url + "/v1", "http://127.0.0.1:80", "https://127.0.0.1:443", "https://127.0.0.1:80",
                ] {
                    let endpoint = HTTPEndpoint(base, transport: transport, authorization: .signed(signer))
                    var signing = try #require(endpoint)
                    signing.retries = .never
                    _ = try? await signing.send(HTTPCall(.get, RequestPath("/x").querying("a", "b c&")))
                }
                return (server.seen, String(server.url.dropFirst("http://".count)))
            }
        }
        #expect(seen.map(\.target) == ["/v1/x?a=b%20c%26"])
        #expect(seen.first?.headers["authorization"] == "signed")
        #expect(seen.first?.headers["host"] == host)
        #expect(
            remembered.all == [
                "\(host) /v1/x a=b c&", "127.0.0.1 /x a=b c&", "127.0.0.1 /x a=b c&", "127.0.0.1:80 /x a=b c&",
            ])
    }

    @Test("An OAuth token is fetched once for many calls, and again after the service refuses it")
    func oauth() async throws {
        let refusals = Mutex(1)
        let seen = try await LocalServer.with({ _, seen in
            if seen.target == "/token" { return .json(#"{"access_token":"t0ken","expires_in":3600}"#) }
            let refuses = refusals.withLock { left in
                defer { left -= 1 }
                return left == 1
            }
            return refuses ? .json("{}", status: 401) : .json("{}")
        }) { server in
            try await withTransport { transport in
                let tokens = OAuthTokens(
                    endpoint: try #require(HTTPEndpoint(server.url + "/token", transport: transport)),
                    url: server.url + "/token", clientID: Secret("client id"), clientSecret: Secret("client&secret"),
                    scope: "kafka")
                let endpoint = try #require(
                    HTTPEndpoint(server.url, transport: transport, authorization: .oauth(tokens)))
                await #expect(throws: TransportFailure.self) { try await endpoint.send(HTTPCall(.get, "/first")) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 { group.addTask { _ = try await endpoint.send(HTTPCall(.get, "/many")) } }
                    try await group.waitForAll()
                }
                return server.seen
            }
        }
        let fetches = seen.filter { $0.target == "/token" }
        #expect(fetches.count == 2)
        #expect(
            fetches.first?.body
                == "grant_type=client_credentials&scope=kafka&client_id=client%20id&client_secret=client%26secret")
        let calls = seen.filter { $0.target == "/many" }
        #expect(calls.count == 8)
        #expect(calls.allSatisfy { $0.headers["authorization"] == "Bearer t0ken" })
    }

    @Test("A call that hangs ends when its task is cancelled")
    func cancellation() async throws {
        let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
        try await LocalServer.with({ _, _ in
            arrival.yield()
            return nil
        }) { server in
            try await withTransport { transport in
                let endpoint = try #require(HTTPEndpoint(server.url, transport: transport))
                let call = Task { try await endpoint.send(HTTPCall(.get, "/x")) }
                for await _ in arrived { break }
                call.cancel()
                let failure = await #expect(throws: TransportFailure.self) { try await call.value }
                #expect(failure?.cause == .cancelled)
            }
        }
    }

    @Test("A call that hangs ends at the deadline of a request")
    func deadline() async throws {
        var settings = HTTPTransport.Settings()
        settings.request = .milliseconds(50)
        try await LocalServer.with({ _, _ in nil }) { [settings] server in
            try await withTransport(settings) { transport in
                let endpoint = try #require(HTTPEndpoint(server.url, transport: transport))
                let failure = await #expect(throws: TransportFailure.self) {
                    try await endpoint.send(HTTPCall(.get, "/x"))
                }
                #expect(failure?.cause == .timeout("no answer within 50ms"))
                #expect(failure?.mayHaveHappened == true)
            }
        }
    }

    @Test("An attempt to connect that goes on when nobody waits for it holds nothing up", .timeLimit(.minutes(1)))
    func abandoned() async throws {
        let deaf = try DeafServer()
        defer { deaf.close() }
        var settings = HTTPTransport.Settings()
        settings.connect = .seconds(600)
        settings.overall = .seconds(1)
        settings.request = .seconds(1)
        settings.retries = .never
        try await withTransport(settings) { transport in
            let endpoint = try #require(HTTPEndpoint(deaf.url, transport: transport))
            await #expect(throws: TransportFailure.self) { try await endpoint.send(HTTPCall(.get, "/x")) }
        }
    }

    @Test(
        "Base URLs: https unless said otherwise; user information and trailing slashes do not stay",
        arguments: [
            ("https://a.example/kafka/", "https://a.example/kafka", "https://a.example:443"),
            ("a.example:8090", "https://a.example:8090", "https://a.example:8090"),
            ("http://user:pass@127.0.0.1:1?x=1", "http://127.0.0.1:1", "http://127.0.0.1:1"),
            ("HTTP://[::1]:8080", "http://[::1]:8080", "http://::1:8080"),
        ])
    func base(text: String, base: String, server: String) async throws {
        try await withTransport { transport in
            let endpoint = try #require(HTTPEndpoint(text, transport: transport))
            #expect(endpoint.base == base)
            #expect(endpoint.server == server)
        }
    }

    @Test("What is no base URL is refused", arguments: ["", "ftp://a", "https://", "http://a:b", "https://a:0"])
    func noBase(text: String) async throws {
        try await withTransport { #expect(HTTPEndpoint(text, transport: $0) == nil) }
    }
}

/// Texts in the order in which they came.
private final class Remembered: Sendable {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }
    func append(_ text: String) { texts.withLock { $0.append(text) } }
}
