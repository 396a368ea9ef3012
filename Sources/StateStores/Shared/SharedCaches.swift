import Domain
import Execution

/// Reads and changes what was last observed. Writers do not wait for each other: who was not first reads again.
struct SharedCaches: Sendable {
    let place: SharedPlace

    private static let attempts = 16

    func read() async throws(StateStoreError) -> SharedCache {
        try await place.read(.cache, as: SharedCache.self)?.value ?? SharedCache()
    }

    /// Changes the cache; one that stays as it is is not written.
    func update(_ body: @Sendable (inout SharedCache) -> Void) async throws(StateStoreError) {
        for _ in 0..<Self.attempts {
            let read = try await place.read(.cache, as: SharedCache.self)
            var cache = read?.value ?? SharedCache()
            let before = cache
            body(&cache)
            if cache == before { return }
            cache.mark = RandomMark.draw()
            if try await place.write(cache, to: .cache, over: read?.object) != nil { return }
        }
        throw place.unusable("what was observed could not be written: others write all the time")
    }

    /// Adds a reading of a group's lag to its history.
    func record(_ lag: Recorded.Lag, ofGroup group: String) async throws(StateStoreError) {
        try await changeReadings(ofGroup: group) { $0.add(lag) }
    }

    /// Makes the history of a group's lag this one.
    func replace(_ readings: [Recorded.Lag], ofGroup group: String) async throws(StateStoreError) {
        try await changeReadings(ofGroup: group) { $0 = SharedReadings(readings) }
    }

    private func changeReadings(
        ofGroup group: String, _ change: @Sendable (inout SharedReadings) -> Void
    ) async throws(StateStoreError) {
        let name = SharedObjectName.readings(ofGroup: group)
        for _ in 0..<Self.attempts {
            let read = try await place.read(name, as: SharedReadings.self)
            var readings = read?.value ?? SharedReadings()
            change(&readings)
            guard try await place.write(readings, to: name, over: read?.object) != nil else { continue }
            let history = readings.history
            return try await update { $0.history[group] = history }
        }
        throw place.unusable("the reading of \(group) could not be written: others write all the time")
    }
}
