import Domain
import Execution
import Foundation
import Planning
import StateStores
import Synchronization

/// A folder of one test, removed with it.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("state-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    func mode(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
        return (attributes[.posixPermissions] as? Int ?? 0) & 0o777
    }
}

/// A clock that stands still until somebody waits.
final class TestClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_000_000))
    private let whileSleeping = Mutex<(@Sendable () async throws -> Void)?>(nil)

    /// Runs once, during the next wait.
    func duringNextSleep(_ body: @escaping @Sendable () async throws -> Void) {
        whileSleeping.withLock { $0 = body }
    }

    var now: Timestamp { time.withLock { $0 } }

    var stateClock: StateClock {
        StateClock(
            now: { self.now },
            sleep: { duration in
                self.time.withLock { $0 = $0.advanced(by: duration) }
                let body = self.whileSleeping.withLock { body in
                    defer { body = nil }
                    return body
                }
                try await body?()
            },
            uptime: { .milliseconds(self.now.milliseconds) },
            pauseBetweenRenewals: { _ in try await self.untilRenewal() })
    }

    /// Lets that much time pass.
    func advance(by duration: Duration) {
        time.withLock { $0 = $0.advanced(by: duration) }
    }

    /// Nobody renews a lease by itself: time stands still.
    private func untilRenewal() async throws {
        let (renewals, continuation) = AsyncStream.makeStream(of: Never.self)
        for await _ in renewals {}
        continuation.finish()
        throw CancellationError()
    }
}

/// Processes of a machine that exists only in a test.
struct TestProcesses: ProcessInspector {
    var boot: String? = "boot-1"
    var namespace: String? = "pid:[1]"
    var started: String? = "100"
    var areRunning = true

    func identity(of process: Int32) -> ProcessIdentity {
        ProcessIdentity(boot: boot, namespace: namespace, started: started)
    }

    func isRunning(_ process: Int32) -> Bool { areRunning }
}

let orders = ResourceAddress(.topic, in: "west", "orders")
let payments = ResourceAddress(.topic, in: "west", "payments")

func header(_ id: String, startedAt: Int64 = 1, host: String = "here") -> RunHeader {
    RunHeader(
        id: id, startedAt: Timestamp(milliseconds: startedAt), host: host, process: 4711, command: "apply",
        planDigest: "abc", approver: "ana", reference: "CHG-1", revision: "9f3c")
}

func owned(_ origin: Recorded.Origin, _ applied: [String: String] = [:], nativeID: String? = nil) -> Recorded.Owned {
    Recorded.Owned(origin: origin, deletionPolicy: .delete, applied: applied, nativeID: nativeID, isDerived: true)
}

func creation(of address: ResourceAddress, _ applied: [String: String] = ["partitions": "6"]) -> Step {
    let creation = TopicCreation(
        cluster: address.place ?? "", topic: address.name, partitions: 6, replicationFactor: 3, configs: [])
    return Step("create", address, .kafka(.createTopic(creation)), ledger: .own(owned(.created, applied)))
}

func growth(of address: ResourceAddress, _ effect: Step.LedgerEffect) -> Step {
    Step(
        "grow", address,
        .kafka(.growTopic(TopicGrowth(cluster: address.place ?? "", topic: address.name, partitions: 12))),
        ledger: effect)
}

func outcome(_ step: Step, _ result: StepOutcome.Result = .succeeded) -> StepOutcome {
    StepOutcome(
        step: step, result: result, startedAt: Timestamp(milliseconds: 20), endedAt: Timestamp(milliseconds: 30))
}

func failure(_ kind: StepFailure.Kind) -> StepOutcome.Result {
    .failed(StepFailure(kind, "it went wrong", endpoint: "https://west"))
}

/// Numbers, one after the other.
final class Turn: Sendable {
    private let number = Mutex(0)

    /// The next number, from 0.
    func next() -> Int {
        number.withLock {
            $0 += 1
            return $0 - 1
        }
    }
}
