import Domain
import Synchronization
import Testing

@testable import Transport

/// One request a tick, however many wait.
@Suite struct ListPollerTests {
    private func poller(
        _ time: VirtualTime, _ lists: @escaping @Sendable (Int) -> Result<[String: Int], TransportFailure>
    ) -> (ListPoller<[String: Int]>, requests: @Sendable () -> Int) {
        let count = Counter()
        let poller = ListPoller(pacing: time.pacing) { lists(count.next()) }
        return (poller, { count.value })
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    private static let down = TransportFailure(.unreachable("connection refused"), endpoint: "e", call: "c")

    @Test("A thousand who wait for what the third list shows cost about three requests")
    func shared() async throws {
        let (poller, requests) = poller(VirtualTime()) { number in .success(["x": number]) }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<1000 {
                group.addTask {
                    try await poller.wait(atMost: .seconds(60)) { list in
                        list["x", default: 0] >= 3 ? .reached(list["x", default: 0]) : .waiting("too early")
                    }
                }
            }
            for try await value in group { #expect(value >= 3) }
        }
        #expect(requests() < 50)
    }

    @Test("Ticks slow down to five seconds while nothing happens, and the time is over in the end")
    func late() async {
        let time = VirtualTime()
        let (poller, requests) = poller(time) { _ in .success([:]) }
        let failure = await #expect(throws: PollFailure.self) {
            try await poller.wait(atMost: .seconds(300)) { _ -> PollVerdict<Int> in .waiting("not listed") }
        }
        #expect(failure == .late(lastSeen: "not listed"))
        #expect((60...85).contains(requests()))
        #expect(time.now >= .seconds(300))
    }

    @Test("What will never come ends the wait at once, with the reason")
    func refused() async {
        let (poller, requests) = poller(VirtualTime()) { _ in .success(["x": 1]) }
        let failure = await #expect(throws: PollFailure.self) {
            try await poller.wait(atMost: .seconds(300)) { _ -> PollVerdict<Int> in .failed("it is FAILED") }
        }
        #expect(failure == .refused("it is FAILED"))
        #expect(requests() == 1)
    }

    @Test("A list that cannot be read for a moment is read again; for long, it ends the wait")
    func unreadable() async throws {
        let (briefly, _) = poller(VirtualTime()) { $0 < 4 ? .failure(Self.down) : .success(["x": 1]) }
        let value = try await briefly.wait(atMost: .seconds(300)) { .reached($0["x", default: 0]) }
        #expect(value == 1)

        let time = VirtualTime()
        let (forLong, _) = poller(time) { _ in .failure(Self.down) }
        let failure = await #expect(throws: PollFailure.self) {
            try await forLong.wait(atMost: .seconds(900)) { .reached($0["x", default: 0]) }
        }
        #expect(failure == .unanswered(Self.down))
        #expect(time.now < .seconds(60))
    }

    @Test("Who is asked to wait waits when there is time, and is told at once when there is not")
    func throttled() async throws {
        var asked = TransportFailure(.status(429, code: nil, message: ""), endpoint: "e", call: "c")
        asked.quietUntil = Timestamp(milliseconds: Timestamp.now.milliseconds + 600_000)
        let throttled = asked
        let (poller, _) = poller(VirtualTime()) { $0 < 20 ? .failure(throttled) : .success(["x": 1]) }
        let value = try await poller.wait(atMost: .seconds(900)) { .reached($0["x", default: 0]) }
        #expect(value == 1)
        let (hurried, requests) = self.poller(VirtualTime()) { _ in .failure(throttled) }
        let failure = await #expect(throws: PollFailure.self) {
            try await hurried.wait(atMost: .seconds(30)) { .reached($0["x", default: 0]) }
        }
        #expect(failure == .unanswered(throttled))
        #expect(requests() == 1)
    }

    @Test("A refusal of the list itself ends the wait at once")
    func denied() async {
        let denied = TransportFailure(.denied(status: 401, code: nil, message: ""), endpoint: "e", call: "c")
        let (poller, requests) = poller(VirtualTime()) { _ in .failure(denied) }
        let failure = await #expect(throws: PollFailure.self) {
            try await poller.wait(atMost: .seconds(900)) { .reached($0["x", default: 0]) }
        }
        #expect(failure == .unanswered(denied))
        #expect(requests() == 1)
    }

    @Test("A list that was requested before somebody joined does not count for them")
    func stale() async throws {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let count = Counter()
        let poller = ListPoller<Int>(pacing: VirtualTime().pacing) {
            let number = count.next()
            if number == 1 {
                start.yield()
                for await _ in released { break }
            }
            return .success(number)
        }
        async let first: Int = poller.wait(atMost: .seconds(60)) { .reached($0) }
        for await _ in started { break }
        async let second: Int = poller.wait(atMost: .seconds(60)) { .reached($0) }
        while await poller.waiterCount < 2 { await Task.yield() }
        release.yield()
        let seen = try await (first, second)
        #expect(seen.0 == 1)
        #expect(seen.1 == 2)
    }

    @Test("Who is cancelled stops waiting; the others go on")
    func cancelled() async throws {
        let open = Mutex(false)
        let (poller, _) = poller(VirtualTime()) { _ in .success(["x": open.withLock { $0 } ? 1 : 0]) }
        let judge: @Sendable ([String: Int]) -> PollVerdict<Int> = { list in
            list["x"] == 1 ? .reached(1) : .waiting("closed")
        }
        let leaves = Task { try await poller.wait(atMost: .seconds(100_000), until: judge) }
        let stays = Task { try await poller.wait(atMost: .seconds(100_000), until: judge) }
        while await poller.waiterCount < 2 { await Task.yield() }
        leaves.cancel()
        let failure = await #expect(throws: PollFailure.self) { try await leaves.value }
        #expect(failure == .cancelled)
        open.withLock { $0 = true }
        #expect(try await stays.value == 1)
    }
}
