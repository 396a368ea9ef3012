package import SimulatorCore

/// What registries need to know of the world outside them.
package protocol RegistryDirectory {
    /// The registry that answers at a base URL, without a context suffix or trailing slash; `nil` when none does.
    func registry(at url: String) -> String?
    /// Whether a pair may use a registry now.
    func accepts(_ credentials: Credentials, forRegistry id: String) -> Bool
}

/// All Schema Registries and the exporters between them.
package struct RegistryEstate: Sendable {
    /// How fast exporters work.
    var pace = SchemaExporter.Pace()
    /// Checks that registries leave out on purpose.
    private var lies: Set<Lie> = []
    /// Registries by id.
    package private(set) var registries: [String: Registry] = [:]

    package init(pace: SchemaExporter.Pace = SchemaExporter.Pace()) {
        self.pace = pace
    }

    /// Adds an empty registry.
    ///
    /// - Parameter site: the region whose reachability it shares.
    package mutating func add(id: String, environment: String, site: String) {
        guard registries[id] == nil else { return }
        registries[id] = Registry(id: id, environment: environment, site: site)
        registries[id]?.lies = lies
    }

    /// Makes all registries leave out these checks, and no others.
    package mutating func tell(_ lies: Set<Lie>) {
        self.lies = lies
        for id in registries.keys { registries[id]?.lies = lies }
    }

    /// Removes a registry with its schemas and exporters.
    package mutating func remove(_ id: String) {
        registries[id] = nil
    }

    /// Stops or starts a registry's servers. Exporters that were not paused start again by themselves.
    package mutating func setRunning(_ isRunning: Bool, of id: String, at time: Milliseconds) {
        guard let registry = registries[id], registry.isRunning != isRunning else { return }
        registries[id]?.isRunning = isRunning
        for exporter in registry.exporters.values where isRunning && exporter.state != .paused {
            registries[id]?.exporters[exporter.name]?.start(at: time, pace: pace)
        }
    }

    /// Forbids or allows mode changes, as the server setting `mode.mutability` does.
    mutating func setModeMutability(_ isMutable: Bool, of id: String) {
        registries[id]?.modesAreMutable = isMutable
    }

    /// Answers one request to a registry, after letting exporters work up to now.
    ///
    /// - Parameter actor: who the effects are put down to; by default the key that signed in.
    package mutating func respond(
        to request: Request, registry id: String, by actor: Event.Actor? = nil,
        using directory: some RegistryDirectory, in stage: inout Stage
    ) -> Response {
        advance(to: stage.now, using: directory, in: &stage)
        do throws(RegistryRefusal) {
            guard let credentials = request.credentials, directory.accepts(credentials, forRegistry: id) else {
                throw .unauthorized
            }
            guard registries[id] != nil else { throw .notFound }
            let call = RegistryCall(request)
            let response = try perform(call, on: id, at: stage.now)
            settle(id, by: actor ?? request.actor, at: stage.now, in: &stage)
            return response
        } catch {
            settle(id, by: actor ?? .server, at: stage.now, in: &stage)
            return RegistryCall.refuse(error)
        }
    }

    private mutating func perform(
        _ call: RegistryCall, on id: String, at time: Milliseconds
    ) throws(RegistryRefusal) -> Response {
        guard let answer = try registries[id]?.perform(call, pace: pace, at: time) else { throw .notFound }
        return answer
    }

    /// Moves the effects of the last change into the event log.
    mutating func settle(
        _ id: String, by actor: Event.Actor, at time: Milliseconds, in stage: inout Stage
    ) {
        guard let effects = registries[id]?.pendingEffects, !effects.isEmpty else { return }
        registries[id]?.pendingEffects = []
        for effect in effects { stage.record(Event(effect, by: actor), at: time) }
    }

    /// Changes one registry in place and passes on what that throws; `nil` when it does not exist.
    mutating func modify<Result>(
        _ id: String, _ change: (inout Registry) throws(RegistryRefusal) -> Result
    ) throws(RegistryRefusal) -> Result? {
        guard var registry = registries.removeValue(forKey: id) else { return nil }
        defer { registries[id] = registry }
        return try change(&registry)
    }

    /// Stores an exporter as it is after a batch.
    mutating func put(_ exporter: SchemaExporter, into id: String) {
        registries[id]?.exporters[exporter.name] = exporter
    }
}
