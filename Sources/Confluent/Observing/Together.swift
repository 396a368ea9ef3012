import Transport

/// Runs one read per item, side by side, and gives the results in the order of the items. The first read that fails
/// decides; the others are cancelled.
func together<Item: Sendable, Part: Sendable>(
    _ items: [Item], _ read: @escaping @Sendable (Item) async throws -> Part
) async throws(TransportFailure) -> [Part] {
    let result = await withTaskGroup(of: (Int, Result<Part, TransportFailure>).self) { group in
        for (index, item) in items.enumerated() {
            group.addTask { (index, await outcome { try await read(item) }) }
        }
        var parts: [Int: Part] = [:]
        for await (index, result) in group {
            switch result {
            case .success(let part): parts[index] = part
            case .failure(let failure):
                group.cancelAll()
                return Result<[Part], TransportFailure>.failure(failure)
            }
        }
        return .success(items.indices.compactMap { parts[$0] })
    }
    return try result.get()
}

/// What a read brought, as a value.
func outcome<Value: Sendable>(
    _ read: @Sendable () async throws -> Value
) async -> Result<Value, TransportFailure> {
    do {
        return .success(try await read())
    } catch let failure as TransportFailure {
        return .failure(failure)
    } catch {
        return .failure(TransportFailure(.cancelled, endpoint: "", call: ""))
    }
}

extension Result where Failure == TransportFailure {
    /// The result, with `nil` in place of a 404: the object is missing.
    func unlessMissing() throws(TransportFailure) -> Success? {
        switch self {
        case .success(let value): return value
        case .failure(let failure):
            guard failure.status == 404 else { throw failure }
            return nil
        }
    }
}
