import Domain
import Execution
import Planning
import Synchronization
import Transport

/// Steps on registries: modes and compatibility, exporters, and versions of schemas.
struct RegistryPerformer: Sendable {
    /// Status reads in a row that show a failure text before the step gives up: an exporter recovers by itself from
    /// what passes.
    private static let failuresTolerated = 10

    let context: StepContext

    func perform(_ action: RegistryAction) async throws(StepFailure) {
        let schemas = SchemaSteps(context: context)
        switch action {
        case .setRegistryMode(let setting):
            try await setMode(setting.mode, of: setting.context, in: setting.environment, force: setting.force)
        case .setCompatibility(let setting): try await setCompatibility(setting.level, in: setting.environment)
        case .createExporter(let definition): try await create(definition)
        case .updateExporter(let definition): try await update(definition, startsOver: false)
        case .restartExporter(let definition): try await update(definition, startsOver: true)
        case .pauseExporter(let reference): try await pauseExporter(reference.exporter, in: reference.environment)
        case .resumeExporter(let reference): try await resumeExporter(reference.exporter, in: reference.environment)
        case .deleteExporter(let reference): try await deleteExporter(reference.exporter, in: reference.environment)
        case .awaitSchemas(let comparison): try await schemas.awaitEqual(comparison)
        case .deleteSchemas(let deletion): try await schemas.delete(deletion.versions, in: deletion.environment)
        }
    }

    private func setMode(
        _ mode: RegistryMode, of scope: RegistryContext, in environment: String, force: Bool
    ) async throws(StepFailure) {
        let api = try await context.registry(environment)
        try await context.call { try await api.setMode(mode, of: scope, force: force) }
        try await readBack("context \(scope)", ["mode": mode.description], api) {
            ["mode": try await api.mode(of: scope).description]
        }
    }

    private func setCompatibility(_ level: CompatibilityLevel, in environment: String) async throws(StepFailure) {
        let api = try await context.registry(environment)
        try await context.call { try await api.setCompatibility(level) }
        try await readBack("registry of \(environment)", ["compatibility": level.rawValue], api) {
            ["compatibility": try await api.compatibility()?.rawValue].compactMapValues(\.self)
        }
    }

    private func create(_ definition: ExporterDefinition) async throws(StepFailure) {
        let api = try await context.registry(definition.environment)
        let config = try await ExporterConnection(context: context).config(to: definition.destination)
        let result = await outcome {
            try await api.createExporter(definition, config: config.values, secrets: config.secrets)
        }
        if case .failure(let failure) = result {
            guard failure.code == "40960" || failure.saysAlreadyThere else { throw StepFailure(failure) }
            try await context.find(refusedBy: failure) {
                try await outcome { try await api.exporter(definition.exporter) }.unlessMissing() != nil
            }
            try await compare(definition, config.values["schema.registry.url"], api)
        }
        try await readBack(definition, api)
        try await bring(definition.exporter, to: definition.paused ? .paused : .running, api)
    }

    /// Writes the definition again. What the registry refuses leaves the exporter as it ran before.
    ///
    /// - Parameter startsOver: Whether it copies everything again, from the start.
    private func update(_ definition: ExporterDefinition, startsOver: Bool) async throws(StepFailure) {
        let name = definition.exporter
        let api = try await context.registry(definition.environment)
        let config = try await ExporterConnection(context: context).config(to: definition.destination)
        let wasPaused = try await status(of: name, api).isPaused
        var isWritten = false
        do throws(StepFailure) {
            try await bring(name, to: .paused, api)
            let result = await outcome {
                try await api.updateExporter(definition, config: config.values, secrets: config.secrets)
            }
            if case .failure(let failure) = result {
                isWritten = failure.mayHaveHappened
                throw StepFailure(failure)
            }
            isWritten = true
            try await readBack(definition, api)
            if startsOver { try await context.call { try await api.resetExporter(name) } }
        } catch {
            throw wasPaused ? error : await resuming(name, api, after: error, isUnchanged: !isWritten)
        }
        if !definition.paused { try await bring(name, to: .running, api) }
    }

