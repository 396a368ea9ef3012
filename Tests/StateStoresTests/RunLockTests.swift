import Domain
import Execution
import Foundation
import Testing

@testable import StateStores

@Suite("The lock of a run whose process is gone")
struct RunLockTests {
    private let folder: ScratchFolder
    private let clock = TestClock()

    init() throws {
        folder = try ScratchFolder()
    }

    private func store(_ processes: TestProcesses) -> SQLiteStateStore {
        SQLiteStateStore(
            path: "\(folder.path)/state.db", workspace: "shop", mayCreate: true,
            clock: clock.stateClock, processes: processes)
    }

    @Test(
        "it is taken over when the process is provably gone",
        arguments: [
            TestProcesses(areRunning: false), TestProcesses(started: "999"), TestProcesses(boot: "boot-2"),
            TestProcesses(boot: "boot-2", namespace: "pid:[2]"),
        ])
    func takenOver(seenLater: TestProcesses) async throws {
        let dead = try await store(TestProcesses()).begin(header("r1"), lockTimeout: .zero)
        let next = try await store(seenLater).begin(header("r2"), lockTimeout: .zero)
        #expect(await next.holds(for: .zero))
        #expect(await dead.holds(for: .zero) == false)
        let run = try #require(try await store(seenLater).run("r1"))
        #expect(run.endedAt == clock.now)
        #expect(run.exitCode == nil)
        #expect(run.summary == "outcome unknown: process 4711 is gone; lock taken over by r2")
    }

    @Test(
        "it is left alone when the process may be alive",
        arguments: [
            (TestProcesses(), "here"), (TestProcesses(areRunning: false), "there"),
            (TestProcesses(namespace: "pid:[2]", areRunning: false), "here"), (TestProcesses(started: nil), "here"),
        ])
    func leftAlone(seenLater: TestProcesses, host: String) async throws {
        let session = try await store(TestProcesses()).begin(header("r1"), lockTimeout: .zero)
        await #expect(throws: StateStoreError.self) {
            try await store(seenLater).begin(header("r2", host: host), lockTimeout: .zero)
        }
        #expect(await session.holds(for: .zero))
    }

    @Test("this process is seen running and keeps its identity; one that ended is not seen")
    func systemProcesses() throws {
        let processes = SystemProcesses()
        let own = RunIdentity.process
        #expect(processes.isRunning(own))
        #expect(processes.identity(of: own) == processes.identity(of: own))
        #expect(processes.identity(of: own).started != nil)
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/true")
        try child.run()
        let id = child.processIdentifier
        child.waitUntilExit()
        #expect(!processes.isRunning(id))
        #expect(processes.identity(of: id).started == nil)
    }

    @Test("run ids sort by time")
    func runIDs() {
        let early = RunIdentity.newID(at: Timestamp(milliseconds: 1_700_000_000_000))
        let late = RunIdentity.newID(at: Timestamp(milliseconds: 1_700_000_001_000))
        #expect(early.hasPrefix("20231114T221320Z-"))
        #expect(early < late)
    }
}
