package import SimulatorCore

/// Why an exporter could not go on; the text ends up in its `trace`.
private struct ExporterFailure: Error {
    var trace: String

    init(_ trace: String) {
        self.trace = trace
    }

    init(_ refusal: RegistryRefusal) {
        trace =
            "io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException: \(refusal.message); "
            + "error code: \(refusal.code)"
    }
}

extension RegistryEstate {
    /// Lets exporters work until a time, each batch at its own time.
    package mutating func advance(
        to time: Milliseconds, using directory: some RegistryDirectory, in stage: inout Stage
    ) {
        while let next = nextBatch(), next.time <= time {
            run(next.exporter, of: next.registry, at: next.time, using: directory, in: &stage)
        }
    }

    /// When an exporter has something to do next; `nil` when all of them are idle.
    package func nextEvent() -> Milliseconds? {
        nextBatch()?.time
    }

    private func nextBatch() -> (registry: String, exporter: String, time: Milliseconds)? {
        var next: (registry: String, exporter: String, time: Milliseconds)?
        for registry in registries.values {
            for exporter in registry.exporters.values {
                guard let due = registry.due(exporter, pace: pace) else { continue }
                let candidate = (registry: registry.id, exporter: exporter.name, time: due)
                guard let best = next else {
                    next = candidate
                    continue
                }
                if (due, registry.id, exporter.name) < (best.time, best.registry, best.exporter) { next = candidate }
            }
        }
        return next
    }

    private mutating func run(
        _ name: String, of source: String, at time: Milliseconds, using directory: some RegistryDirectory,
        in stage: inout Stage
    ) {
        guard let registry = registries[source], var exporter = registry.exporters[name] else { return }
        if exporter.state != .running {
            exporter.state = .running
            let effect = Event.Effect.exporter(registry: source, name: name, state: exporter.state.rawValue)
            stage.record(Event(effect, by: .server), at: time)
        }
        do throws(ExporterFailure) {
            let destination = try connect(exporter, of: registry, using: directory, in: stage)
            exporter.isConnected = true
            try copyBatch(&exporter, of: source, to: destination, at: time, in: &stage)
            exporter.trace = ""
            exporter.progressed = time
            exporter.notBefore = time + pace.interval
        } catch {
            exporter.trace = error.trace
            exporter.notBefore = time + pace.retry
        }
        put(exporter, into: source)
    }

    private func connect(
        _ exporter: SchemaExporter, of source: Registry, using directory: some RegistryDirectory,
        in stage: Stage
    ) throws(ExporterFailure) -> String {
        if let trace = stage.exporterTrace(exporter.name, of: source.id) { throw ExporterFailure(trace) }
        let url = exporter.destination.url
        guard let id = directory.registry(at: url), let destination = registries[id] else {
            throw ExporterFailure("java.net.UnknownHostException: no Schema Registry answers at \(url)")
        }
        guard destination.isRunning, stage.siteReaches(source.site, destination.site, .registry) else {
            throw ExporterFailure("java.net.ConnectException: Connection refused: \(url)")
        }
        guard let credentials = exporter.credentials, directory.accepts(credentials, forRegistry: id) else {
            throw ExporterFailure(.unauthorized)
        }
        return id
    }

    private mutating func copyBatch(
        _ exporter: inout SchemaExporter, of source: String, to destination: String, at time: Milliseconds,
        in stage: inout Stage
    ) throws(ExporterFailure) {
        let actor = Event.Actor.exporter("\(source)/\(exporter.name)")
        var remaining = pace.batch
        while remaining > 0, exporter.position < registries[source]?.log.count ?? 0 {
            guard let copy = registries[source]?.nextCopy(by: exporter, isLocal: source == destination) else {
                exporter.position += 1
                remaining -= 1
                continue
            }
            do throws(RegistryRefusal) {
                _ = try modify(destination) { registry throws(RegistryRefusal) in
                    try registry.accept(copy, from: exporter, at: time)
                }
            } catch {
                settle(destination, by: actor, at: time, in: &stage)
                throw ExporterFailure(error)
            }
            settle(destination, by: actor, at: time, in: &stage)
            exporter.position += 1
            remaining -= 1
        }
    }
}

/// A change as an exporter sends it to the destination.
private enum ExporterCopy {
    case schema(SchemaSubmission, QualifiedSubject)
    case deletion(Int, QualifiedSubject)
    case compatibility(CompatibilityLevel, QualifiedSubject)
}

extension Registry {
    /// When an exporter acts next; `nil` while it is paused, its registry is down, or it has seen everything.
    fileprivate func due(_ exporter: SchemaExporter, pace: SchemaExporter.Pace) -> Milliseconds? {
        guard isRunning, exporter.state != .paused else { return nil }
        guard exporter.state == .running, exporter.isConnected else { return exporter.notBefore }
        guard exporter.position < log.count else { return nil }
        return max(exporter.notBefore, log[exporter.position].time + pace.delay)
    }

    /// What has to be sent for the change an exporter has come to, from its present state; `nil` when nothing.
    fileprivate func nextCopy(by exporter: SchemaExporter, isLocal: Bool) -> ExporterCopy? {
        switch log[exporter.position].change {
        case .version(let subject, let number):
            guard exporter.selects(subject), let version = version(number, of: subject),
                let content = content(id: version.id, in: subject.context)
            else { return nil }
            let target = exporter.destinationName(of: subject, from: id)
            guard !isLocal || !exporter.feedsItself(with: subject, from: id) else { return nil }
            if version.isDeleted { return .deletion(number, target) }
            return .schema(SchemaSubmission(copying: content, id: version.id, version: number), target)
        case .config(let subject):
            guard exporter.selects(subject), !isLocal || !exporter.feedsItself(with: subject, from: id),
                let level = configs[subject]
            else { return nil }
            return .compatibility(level, exporter.destinationName(of: subject, from: id))
        }
    }

    /// Takes a copy in by this registry's own rules.
    fileprivate mutating func accept(
        _ copy: ExporterCopy, from exporter: SchemaExporter, at time: Milliseconds
    ) throws(RegistryRefusal) {
        switch copy {
        case .schema(let submission, let subject):
            try prepareContext(subject.context, for: exporter, at: time)
            try register(submission, under: subject, at: time)
        case .deletion(let number, let subject):
            guard let version = version(number, of: subject), !version.isDeleted else { return }
            _ = try deleteVersion(String(number), of: subject, permanently: false, at: time)
        case .compatibility(let level, let subject):
            guard configs[subject] != level else { return }
            try setCompatibility(level, of: subject, at: time)
        }
    }

    /// AUTO and CUSTOM put a context that is new or empty into IMPORT themselves.
    private mutating func prepareContext(
        _ context: String, for exporter: SchemaExporter, at time: Milliseconds
    ) throws(RegistryRefusal) {
        let scope = QualifiedSubject(context: context, name: "")
        guard exporter.contextType != .none, context != QualifiedSubject.defaultContext, modes[scope] == nil,
            contexts[context]?.subjects.isEmpty ?? true
        else { return }
        try setMode(RegistryMode.importing.rawValue, of: scope, isForced: false, at: time)
    }
}