    private func pauseExporter(_ name: String, in environment: String) async throws(StepFailure) {
        try await bring(name, to: .paused, try await context.registry(environment))
    }

    private func resumeExporter(_ name: String, in environment: String) async throws(StepFailure) {
        try await bring(name, to: .running, try await context.registry(environment))
    }

    private func deleteExporter(_ name: String, in environment: String) async throws(StepFailure) {
        let api = try await context.registry(environment)
        let paused = await outcome { try await api.pauseExporter(name) }
        if case .failure(let failure) = paused, failure.status != 404, failure.status != 409 {
            throw StepFailure(failure)
        }
        let deleted = await outcome { try await api.deleteExporter(name) }
        if case .failure(let failure) = deleted, failure.status != 404 {
            throw StepFailure(failure).adding("exporter \(name) is left PAUSED")
        }
        let poller = await context.pollers.exporter(name, api)
        try await context.wait(
            for: "exporter \(name) to be gone", in: poller, at: api.endpoint, atMost: context.transitionLimit
        ) { $0 == nil ? .reached(()) : .waiting("still there") }
    }

    // MARK: Parts

    private enum Goal: String {
        case running = "RUNNING"
        case paused = "PAUSED"
    }

    private func status(of name: String, _ api: SchemaRegistryAPI) async throws(StepFailure) -> ExporterStatusWire {
        let read = await context.settle(while: { $0.status == 404 }) { try await api.exporterStatus(name) }
        return try await context.call { try read.get() }
    }

    /// Lets an exporter run again whose change failed, and tells what is left of it.
    private func resuming(
        _ name: String, _ api: SchemaRegistryAPI, after failure: StepFailure, isUnchanged: Bool
    ) async -> StepFailure {
        let resumed = await CallShield.finishing { await outcome { try await api.resumeExporter(name) } }
        if case .failure(let refusal) = resumed, refusal.status != 409 {
            return failure.adding("exporter \(name) is left PAUSED (\(refusal.reason))")
        }
        do throws(StepFailure) {
            try await wait(for: .running, name, api)
        } catch {
            return failure.adding("exporter \(name) was resumed, and is not seen to run: \(error.message)")
        }
        guard isUnchanged else { return failure.adding("exporter \(name) goes on with what was written") }
        Deeds.ofStep?.wereTakenBack()
        return failure.adding("exporter \(name) goes on as it was")
    }

    /// Pauses or resumes an exporter when it is not there yet, and waits.
    private func bring(_ name: String, to goal: Goal, _ api: SchemaRegistryAPI) async throws(StepFailure) {
        let status = try await status(of: name, api)
        switch (goal, ExporterState(wire: status.state)) {
        case (.running, .running), (.running, .starting), (.paused, .paused): break
        case (.running, _): try await accept { try await api.resumeExporter(name) }
        case (.paused, _): try await accept { try await api.pauseExporter(name) }
        }
        try await wait(for: goal, name, api)
        if goal == .running { try await awaitArrival(of: name, api) }
    }

    private func readBack(
        _ subject: String, _ wanted: [String: String], _ api: SchemaRegistryAPI,
        read: @escaping @Sendable () async throws -> [String: String]
    ) async throws(StepFailure) {
        try await ReadBack(context: context, subject: subject, wanted: wanted.mapValues { .some($0) })
            .wait(at: api.endpoint, read: read)
    }

    /// An exporter that goes on with another selection than the declared one would be written, and begin anew, with every
    /// apply.
    private func readBack(_ definition: ExporterDefinition, _ api: SchemaRegistryAPI) async throws(StepFailure) {
        let name = definition.exporter
        let wanted = [
            "subjects": Self.list(definition.subjects), "subjectRenameFormat": definition.subjectRenameFormat,
        ]
        try await readBack("exporter \(name)", wanted, api) {
            let found = try await api.exporter(name)
            return [
                "subjects": Self.list(found.subjects ?? []),
                "subjectRenameFormat": found.subjectRenameFormat ?? definition.subjectRenameFormat,
            ]
        }
    }

