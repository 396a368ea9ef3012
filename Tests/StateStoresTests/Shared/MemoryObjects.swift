import Domain
import Execution
import Synchronization

/// Shared objects in memory, with the faults of a network.
final class MemoryObjects: SharedObjects {
    /// What happens to a call.
    enum Fate: Sendable {
        case normal
        /// It fails, and nothing happened.
        case refused
        /// It fails, and has its effect.
        case lostAnswer
    }

    enum Call: Sendable, Equatable {
        case read(String)
        case write(String)
        case remove(String)

        var name: String {
            switch self {
            case .read(let name), .write(let name), .remove(let name): name
            }
        }
    }

    let location = "memory:shop"
    let largestObject: Int
    private let state = Mutex(State())

    private struct State {
        var objects: [SharedObjectName: SharedObject] = [:]
        var revision = 0
        var calls: [Call] = []
        var fate: @Sendable (Call) -> Fate = { _ in .normal }
        var before: (@Sendable (Call) async -> Void)?
    }

    init(largestObject: Int = 1 << 20) {
        self.largestObject = largestObject
    }

    /// Calls so far.
    var calls: [Call] { state.withLock { $0.calls } }

    /// Names of the objects that are there.
    var names: [String] { state.withLock { $0.objects.keys.map(\.description).sorted() } }

    var bytes: [UInt8] { state.withLock { $0.objects.values.flatMap(\.bytes) } }

    func decideFates(_ fate: @escaping @Sendable (Call) -> Fate) {
        state.withLock { $0.fate = fate }
    }

    /// Runs before each call reaches the objects.
    func beforeEachCall(_ body: (@Sendable (Call) async -> Void)?) {
        state.withLock { $0.before = body }
    }

    func read(_ name: SharedObjectName) async throws(StepFailure) -> SharedObject? {
        try await call(.read(name.description)) { $0.objects[name] }
    }

    func write(
        _ bytes: [UInt8], to name: SharedObjectName, over seen: SharedObject.Seen
    ) async throws(StepFailure) -> SharedObject.Version? {
        try await call(.write(name.description)) { state in
            let there = state.objects[name].map { SharedObject.Seen.version($0.version) } ?? .absent
            guard there == seen else { return nil }
            state.revision += 1
            let version = SharedObject.Version("\(state.revision)")
            state.objects[name] = SharedObject(bytes: bytes, version: version)
            return version
        }
    }

    func remove(_ name: SharedObjectName) async throws(StepFailure) {
        try await call(.remove(name.description)) { $0.objects[name] = nil }
    }

    private func call<Value: Sendable>(
        _ call: Call, _ body: @Sendable (inout State) -> Value
    ) async throws(StepFailure) -> Value {
        await state.withLock { $0.before }?(call)
        let (fate, value) = state.withLock { state -> (Fate, Value?) in
            state.calls.append(call)
            let fate = state.fate(call)
            if case .refused = fate { return (fate, nil) }
            return (fate, body(&state))
        }
        if case .normal = fate, let value { return value }
        throw StepFailure(.unreachable, "connection reset", endpoint: "memory")
    }
}
