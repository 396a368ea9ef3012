import SimulatedConfluent

/// One listening socket of the simulator.
enum Listener: Hashable, Sendable {
    /// The control plane and the admin API.
    case control
    case kafka(region: String)
    /// The Schema Registry of a region that was there first.
    case registry(region: String)
    case furtherRegistry(region: String, id: String)
    /// A store of bindings; its region is its own name when it fails by itself.
    case store(name: String, region: String)

    /// The region whose state it shares: `control` for the control plane.
    var region: String {
        switch self {
        case .control: "control"
        case .kafka(let region), .registry(let region), .furtherRegistry(let region, _), .store(_, let region): region
        }
    }

    /// What answers behind it; the control plane counts as an API without brokers.
    var service: Service {
        switch self {
        case .control, .kafka, .store: .rest
        case .registry, .furtherRegistry: .registry
        }
    }

    /// How the admin API names it.
    var name: String {
        switch self {
        case .control: "control"
        case .kafka(let region): "\(region)/kafka"
        case .registry(let region): "\(region)/registry"
        case .furtherRegistry(let region, let id): "\(region)/registry/\(id)"
        case .store(let name, let region): name == region ? name : "\(region)/\(name)"
        }
    }

    /// The store behind it.
    var storeName: String? {
        if case .store(let name, _) = self { name } else { nil }
    }
}

/// What the servers are asked to do with a socket.
enum ListenerCommand: Sendable {
    case open(Listener, port: Int)
    case close(Listener)
}
