import FoundationEssentials
import SimulatedConfluent
import SimulatedStores
import SimulatorCore

/// Everything the simulator knows: one model of all services, changed by one request at a time.
///
/// Nothing happens in the background. Before each request the world moves on to the present, and everything that was
/// due meanwhile happens at its own time.
actor World {
    /// Where every request is carried out: one thread, as there is one world.
    nonisolated let executor = LoopExecutor()
    let configuration: SimulatorConfiguration
    var stage: Stage
    var kafka: KafkaEstate
    var registries: RegistryEstate
    var controlPlane: ControlPlaneEstate
    /// Stores of bindings, by name.
    var stores: [String: any SimulatedStore] = [:]
    var directory: Directory
    var regions: [String: Region] = [:]
    var control = Region()
    var faults: [FaultRule] = []
    var addedFaults = 0
    /// The rules as they were given.
    var faultSources: [(id: Int, source: JSON)] = []
    var staleReads = StaleReads()
    var workload = Workload()
    /// What happens to regions and applications by itself.
    var agenda = Agenda<Work>()
    var counts: [Listener: [String: Int]] = [:]
    var checkpoints: [String: Checkpoint] = [:]
    var dateHeader = DateHeader()
    private var virtualNow: Milliseconds?
    /// Listeners whose sockets are not yet as asked, with the number of commands under way.
    private var unsettled: [Listener: Int] = [:]
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private let commands: AsyncStream<ListenerCommand>.Continuation

    /// Work that is due at a known time, beside that of the models.
    enum Work {
        case region(String, RegionChange, fault: Int)
        case client(WorkloadClient)
    }

    init(configuration: SimulatorConfiguration, commands: AsyncStream<ListenerCommand>.Continuation) {
        self.configuration = configuration
        self.commands = commands
        if case .virtual(let start) = configuration.clock { virtualNow = start }
        stage = Stage(now: virtualNow ?? Self.machineNow, seed: configuration.seed)
        kafka = KafkaEstate()
        registries = RegistryEstate()
        var pace = ControlPlanePace()
        pace.kafka = configuration.provisioning.kafka
        pace.registry = configuration.provisioning.registry
        pace.cloudKey = configuration.provisioning.key
        pace.kafkaKey = configuration.provisioning.key
        pace.registryKey = configuration.provisioning.key
        controlPlane = ControlPlaneEstate(baseURL: "", pace: pace)
        directory = Directory(host: configuration.host)
    }

    private static var machineNow: Milliseconds {
        Milliseconds(Date().timeIntervalSince1970 * 1_000)
    }

    var isVirtual: Bool {
        virtualNow != nil
    }

    // MARK: Time

    /// Brings every model to the present, one thing that is due after the other.
    func advance() {
        let now = max(stage.now, virtualNow ?? Self.machineNow)
        while let next = nextDue(), next <= now {
            move(to: next)
            while let (_, work) = agenda.take(until: next) { perform(work) }
        }
        move(to: now)
    }

    private func nextDue() -> Milliseconds? {
        [agenda.next, kafka.agenda.next, registries.nextEvent()].compactMap { $0 }.min()
    }

    private func move(to time: Milliseconds) {
        kafka.advance(to: max(time, stage.now), in: &stage)
        directory.now = stage.now
        controlPlane.advance(to: stage.now, using: directory)
        follow()
        registries.advance(to: stage.now, using: directory, in: &stage)
    }

    private func perform(_ work: Work) {
        switch work {
        case .region(let name, let change, let fault): carryOut(change, on: name, fault: fault)
        case .client(let client): tick(client)
        }
    }

    /// Does what is due by itself on a machine's clock, so that it happens also while nobody asks.
    func pulse() {
        guard !isVirtual, agenda.next != nil else { return }
        advance()
    }

    /// Moves a virtual clock; returns `false` on a real one.
    func advance(by milliseconds: Milliseconds) -> Bool {
        guard let now = virtualNow else { return false }
        virtualNow = now + max(0, milliseconds)
        advance()
        return true
    }

    /// Makes data-plane servers follow what the control plane did.
    func follow() {
        var keysChanged = directory.keys.grants != controlPlane.ring.grants
        for effect in controlPlane.drainEffects() {
            switch effect {
            case .kafkaRequested(_, _, let region): openRegion(region)
            case .kafkaProvisioned(let id, _, let region, let kind, let endpoints):
                add(
                    Cluster(
                        id: id, displayName: controlPlane.clusters[id]?.displayName ?? id,
                        kind: Cluster.Kind(rawValue: kind.rawValue) ?? .basic, site: region,
                        bootstrap: endpoints.bootstrap, restURL: endpoints.rest))
            case .kafkaDeleted(let id): kafka.removeCluster(id, in: &stage)
            case .registryRequested(let id, _, let region):
                openRegion(region)
                open(directory.assignListener(registry: id, region: region))
            case .registryProvisioned(let id, let environment, let region, _):
                registries.add(id: id, environment: environment, site: region)
            case .registryDeleted(let id):
                registries.remove(id)
                directory.forget(registry: id)
            case .keyActivated, .keyDeleted: keysChanged = true
            }
        }
        guard keysChanged else { return }
        directory.keys = controlPlane.ring
        kafka.keys = controlPlane.ring
        kafka.refreshLinks(in: &stage)
    }

    func add(_ cluster: Cluster) {
        kafka.insert(cluster)
        kafka.refreshLinks(in: &stage)
    }

    // MARK: Sockets

    /// Makes a region with its two listeners, unless it is there.
    func openRegion(_ name: String) {
        guard regions[name] == nil else { return }
        regions[name] = Region()
        open(.kafka(region: name))
        open(.registry(region: name))
    }

    func open(_ listener: Listener) {
        guard regions[listener.region]?[.runner, listener.service] != .down,
            directory.ports[listener] == nil || unsettled[listener] != nil
        else { return }
        request(.open(listener, port: directory.ports[listener] ?? 0), for: listener)
    }

    func reopen(_ listener: Listener) {
        request(.open(listener, port: directory.ports[listener] ?? 0), for: listener)
    }

    func close(_ listener: Listener) {
        request(.close(listener), for: listener)
    }

    private func request(_ command: ListenerCommand, for listener: Listener) {
        guard listener != .control else { return }
        if case .open = command, directory.ports[listener] == nil, unsettled[listener] != nil { return }
        unsettled[listener, default: 0] += 1
        commands.yield(command)
    }

    func certificates(of listener: Listener) -> SimulatedStoreConfiguration.TLS? {
        directory.certificates[listener]
    }

    /// A server reports that a socket listens.
    func didOpen(_ listener: Listener, port: Int) {
        directory.note(listener, port: port)
        if listener == .control { controlPlane.baseURL = directory.url(.control) ?? "" }
        settle(listener)
    }

    /// A server reports that a socket is closed.
    func didClose(_ listener: Listener) {
        settle(listener)
    }

    private func settle(_ listener: Listener) {
        let left = (unsettled[listener] ?? 1) - 1
        unsettled[listener] = left > 0 ? left : nil
        guard unsettled.isEmpty else { return }
        let resumed = waiting
        waiting = []
        for continuation in resumed { continuation.resume() }
    }

    /// Waits until every socket is as asked.
    func settled() async {
        guard !unsettled.isEmpty else { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Releases whoever waits, when the servers stop.
    func abandon() {
        unsettled = [:]
        let resumed = waiting
        waiting = []
        for continuation in resumed { continuation.resume() }
    }

    var endpoints: SimulatorEndpoints {
        var shown: [String: SimulatorEndpoints.Region] = [:]
        for name in regions.keys {
            guard let rest = directory.url(.kafka(region: name)), let registry = directory.url(.registry(region: name))
            else { continue }
            shown[name] = SimulatorEndpoints.Region(kafkaREST: rest, schemaRegistry: registry)
        }
        let base = directory.url(.control) ?? ""
        return SimulatorEndpoints(
            controlPlane: base, admin: "\(base)/_sim",
            credentials: SimulatorEndpoints.KeyPair(
                key: Credentials.everywhere.key, secret: Credentials.everywhere.secret),
            regions: shown,
            stores: Dictionary(
                directory.ports.keys.compactMap { listener in
                    listener.storeName.flatMap { name in directory.url(listener).map { (name, $0) } }
                }, uniquingKeysWith: { $1 }))
    }
}
