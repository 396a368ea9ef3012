import Domain
import Planning
import Transport

/// Reads that several questions of one round need, each done once.
actor SharedReads<Key: Hashable & Sendable, Value: Sendable> {
    private var begun: [Key: Task<Value, Never>] = [:]

    /// What a read brings; whoever asks first lets it begin.
    func value(of key: Key, _ read: @escaping @Sendable () async -> Value) async -> Value {
        let task = begun[key] ?? Task { await read() }
        begun[key] = task
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }
}

/// What the questions of one round share: groups copy the same subjects between the same registries, and applications
/// sign in with the same credentials.
struct ProbeRound: Sendable {
    struct Versions: Hashable, Sendable {
        let environment: String
        let subjects: [String]
        let includingDeleted: Bool
        /// Looks at what is on its way differ.
        let look: Int

        init(_ environment: String, _ subjects: [String], includingDeleted: Bool = false, look: Int = 0) {
            self.environment = environment
            self.subjects = subjects
            self.includingDeleted = includingDeleted
            self.look = look
        }
    }

    struct SignIn: Hashable, Sendable {
        let place: String
        let credentials: Credentials
    }

    let versions = SharedReads<Versions, ProbeAnswer>()
    let signIns = SharedReads<SignIn, TransportFailure?>()
}
