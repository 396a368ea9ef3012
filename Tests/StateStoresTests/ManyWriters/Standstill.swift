/// Machines that stand still until the others have made some calls, or until nobody moves.
actor Standstill {
    private struct Still {
        var until: Int
        var calls: [CheckedContinuation<Void, Never>]
    }

    private var machines: Set<Int>
    private var calls = 0
    private var still: [Int: Still] = [:]

    init(machines: Set<Int>) {
        self.machines = machines
    }

    /// How many calls wait for their machine to move again.
    var waitingCalls: Int { still.values.reduce(0) { $0 + $1.calls.count } }

    func noteCall() {
        calls += 1
        wake()
    }

    /// Holds a call until its machine moves again. All calls of a machine go on together: when one went on alone, nobody
    /// might be left who moves, and who wakes the others.
    func standStill(_ machine: Int, forCalls count: Int) async {
        await withCheckedContinuation { call in
            var still = self.still[machine] ?? Still(until: calls, calls: [])
            still.until = max(still.until, calls + count)
            still.calls.append(call)
            self.still[machine] = still
            wake()
        }
    }

    /// A machine that is done and moves no more.
    func leave(_ machine: Int) {
        machines.remove(machine)
        wake()
    }

    private func wake() {
        if machines.isSubset(of: still.keys), let first = still.values.map(\.until).min() {
            calls = max(calls, first)
        }
        let due = still.filter { $0.value.until <= calls }
        for (machine, moving) in due {
            still[machine] = nil
            for call in moving.calls { call.resume() }
        }
    }
}
