import Domain
import TestSupport
import Testing

@testable import Transport

/// Being asked to wait is no outage.
@Suite struct ThrottlingTests {
    private func failure(
        _ wait: String, overall: Duration, calls: Int = 1
    ) async throws -> (last: TransportFailure?, requests: Int, sleeps: [Duration]) {
        let time = VirtualTime()
        return try await LocalServer.with({ number, _ in
            number == 1 ? .json("{}", status: 429, headers: ["retry-after": wait]) : .json("{}")
        }) { server in
            try await withTransport(HTTPTransport.Settings(), time) { transport in
                var endpoint = try #require(HTTPEndpoint(server.url, transport: transport))
                endpoint.overall = overall
                var last: TransportFailure?
                for _ in 0..<calls {
                    do throws(TransportFailure) {
                        _ = try await endpoint.send(HTTPCall(.get, "/x"))
                        last = nil
                    } catch {
                        last = error
                    }
                }
                return (last, server.seen.count, time.sleeps)
            }
        }
    }

    @Test("What can be waited for is waited for")
    func short() async throws {
        let run = try await failure("12", overall: .seconds(120))
        #expect(run.last == nil)
        #expect(run.requests == 2)
    }

    @Test("Who asks for a day is named, with the moment until which; nothing is sent again, and nobody waits")
    func long() async throws {
        let run = try await failure("86400", overall: .seconds(120), calls: 2)
        let failure = try #require(run.last)
        #expect(failure.status == 429)
        #expect(failure.quietUntil != nil)
        #expect(failure.reason.hasPrefix("it throttles, HTTP 429; it asks to be left alone until 20"))
        #expect(run.requests == 1)
        #expect(run.sleeps.isEmpty)
    }

    @Test("Moments are understood as spans are")
    func moments() {
        let now = Timestamp(internetDate: "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(now == Timestamp(milliseconds: 784_111_777_000))
        func asked(_ headers: [String: String], status: Int = 429) -> Duration? {
            now.flatMap { ReplyHead(status: status, headers: headers).askedWait(at: $0) }
        }
        #expect(asked(["retry-after": "Sun, 06 Nov 1994 08:50:37 GMT"]) == .seconds(60))
        #expect(asked(["retry-after": "Sun, 06 Nov 1994 08:48:37 GMT"]) == .zero)
        #expect(asked(["retry-after": "soon"]) == nil)
        #expect(asked(["x-ratelimit-reset": "7"]) == .seconds(7))
        #expect(asked(["x-ratelimit-reset": "1000000060"], status: 200) == nil)
        #expect(asked(["retry-after": "9223372036854775807"]) == .seconds(365 * 86400))
    }

    @Test("A throttled endpoint is alive, whatever comes after it")
    func signs() {
        func failure(_ cause: TransportFailure.Cause) -> TransportFailure {
            TransportFailure(cause, endpoint: "https://e", call: "GET /x")
        }
        let throttled = failure(.status(429, code: nil, message: ""))
        let silent = failure(.timeout("no answer within 2s"))
        func sign(_ last: TransportFailure, _ prepare: (ProgressWatch) -> Void = { _ in }) -> SignOfLife? {
            let watch = ProgressWatch()
            prepare(watch)
            return Reach<Int>(last, seenBy: watch).signOfLife
        }
        #expect(sign(throttled) == .throttled)
        #expect(sign(silent) { $0.complained(throttled) } == .throttled)
        #expect(sign(silent) == SignOfLife.none)
        #expect(sign(silent) { $0.began() } == .trickling)
        #expect(sign(silent) { $0.progressed() } == .partial)
        #expect(sign(silent) { $0.complained(failure(.status(503, code: nil, message: ""))) } == .unusable)
        #expect(sign(failure(.denied(status: 403, code: nil, message: ""))) == .unusable)
        #expect(sign(failure(.notJSON(mediaType: "text/html", excerpt: ""))) == .unusable)
        #expect(sign(failure(.untrusted("TLS: expired"))) == .unusable)
    }
}
