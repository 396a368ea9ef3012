/// Lets a number of tasks through at once; the others wait in line.
///
/// Cases of one test all begin together: a hundred stories would share two processors and keep a hundred logs.
package actor Turnstile {
    private var places: Int
    private var line: [CheckedContinuation<Void, Never>] = []

    package init(atOnce: Int) {
        places = atOnce
    }

    package nonisolated func pass<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async rethrows -> Result {
        await enter()
        do {
            let result = try await body()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        guard places == 0 else {
            places -= 1
            return
        }
        await withCheckedContinuation { line.append($0) }
    }

    private func leave() {
        if line.isEmpty { places += 1 } else { line.removeFirst().resume() }
    }
}
