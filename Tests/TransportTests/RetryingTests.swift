import Domain
import TestSupport
import Testing
import Transport

/// What is tried again, and after how long.
@Suite struct RetryingTests {
    private typealias Answer = LocalServer.Answer

    private func run(
        _ call: HTTPCall, settings: HTTPTransport.Settings = HTTPTransport.Settings(),
        _ script: @escaping @Sendable (Int, LocalServer.Seen) -> LocalServer.Answer?
    ) async throws -> (result: Result<Reply, TransportFailure>, requests: Int, sleeps: [Duration]) {
        let time = VirtualTime()
        return try await LocalServer.with(script) { server in
            try await withTransport(settings, time) { transport in
                let endpoint = try #require(HTTPEndpoint(server.url, transport: transport))
                let result: Result<Reply, TransportFailure>
                do throws(TransportFailure) {
                    result = .success(try await endpoint.send(call))
                } catch {
                    result = .failure(error)
                }
                #expect(transport.requestCount == server.seen.count)
                return (result, server.seen.count, time.sleeps)
            }
        }
    }

    @Test("A GET is repeated after 503, 502 and 500, with growing waits, until it succeeds")
    func repeats() async throws {
        let statuses = [503, 502, 500]
        let run = try await run(HTTPCall(.get, "/x")) { number, _ in
            number <= statuses.count ? .json("{}", status: statuses[number - 1]) : .json(#"{"ok":true}"#)
        }
        #expect(run.requests == 4)
        #expect(run.sleeps == [.milliseconds(250), .milliseconds(500), .seconds(1)])
        #expect(throws: Never.self) { try run.result.get() }
    }

    @Test("The wait is never shorter than Retry-After asks")
    func retryAfter() async throws {
        let run = try await run(HTTPCall(.get, "/x")) { number, _ in
            number == 1 ? .json("{}", status: 429, headers: ["retry-after": "7"]) : .json("{}")
        }
        #expect(run.requests == 2)
        #expect(run.sleeps.reduce(.zero, +) >= .seconds(7))
        #expect(run.sleeps.allSatisfy { $0 <= .seconds(7) })
    }

    @Test("X-RateLimit-Reset counts when Retry-After is missing")
    func rateLimitReset() async throws {
        let run = try await run(HTTPCall(.get, "/x")) { number, _ in
            number == 1 ? .html("Too Many", status: 429).with("x-ratelimit-reset", "3") : .json("{}")
        }
        #expect(run.sleeps.first == .seconds(3))
    }

    @Test("A service that asks for more time than the call has is not waited for")
    func tooLong() async throws {
        let run = try await run(HTTPCall(.get, "/x")) { _, _ in
            .json("{}", status: 503, headers: ["retry-after": "3000"])
        }
        #expect(run.requests == 1)
        #expect(run.sleeps.isEmpty)
    }

    @Test("A POST is not repeated after 500, unless it is declared repeatable; after 429 it always is")
    func posts() async throws {
        let once = try await run(HTTPCall(.post, "/x")) { _, _ in .json("{}", status: 500) }
        #expect(once.requests == 1)
        let declared = try await run(HTTPCall(.post, "/x").repeatable()) { number, _ in
            number == 1 ? .json("{}", status: 500) : .json("{}")
        }
        #expect(declared.requests == 2)
        let limited = try await run(HTTPCall(.post, "/x")) { number, _ in
            number == 1 ? .json("{}", status: 429) : .json("{}")
        }
        #expect(limited.requests == 2)
    }

    @Test("What will not pass by itself is tried once", arguments: [400, 401, 403, 404, 409, 422, 501])
    func permanent(status: Int) async throws {
        let run = try await run(HTTPCall(.get, "/x")) { _, _ in .json("{}", status: status) }
        #expect(run.requests == 1)
    }

    @Test("A refused connection is tried again also for a POST: nothing was sent")
    func refused() async throws {
        let time = VirtualTime()
        try await withTransport(HTTPTransport.Settings(), time) { transport in
            let endpoint = try #require(HTTPEndpoint("http://127.0.0.1:1", transport: transport))
            let failure = await #expect(throws: TransportFailure.self) {
                try await endpoint.send(HTTPCall(.post, "/x"))
            }
            #expect(failure?.cause == .unreachable("connection refused"))
            #expect(time.sleeps.count == 4)
        }
    }

    @Test("Backoff doubles up to its limit and is spread by jitter")
    func backoff() {
        let policy = RetryPolicy(attempts: 10, firstWait: .seconds(1), longestWait: .seconds(5))
        let failure = TransportFailure(.status(503, code: nil, message: ""), endpoint: "e", call: "c")
        func wait(_ attempt: Int, _ jitter: Double) -> Duration? {
            policy.wait(after: failure, attempt: attempt, isRepeatable: true, asked: nil, jitter: jitter)
        }
        #expect((1...5).map { wait($0, 1) } == [.seconds(1), .seconds(2), .seconds(4), .seconds(5), .seconds(5)])
        #expect(wait(3, 0.5) == .seconds(2))
        #expect(wait(1, 0) == .zero)
        #expect(wait(10, 1) == nil)
    }
}