    private static func list(_ subjects: [String]) -> String { Set(subjects).sorted().joined(separator: ", ") }

    /// Sends a verb; an exporter that is there already refuses it.
    private func accept(_ verb: @Sendable () async throws -> Void) async throws(StepFailure) {
        let result = await outcome(verb)
        if case .failure(let failure) = result, failure.status != 409 { throw StepFailure(failure) }
    }

    private func wait(for goal: Goal, _ name: String, _ api: SchemaRegistryAPI) async throws(StepFailure) {
        let patience = Patience(Self.failuresTolerated)
        let poller = await context.pollers.exporter(name, api)
        try await context.wait(
            for: "exporter \(name) to be \(goal.rawValue)", in: poller, at: api.endpoint,
            atMost: context.transitionLimit
        ) { (status: ExporterStatusWire?) -> PollVerdict<Void> in
            guard let status else { return .failed("exporter \(name) is gone") }
            let state = ExporterState(wire: status.state).description
            if goal == .running, let trace = status.failure { return patience.verdict(name, state, trace) }
            return state == goal.rawValue ? .reached(()) : .waiting(state)
        }
    }

    /// Waits until the destination holds what the exporter selects. One whose destination is not declared, or cannot be
    /// read, is known by its status alone.
    private func awaitArrival(of name: String, _ api: SchemaRegistryAPI) async throws(StepFailure) {
        let definition = try await context.call { try await api.exporter(name) }
        guard let arrival = await ExporterArrival(definition, from: api, context) else { return }
        let patience = Patience(Self.failuresTolerated)
        let poller = context.pollers.alone { try await arrival.look() }
        try await context.wait(
            for: "exporter \(name) to have copied what is there", in: poller, at: api.endpoint,
            atMost: context.transitionLimit
        ) { (seen: ExporterArrival.Seen) -> PollVerdict<Void> in
            if let trace = seen.status.failure {
                return patience.verdict(name, ExporterState(wire: seen.status.state).description, trace)
            }
            patience.restore()
            return seen.missing.isEmpty
                ? .reached(()) : .waiting("missing \(seen.missing.sorted().map(\.inWords).firstFew)")
        }
    }

    /// An exporter of that name that is there already, maybe from our own lost call, must be the one wanted.
    private func compare(
        _ definition: ExporterDefinition, _ url: String?, _ api: SchemaRegistryAPI
    ) async throws(StepFailure) {
        let name = definition.exporter
        let found = try await context.call { try await api.exporter(name) }
        let isSame =
            (found.contextType ?? "AUTO") == definition.contextType.rawValue
            && Set(found.subjects ?? []) == Set(definition.subjects)
            && found.config?["schema.registry.url"].map(Addresses.base) == url
        guard isSame else {
            throw StepFailure(
                .rejected, "exporter \(name) is there already with another definition", endpoint: api.endpoint.base)
        }
    }
}

/// How often an exporter may be seen to fail before it counts as failing.
private final class Patience: Sendable {
    private let limit: Int
    private let seen = Mutex(0)

    init(_ limit: Int) {
        self.limit = limit
    }

    func verdict<Value>(_ name: String, _ state: String, _ trace: String) -> PollVerdict<Value> {
        let count = seen.withLock { count in
            count += 1
            return count
        }
        return count < limit ? .waiting("\(state): \(trace)") : .failed("exporter \(name): \(trace)")
    }

    func restore() {
        seen.withLock { $0 = 0 }
    }
}

extension ExporterStatusWire {
    fileprivate var isPaused: Bool { ExporterState(wire: state) == .paused }
}

extension StepFailure {
    /// The same failure, and what is left.
    fileprivate func adding(_ remark: String) -> StepFailure {
        StepFailure(kind, "\(message); \(remark)", endpoint: endpoint, effect: effect)
    }
}
