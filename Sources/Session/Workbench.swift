package import Bindings
import Confluent
package import Domain
package import Execution
import Foundation
import Logging
import Manifest
package import Planning
import StateStores
package import Transport

/// Everything between manifests and live systems that one command needs: state, secrets, HTTP.
package struct Workbench {
    /// The workspace.
    package let manifests: LoadedManifests
    /// What it was opened with.
    package let options: SessionOptions
    /// The ledger and the journal.
    package internal(set) var store: any StateStore
    let opening: StateOpening
    let secrets: SecretReader
    let connections: Connections
    let transport: HTTPTransport

    package var workspace: Workspace { manifests.workspace }
    var folder: String { manifests.loaded.folder }

    package init(
        manifests: LoadedManifests, options: SessionOptions, store: (any StateStore)? = nil, initState: Bool = false,
        secrets: SecretReader, connections: Connections, transport: HTTPTransport
    ) async throws(CommandFailure) {
        opening = StateOpening(manifests: manifests, connections: connections, mayBegin: initState)
        if let store { self.store = store } else { self.store = try await opening.store(options.state) }
        self.manifests = manifests
        self.options = options
        self.secrets = secrets
        self.connections = connections
        self.transport = transport
    }

    /// Opens what a command needs and closes it afterwards.
    package static func with<Result>(
        _ options: SessionOptions, initState: Bool = false, _ body: (Workbench) async throws -> Result
    ) async throws -> Result {
        let manifests = try LoadedManifests.load(options)
        let context = CommandContext.current
        let workspace = manifests.workspace
        let secrets = KnownSecrets()
        let transport = try HTTPTransport.of(workspace.spec, in: context, logger: options.logger, knowing: secrets)
        let folder = manifests.loaded.folder
        let connections = Connections(
            of: workspace, folder: folder, environment: context.environment, transport: transport,
            kubernetes: .readingYAML)
        do {
            let bench = try await Workbench(
                manifests: manifests, options: options, initState: initState,
                secrets: SecretReader(folder: folder, environment: context.environment, connections: connections),
                connections: connections, transport: transport)
            let result = try await body(bench)
            await transport.shutdown()
            return result
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    /// The time now.
    package static var now: Timestamp { StateClock.system.now() }

    // MARK: Reading

    /// What the ledger remembers.
    package func recorded() async throws(CommandFailure) -> Recorded {
        try await state { store throws(StateStoreError) in try await store.recorded() }
    }

    /// Asks the state store, and turns its errors into exit codes.
    package func state<Result>(
        _ body: (any StateStore) async throws(StateStoreError) -> Result
    ) async throws(CommandFailure) -> Result {
        do {
            return try await body(store)
        } catch {
            throw CommandFailure(error, now: Self.now)
        }
    }

    /// Reads the live systems, and remembers where they are.
    ///
    /// - Parameter flags: They may direct groups elsewhere than their manifests.
    package func observe(
        _ recorded: Recorded, _ flags: PlanOptions = PlanOptions()
    ) async throws(CommandFailure) -> Observation {
        try await checkFingerprintKey(recorded)
        let observer = ConfluentObserver(secrets: secrets, transport: transport, stores: try await storeObserver())
        async let looked: Void = SecretStoreLook(resolver: secrets).look(at: workspace)
        let observation = await observer.observe(
            ObservationScope(workspace.under(flags, recorded), recorded: recorded), of: workspace,
            recorded: recorded)
        await looked
        await remember(observation.sites)
        return observation
    }

    /// Remembers what a plan has shown: how far mirrors are behind, and that groups were protected.
    func remember(_ plan: Plan, _ observation: Observation) async {
        var sites = observation.sites
        for group in plan.groups where group.isProtected {
            guard let holder = group.standing?.holder, var site = sites.clusters[holder] else { continue }
            site.protected = (site.protected ?? [:]).merging([group.name: observation.startedAt]) { max($0, $1) }
            sites.clusters[holder] = site
        }
        await remember(sites, lag: GroupLag.measured(plan))
    }

    func remember(_ sites: KnownSites, lag: [String: Recorded.Lag] = [:]) async {
        do {
            try await store.remember(sites: sites, lag: lag)
        } catch {
            options.logger.debug("the caches of the state were not written: \(error)")
        }
    }

    /// Reads what stores of bindings hold.
    func storeObserver() async throws(CommandFailure) -> BindingStoreObserver {
        BindingStoreObserver(
            folder: folder, connections: connections, publications: try await recorded().publications,
            fingerprinter: try await fingerprinter())
    }

    /// Makes fingerprints with the workspace's key, else the ledger's; before there is a ledger, with a key that is
    /// forgotten afterwards.
    func fingerprinter() async throws(CommandFailure) -> Fingerprinter {
        if let reference = workspace.spec.fingerprintKey {
            do {
                return Fingerprinter(key: try await secrets.resolve(reference))
            } catch {
                throw CommandFailure(.error, "`spec.state.fingerprintKey` cannot be read: \(error.reason)")
            }
        }
        let kept = try await state { store throws(StateStoreError) in try await store.fingerprintKey() }
        return kept.map { Fingerprinter(key: $0) } ?? Self.forgotten
    }

    /// What saved plans are signed with; `nil` = nothing.
    package func planKey() async throws(CommandFailure) -> Secret? {
        guard let reference = workspace.spec.planKey else { return nil }
        do {
            return try await secrets.resolve(reference)
        } catch {
            throw CommandFailure(.error, "`spec.planKey` cannot be read: \(error.reason)")
        }
    }

    /// With another key every secret would look changed, and none could be told to be.
    private func checkFingerprintKey(_ recorded: Recorded) async throws(CommandFailure) {
        let known = recorded.fingerprintKeys
        guard !known.isEmpty else { return }
        let isDeclared = workspace.spec.fingerprintKey != nil
        if !isDeclared {
            let kept = try await state { store throws(StateStoreError) in try await store.fingerprintKey() }
            guard kept != nil else { return }
        }
        if let id = try await fingerprinter().keyID, known.contains(id) { return }
        throw CommandFailure(
            .error,
            "`spec.state.fingerprintKey` cannot change: the ledger's secrets were fingerprinted with another key, and "
                + "every one would look changed; nothing was done\n  "
                + (isDeclared
                    ? "put the former key back, or remove the field if there was none"
                    : "put `spec.state.fingerprintKey` back"))
    }

    private static let forgotten = Fingerprinter()

    // MARK: Planning

    /// Reads everything a plan is made from.
    ///
    /// - Parameter isAsGiven: Whether the flags are those of the command line, whose names are compared with what there
    ///   is; in the course of a run what they name may be gone by what they asked for.
    func input(_ options: PlanOptions, isAsGiven: Bool = false) async throws(CommandFailure) -> PlanInput {
        let recorded = try await recorded()
        let names = FlagNames(workspace: workspace, recorded: recorded)
        if isAsGiven { try names.check(options) }
        let observation = try await observe(recorded, options)
        if isAsGiven { try names.check(options, in: observation) }
        let facts = await SecretFactsReader(resolver: secrets, fingerprinter: try await fingerprinter())
            .facts(of: workspace.under(options, recorded), sites: observation.sites)
        let input = PlanInput(
            workspace: workspace, observation: observation, recorded: recorded, secrets: facts, options: options,
            toolVersion: Version.current)
        if isAsGiven, !options.targets.isEmpty { try names.check(targetsOf: PlanDraft(input).plan, in: observation) }
        return input
    }

    /// Observes and plans.
    package func plan(_ options: PlanOptions, isAsGiven: Bool = false) async throws(CommandFailure) -> Plan {
        try await draft(options, isAsGiven: isAsGiven).plan
    }

    /// Observes and plans, and tells what the plan is made from.
    package func draft(_ options: PlanOptions, isAsGiven: Bool = false) async throws(CommandFailure) -> PlanDraft {
        var draft = PlanDraft(try await input(options, isAsGiven: isAsGiven))
        while !draft.questions.isEmpty {
            draft.take(await answer(draft.questions, draft.input.observation.sites))
        }
        await remember(draft.plan, draft.input.observation)
        return draft
    }

    /// What every standby would meet if it had to take over now.
    ///
    /// - Parameter seen: The plan of now: what it asked is not asked again for each of them.
    package func outlooks(_ seen: PlanDraft) async throws(CommandFailure) -> [Takeover.Outlook] {
        let (observation, answers) = (seen.input.observation, seen.input.answers)
        let recorded = try await recorded()
        let reader = SecretFactsReader(resolver: secrets, fingerprinter: try await fingerprinter())
        let takeovers = Takeover.all(in: workspace, observation, seen.plan)
        return await withTaskGroup(of: (Int, Takeover.Outlook).self) { group in
            for (index, takeover) in takeovers.enumerated() {
                group.addTask {
                    let facts = await reader.facts(of: takeover.workspace, sites: observation.sites)
                    var draft = takeover.draft(
                        recorded, secrets: facts, knowing: answers, toolVersion: Version.current)
                    draft.take(await answer(draft.questions, observation.sites))
                    return (index, draft.outlook)
                }
            }
            let outlooks = await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            return takeovers.indices.compactMap { outlooks[$0] }
        }
    }

    /// Asks the live systems what the planner wants to know of them.
    func answer(_ probes: [Probe], _ sites: KnownSites) async -> [Probe: ProbeAnswer] {
        await ConfluentProbeReader(
            workspace: workspace, secrets: secrets, directory: SiteDirectory(sites), transport: transport
        ).answer(probes)
    }
}

extension LoadedManifests {
    /// A path of the workspace file, made absolute.
    func path(_ text: String) -> String {
        text.hasPrefix("/") ? text : "\(loaded.folder)/\(text)"
    }
}

extension HTTPTransport {
    /// The way to everything that a workspace names, by the proxies and authorities of the environment.
    ///
    /// - Throws: ``CommandFailure`` when a variable of the environment cannot be used.
    static func of(
        _ spec: WorkspaceSpec, in context: CommandContext, logger: Logger, knowing secrets: KnownSecrets
    ) throws(CommandFailure) -> HTTPTransport {
        var settings = Settings(spec)
        do throws(ProxySettings.Unusable) {
            settings.proxies = try ProxySettings(environment: context.environment, secrets: secrets)
        } catch {
            throw CommandFailure(.error, "\(error.variable) cannot be used: \(error.reason)")
        }
        do throws(AuthoritiesFile.Unusable) {
            settings.authorities = try AuthoritiesFile.path(in: context.environment)
        } catch {
            throw CommandFailure(
                .error, "\(AuthoritiesFile.variable) cannot be used: \(error.path) holds no PEM certificate")
        }
        return HTTPTransport(settings: settings, logger: logger, secrets: secrets)
    }
}

extension KubernetesSurroundings {
    /// What a pod and a workstation have, with kubeconfigs in YAML.
    fileprivate static var readingYAML: KubernetesSurroundings {
        KubernetesSurroundings { bytes throws(UnreadableYAML) in
            do throws(YAMLAsJSON.Unreadable) {
                return try YAMLAsJSON.convert(bytes)
            } catch {
                throw UnreadableYAML(reason: error.reason)
            }
        }
    }
}
