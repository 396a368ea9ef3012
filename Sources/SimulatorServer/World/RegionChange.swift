import SimulatedConfluent
import SimulatorCore

/// What the admin API or a script asks of a region.
struct RegionChange: Sendable {
    var state: Region.State?
    var vantages: [Region.Vantage]
    var services: [Service]
    /// The other end of a single path between sites.
    var peer: String?
    var latency: Milliseconds?
    /// Whether the region's clusters are made anew, empty and with other ids.
    var renewsClusters: Bool

    /// Reads a change; the failure says what it may hold.
    static func reading(_ json: JSON) -> Result<RegionChange, Problem> {
        var change = RegionChange(
            vantages: Region.Vantage.allCases, services: Service.allCases, peer: json["peer"]?.string,
            latency: json["latencyMs"]?.int.map { max(0, $0) }, renewsClusters: json["clusterIdentity"] == "new")
        if let text = json["state"]?.string {
            guard let state = Region.State(rawValue: text) else {
                return .failure(Problem("A state is one of up, down, blackhole."))
            }
            change.state = state
        }
        if let text = json["vantage"]?.string {
            guard let vantage = Region.Vantage(rawValue: text) else {
                return .failure(Problem("A vantage is one of runner, sites, clients."))
            }
            change.vantages = [vantage]
        }
        switch json["service"]?.string {
        case nil: break
        case "kafka"?: change.services = [.rest, .brokers]
        case let text?:
            guard let service = Service(rawValue: text) else {
                return .failure(Problem("A service is one of kafka, rest, brokers, registry."))
            }
            change.services = [service]
        }
        guard change.peer == nil || change.vantages == [.sites] else {
            return .failure(Problem("A peer goes with the vantage sites only."))
        }
        return .success(change)
    }

    /// What undoes it.
    var reversed: RegionChange {
        var change = self
        change.state = state.map { _ in .up }
        change.latency = latency.map { _ in 0 }
        change.renewsClusters = false
        return change
    }

    func apply(to region: inout Region) {
        if let latency { region.latency = latency }
        guard let state, peer == nil else { return }
        for vantage in vantages {
            for service in services { region[vantage, service] = state }
        }
    }
}

/// Why the admin API refuses a request.
struct Problem: Error {
    var message: String

    init(_ message: String) {
        self.message = message
    }

    var response: Response {
        .problem(400, 400, message)
    }
}

extension World {
    /// Carries out `PUT /_sim/regions/{region}` and what scripts say of regions. Sockets follow; see `settled()`.
    func change(region name: String, _ change: RegionChange) -> Bool {
        guard var region = name == Listener.control.region ? control : regions[name] else { return false }
        let before = region
        change.apply(to: &region)
        guard name != Listener.control.region else {
            control = region
            if before[.runner, .rest] != region[.runner, .rest] {
                record(.reach(from: "runner", to: name, isReachable: region[.runner, .rest] == .up))
            }
            return true
        }
        if let peer = change.peer, let state = change.state {
            set(path: name, peer, change.services, isOpen: state == .up)
        }
        regions[name] = region
        noteReachability(of: name, from: before, to: region)
        if change.renewsClusters { renewClusters(in: name) }
        refreshReachability(of: name, region)
        moveSockets(of: name, from: before, to: region)
        return true
    }

    private func set(path one: String, _ other: String, _ services: [Service], isOpen: Bool) {
        for service in services {
            let path = Reachability.Path(one, other, service)
            guard stage.reachability.cut.contains(path) == isOpen else { continue }
            if isOpen {
                stage.reachability.cut.remove(path)
            } else {
                stage.reachability.cut.insert(path)
            }
            record(.reach(from: one, to: "\(other)/\(service.rawValue)", isReachable: isOpen))
        }
    }

    private func record(_ effect: Event.Effect) {
        stage.record(Event(effect, by: .operator), at: stage.now)
    }

    private func noteReachability(of name: String, from before: Region, to after: Region) {
        for vantage in Region.Vantage.allCases {
            let changed = Service.allCases.filter { (before[vantage, $0] == .up) != (after[vantage, $0] == .up) }
            if changed.count == Service.allCases.count, let state = after.state(from: vantage) {
                record(.reach(from: vantage.rawValue, to: name, isReachable: state == .up))
            } else {
                for service in changed {
                    record(
                        .reach(
                            from: vantage.rawValue, to: "\(name)/\(service.rawValue)",
                            isReachable: after[vantage, service] == .up))
                }
            }
        }
    }

    /// Makes links and exporters see a region as it is now.
    private func refreshReachability(of name: String, _ region: Region) {
        for service in Service.allCases {
            let place = Reachability.Place(region: name, service: service)
            set(place, in: &stage.reachability.isolated, region[.sites, service] != .up)
            set(place, in: &stage.reachability.dead, region.isDead(service))
        }
        for registry in registries.registries.values.sorted(by: { $0.id < $1.id }) where registry.site == name {
            registries.setRunning(!region.isDead(.registry), of: registry.id, at: stage.now)
        }
        kafka.refreshLinks(in: &stage)
    }

    private func set(_ place: Reachability.Place, in places: inout Set<Reachability.Place>, _ isMember: Bool) {
        if isMember {
            places.insert(place)
        } else {
            places.remove(place)
        }
    }

    /// Opens and closes the sockets of a region. Coming back from a black hole drops the requests that hang in it.
    func moveSockets(of name: String, from before: Region, to after: Region) {
        for listener in directory.ports.keys.filter({ $0.region == name }).sorted(by: { $0.name < $1.name }) {
            let (old, new) = (before[.runner, listener.service], after[.runner, listener.service])
            let restarts = restartsWithBrokers(listener, from: before, to: after)
            guard old != new || restarts else { continue }
            if new == .down || old == .blackhole || restarts { close(listener) }
            if new != .down { reopen(listener) }
        }
    }

    /// Requests that wait for black-holed brokers end with the black hole.
    private func restartsWithBrokers(_ listener: Listener, from before: Region, to after: Region) -> Bool {
        listener.service == .rest && before[.runner, .brokers] == .blackhole && after[.runner, .brokers] != .blackhole
    }
}
