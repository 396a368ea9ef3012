import Domain
import Execution
import SimulatorCore
import Synchronization

/// Shared objects as an unlucky machine sees them: calls fail, answers are lost, and the machine stands still before a
/// call or behind it, for longer than any lease.
final class UnluckyObjects: SharedObjects {
    /// A write that had its effect, whatever its machine was told.
    struct Written: Sendable {
        let name: SharedObjectName
        let bytes: [UInt8]
        /// The run the machine was at.
        let run: String
    }

    private struct State {
        var luck: SeededGenerator
        var isSpared = false
        var run = ""
        var written: [Written] = []
        /// Calls that fail from here on, since the network is cut.
        var cut = 0
    }

    let location: String
    let largestObject: Int
    private let base: any SharedObjects
    private let machine: Int
    private let standstill: Standstill
    private let clock: TestClock
    private let state: Mutex<State>

    init(_ base: any SharedObjects, machine: Int, seed: UInt64, standstill: Standstill, clock: TestClock) {
        self.base = base
        self.machine = machine
        self.standstill = standstill
        self.clock = clock
        location = base.location
        largestObject = base.largestObject
        state = Mutex(State(luck: SeededGenerator(seed: seed)))
    }

    /// Writes that had their effect.
    var written: [Written] { state.withLock { $0.written } }

    /// Says what the machine does from here on.
    func begin(run: String) {
        state.withLock { $0.run = run }
    }

    /// Says that the machine has no bad luck any more.
    func spare() {
        state.withLock { $0.isSpared = true }
    }

    func read(_ name: SharedObjectName) async throws(StepFailure) -> SharedObject? {
        try await unluckily { () async throws(StepFailure) in try await base.read(name) }
    }

    func write(
        _ bytes: [UInt8], to name: SharedObjectName, over seen: SharedObject.Seen
    ) async throws(StepFailure) -> SharedObject.Version? {
        try await unluckily { () async throws(StepFailure) in
            let version = try await base.write(bytes, to: name, over: seen)
            if version != nil {
                state.withLock { $0.written.append(Written(name: name, bytes: bytes, run: $0.run)) }
            }
            return version
        }
    }

    func remove(_ name: SharedObjectName) async throws(StepFailure) {
        try await unluckily { () async throws(StepFailure) in try await base.remove(name) }
    }

    private enum Fate {
        case normal
        case refused
        case lostAnswer
        case stillBefore(calls: Int)
        case stillBehind(calls: Int)
    }

    private func unluckily<Value: Sendable>(
        _ call: () async throws(StepFailure) -> Value
    ) async throws(StepFailure) -> Value {
        let fate = state.withLock { Self.fate(&$0) }
        if case .refused = fate { throw failure }
        if case .stillBefore(let calls) = fate { await standStill(calls) }
        let value = try await call()
        await standstill.noteCall()
        if case .stillBehind(let calls) = fate { await standStill(calls) }
        if case .lostAnswer = fate { throw failure }
        return value
    }

    private static func fate(_ state: inout State) -> Fate {
        if state.isSpared { return .normal }
        if state.cut > 0 {
            state.cut -= 1
            return .refused
        }
        switch Int.random(in: 0..<400, using: &state.luck) {
        case 0..<8: return .refused
        case 8..<16: return .lostAnswer
        case 16..<24: return .stillBefore(calls: Int.random(in: 0..<100, using: &state.luck))
        case 24..<28: return .stillBehind(calls: Int.random(in: 0..<100, using: &state.luck))
        case 28..<29:
            // Longer than anybody asks again.
            state.cut = 12
            return .refused
        default: return .normal
        }
    }

    private func standStill(_ calls: Int) async {
        await standstill.standStill(machine, forCalls: calls)
        clock.advance(by: .seconds(calls))
    }

    private var failure: StepFailure { StepFailure(.unreachable, "connection reset", endpoint: location) }
}
