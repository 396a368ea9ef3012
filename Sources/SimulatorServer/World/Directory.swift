import SimulatedConfluent
import SimulatorCore

/// Who answers where: the phone book that control plane and exporters look things up in.
struct Directory: EndpointDirectory, RegistryDirectory {
    let host: String
    /// Ports of the listeners that were opened at least once.
    private(set) var ports: [Listener: Int] = [:]
    /// The listener each registry answers at.
    private(set) var registryListeners: [String: Listener] = [:]
    /// Certificates of the listeners that speak TLS.
    private(set) var certificates: [Listener: SimulatedStoreConfiguration.TLS] = [:]
    /// The API keys, and the time at which they are judged.
    var keys = KeyRing()
    var now: Milliseconds = 0

    init(host: String) {
        self.host = host
    }

    mutating func note(_ listener: Listener, port: Int) {
        ports[listener] = port
    }

    /// The listener of a registry, chosen when it is first asked for.
    mutating func assignListener(registry id: String, region: String) -> Listener {
        if let listener = registryListeners[id] { return listener }
        let isFirst = !registryListeners.values.contains(.registry(region: region))
        let listener: Listener = isFirst ? .registry(region: region) : .furtherRegistry(region: region, id: id)
        registryListeners[id] = listener
        return listener
    }

    mutating func forget(registry id: String) {
        registryListeners[id] = nil
    }

    /// The registry that answers at a listener.
    func registry(behind listener: Listener) -> String? {
        registryListeners.first { $0.value == listener }?.key
    }

    mutating func serve(_ listener: Listener, with certificates: SimulatedStoreConfiguration.TLS?) {
        self.certificates[listener] = certificates
    }

    /// Knows registries and keys as they were; ports are kept.
    mutating func goBack(to earlier: Directory) {
        registryListeners = earlier.registryListeners
        keys = earlier.keys
        now = earlier.now
    }

    func url(_ listener: Listener) -> String? {
        let scheme = certificates[listener] == nil ? "http" : "https"
        return ports[listener].map { "\(scheme)://\(host):\($0)" }
    }

    func bootstrap(of cluster: String, region: String) -> String {
        "\(cluster).\(region).simulated:9092"
    }

    // MARK: EndpointDirectory

    func offers(region: String) -> Bool {
        Names.areValid(region) && region != Listener.control.region
    }

    func kafka(_ id: String, region: String) -> KafkaEndpoints? {
        url(.kafka(region: region)).map { KafkaEndpoints(rest: $0, bootstrap: bootstrap(of: id, region: region)) }
    }

    func registry(_ id: String, region: String) -> String? {
        registryListeners[id].flatMap(url)
    }

    // MARK: RegistryDirectory

    func registry(at url: String) -> String? {
        registryListeners.first { self.url($0.value) == url }?.key
    }

    func accepts(_ credentials: Credentials, forRegistry id: String) -> Bool {
        keys.caller(of: credentials, on: id, at: now) != nil
    }
}
