import Bindings
import Confluent
import Domain
import Execution
import Planning
import Transport

extension ApplyRun {
    /// Performs the steps of a plan.
    func perform(
        _ plan: Plan, _ observation: Observation, _ session: any RunSession
    ) async throws -> RunReport {
        let directory = SiteDirectory(observation.sites)
        let bindings = BindingPerformer(
            workspace: bench.workspace, folder: bench.folder, connections: bench.connections, secrets: bench.secrets,
            sites: directory, ledgerID: session.ledgerID, seen: observation.stores,
            publications: try await bench.recorded().publications, fingerprinter: try await bench.fingerprinter())
        let confluent = ConfluentPerformer(
            workspace: bench.workspace, secrets: bench.secrets, directory: directory, transport: bench.transport)
        let view = ProgressView(steps: plan.steps, format: request.format, options: bench.options)
        let hooks = RestartHooks(
            workspace: bench.workspace, folder: bench.folder, secrets: bench.secrets, sites: directory,
            transport: bench.transport, connections: bench.connections, tell: { await view.tell($0) })
        let holders = HolderPerformer(
            workspace: bench.workspace,
            stores: try await bench.storeObserver(), cluster: confluent)
        let timeouts = bench.workspace.spec.timeouts
        let performers: [any StepPerformer] = [bindings, holders, hooks, confluent]
        let engine = Engine(
            session: session,
            performers: performers.map { RedactingPerformer($0, secrets: bench.transport.secrets) },
            limits: .init(concurrency: bench.workspace.spec.requestsPerEndpoint * 4, requestTimeout: timeouts.request),
            startedAt: CommandContext.current.startedAt, clock: { Workbench.now },
            observer: { event in await view.receive(event) })
        // A run that is killed must not leave what was seen of copies that it replaced.
        var begun = observation.sites
        begun.beginCopies(in: plan.steps, at: Workbench.now)
        try? await session.remember(sites: begun, lag: [:])
        let report = try await control.performing(with: engine) { try await engine.run(plan.steps) }
        await view.finish()
        if report.journalFailure == nil { try await refreshLedger(plan, session) }
        var sites = await directory.known.answering(report.outcomes)
        sites.beginCopies(in: plan.steps, at: Workbench.now)
        try? await session.remember(sites: sites, lag: [:])
        return report
    }

    /// Brings rows of the ledger up to what is live and wanted already; nobody is told.
    func refreshLedger(_ plan: Plan, _ session: any RunSession) async throws {
        guard !plan.ledgerRefresh.isEmpty else { return }
        let limits = Engine.Limits(concurrency: 1, requestTimeout: bench.workspace.spec.timeouts.request)
        let engine = Engine(
            session: session, performers: [], limits: limits, clock: { Workbench.now }, observer: { _ in })
        let report = try await engine.run(plan.ledgerRefresh)
        guard let failure = report.journalFailure else { return }
        throw CommandFailure(.error, "the ledger could not be written: \(failure)")
    }
}

extension KnownSites {
    /// The sites with the clusters that carried out steps of a run: those answered when the step ended.
    fileprivate func answering(_ outcomes: [StepOutcome]) -> KnownSites {
        var sites = self
        for outcome in outcomes where outcome.result == .succeeded {
            sites.forgetHoldings(after: outcome.step.action)
            switch outcome.step.action {
            case .cloud(.deleteCluster(let site)): sites.clusters[site.cluster] = nil
            case .cloud(.deleteEnvironment(let site)): sites.environments[site.environment] = nil
            default: continue
            }
        }
        for outcome in outcomes where outcome.result == .succeeded && outcome.step.isEffectful {
            guard let place = outcome.step.address.place, let cluster = sites.clusters[place],
                [.topic, .mirror, .link].contains(outcome.step.address.kind)
            else { continue }
            sites.clusters[place]?.lastAnswered = max(cluster.lastAnswered ?? outcome.endedAt, outcome.endedAt)
        }
        return sites
    }
}
