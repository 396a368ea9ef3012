/// How many stages are up at once: each holds dozens of sockets, and Foundation's `Process` reads past its buffer when
/// it lists the descriptors of a process that has more than a thousand.
actor StageSlots {
    static let shared = StageSlots(6)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private init(_ count: Int) {
        free = count
    }

    /// Runs a body in a slot.
    func with(_ body: @Sendable () async throws -> Void) async throws {
        await take()
        defer { give() }
        try await body()
    }

    private func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func give() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
