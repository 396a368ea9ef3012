import Domain
import Execution

/// Objects of a shared ledger, with the errors of a state store, and with writes whose outcome is always known.
struct SharedPlace: Sendable {
    let objects: any SharedObjects
    let clock: StateClock
    /// How often a service that fails is asked, with what is waited in between.
    var patience: [Duration]

    /// Of who only reads: somebody waits for what it says.
    static let reading: [Duration] = [.milliseconds(200)]
    /// Of a run, whose writes should outlive an election of a leader.
    static let running: [Duration] = [.milliseconds(200), .seconds(1), .seconds(3), .seconds(5)]
    private static let callsAtOnce = 16

    /// A document as it was read.
    struct Document<Value: Decodable & Sendable>: Sendable {
        let value: Value
        let object: SharedObject
    }

    /// Reads a document; `nil` when it is not there.
    func read<Value: Decodable & Sendable>(
        _ name: SharedObjectName, as type: Value.Type
    ) async throws(StateStoreError) -> Document<Value>? {
        guard let object = try await object(name) else { return nil }
        var bytes = object.bytes
        do {
            if let pieces = try Pieces(of: bytes) {
                bytes = []
                for piece in pieces.names {
                    // Pieces go when their document is replaced: then there is another one now.
                    guard let piece = try await self.object(piece) else { return try await read(name, as: type) }
                    bytes += piece.bytes
                }
            }
            return Document(value: try DocumentForm.of(name).decode(type, from: bytes), object: object)
        } catch let error as StateStoreError {
            throw error
        } catch {
            throw unusable("\(name) \(reason(error))")
        }
    }

    /// Reads documents in their order; `nil` for those that are not there.
    func read<Value: Decodable & Sendable>(
        _ names: [SharedObjectName], as type: Value.Type
    ) async throws(StateStoreError) -> [Value?] {
        try await severalAtOnce(names) { name throws(StateStoreError) in try await read(name, as: type)?.value }
    }

    /// Writes a document if it still is what was seen, and finds out when an answer was lost whether it was written:
    /// what is there by then is this document, or another writer's. Documents carry a mark that is drawn for each.
    ///
    /// - Parameter seen: What was there; `nil` = nothing.
    /// - Returns: The object as it is there now; `nil` when another writer was faster.
    func write(
        _ document: some Encodable & Sendable, to name: SharedObjectName, over seen: SharedObject?
    ) async throws(StateStoreError) -> SharedObject? {
        var bytes: [UInt8]
        var pieces: Pieces?
        do {
            bytes = try DocumentForm.of(name).encode(document)
            if bytes.count > objects.largestObject {
                let cut = Pieces(draw: RandomMark.draw(), count: (bytes.count - 1) / objects.largestObject + 1)
                for (index, piece) in cut.names.enumerated() {
                    let start = index * objects.largestObject
                    let part = Array(bytes[start..<min(start + objects.largestObject, bytes.count)])
                    _ = try await write(part, to: piece, over: nil)
                }
                bytes = try cut.bytes
                pieces = cut
            }
        } catch let error as StateStoreError {
            throw error
        } catch {
            throw unusable("\(name): \(reason(error))")
        }
        let written = try await write(bytes, to: name, over: seen)
        if written == nil, let pieces { try await removeOne(pieces.names) }
        if written != nil, let seen, let old = try? Pieces(of: seen.bytes) { try await removeOne(old.names) }
        return written
    }

    private func write(
        _ bytes: [UInt8], to name: SharedObjectName, over seen: SharedObject?
    ) async throws(StateStoreError) -> SharedObject? {
        let condition = seen.map { SharedObject.Seen.version($0.version) } ?? .absent
        return try await patiently { () async throws(StepFailure) in
            if let version = try await objects.write(bytes, to: name, over: condition) {
                return SharedObject(bytes: bytes, version: version)
            }
            guard let there = try await objects.read(name), there.bytes == bytes else { return nil }
            return there
        }
    }

    private func object(_ name: SharedObjectName) async throws(StateStoreError) -> SharedObject? {
        try await patiently { () async throws(StepFailure) in try await objects.read(name) }
    }

    /// Removes documents.
    func remove(_ names: [SharedObjectName]) async throws(StateStoreError) {
        _ = try await severalAtOnce(names) { name throws(StateStoreError) in
            let pieces = try await object(name).flatMap { try? Pieces(of: $0.bytes) }
            try await removeOne((pieces?.names ?? []) + [name])
        }
    }

    private func severalAtOnce<Value: Sendable>(
        _ names: [SharedObjectName],
        _ ask: @escaping @Sendable (SharedObjectName) async throws(StateStoreError) -> Value
    ) async throws(StateStoreError) -> [Value] {
        var values: [Value] = []
        for start in stride(from: 0, to: names.count, by: Self.callsAtOnce) {
            let window = Array(names[start..<min(start + Self.callsAtOnce, names.count)])
            let answers = await withTaskGroup(of: (Int, Result<Value, StateStoreError>).self) { group in
                for (index, name) in window.enumerated() {
                    group.addTask {
                        do throws(StateStoreError) {
                            return (index, .success(try await ask(name)))
                        } catch {
                            return (index, .failure(error))
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for (_, answer) in answers.sorted(by: { $0.0 < $1.0 }) { values.append(try answer.get()) }
        }
        return values
    }

    private func removeOne(_ names: [SharedObjectName]) async throws(StateStoreError) {
        for name in names {
            try await patiently { () async throws(StepFailure) in try await objects.remove(name) }
        }
    }

    /// Asks again while a service fails in a way that may pass.
    func patiently<Value: Sendable>(
        _ ask: @Sendable () async throws(StepFailure) -> Value
    ) async throws(StateStoreError) -> Value {
        var waits = patience[...]
        // What was seen first tells most: who was silent is given less time when it is asked again.
        var first: StepFailure?
        while true {
            do throws(StepFailure) {
                return try await ask()
            } catch {
                guard error.mayPass else { throw unusable(error.withPlace) }
                first = first ?? error
                guard let wait = waits.popFirst() else { throw silent((first ?? error).withPlace) }
                do { try await clock.sleep(wait) } catch { throw silent("interrupted while it was asked again") }
            }
        }
    }

    func unusable(_ reason: String) -> StateStoreError {
        .unusable(location: objects.location, reason: reason)
    }

    private func silent(_ reason: String) -> StateStoreError {
        .silent(location: objects.location, reason: reason)
    }

    private func reason(_ error: any Error) -> String {
        error is DecodingError ? "is no part of a ledger that this version can read" : "\(error)"
    }
}

extension StepFailure {
    /// What happened, and where.
    fileprivate var withPlace: String { endpoint.map { "\(message) (\($0))" } ?? message }

    /// Whether asking again can help.
    fileprivate var mayPass: Bool {
        switch kind {
        case .unreachable, .timeout, .throttled, .broken, .conflict: true
        case .denied, .rejected, .withoutCredentials, .untrusted, .interrupted: false
        }
    }
}
