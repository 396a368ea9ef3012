import Domain

extension Drift {
    /// What one object was seen to be.
    enum Live {
        /// With these fields; `besides` are differences that no field of the ledger tells.
        case found([String: String], besides: [Change.FieldDifference] = [])
        case missing
        case unseen(String)

        init<Snapshot>(_ reach: Reach<Snapshot>?, _ fields: (Snapshot) -> [String: String]?) {
            self.init(reach) { snapshot -> Live in fields(snapshot).map { Live.found($0) } ?? .missing }
        }

        init<Snapshot>(_ reach: Reach<Snapshot>?, _ live: (Snapshot) -> Live) {
            switch reach {
            case .reachable(let snapshot)?: self = live(snapshot)
            case .absent?: self = .missing
            case .some(let silent): self = .unseen(silent.silence ?? "unknown")
            case nil: self = .unseen("nothing in the manifests says how to reach it")
            }
        }
    }

    /// An observation, looked up by what the ledger owns: by the live ids of sites, whatever their names mean now.
    struct Seen {
        private let recorded: Recorded
        private let observation: Observation
        private let mirrors: [String: [String: [ObservedMirror]]]

        init(_ recorded: Recorded, _ observation: Observation) {
            self.recorded = recorded
            self.observation = observation
            mirrors = observation.clusters.compactMapValues { reach in
                reach.snapshot.map { Dictionary(grouping: $0.mirrors, by: \.topic) }
            }
        }

        func live(_ address: ResourceAddress, _ owned: Recorded.Owned) -> Live {
            let place: String
            switch self.place(of: address, owned) {
            case .success(let name): place = name
            case .failure(let elsewhere): return .unseen(elsewhere.words)
            }
            switch address.kind {
            case .environment: return environment(address, owned)
            case .cluster: return cluster(address, owned)
            case .registry: return .unseen("a registry has no fields of its own")
            case .fence, .group, .hook: return .unseen("it is not owned")
            case .topic: return Live(observation.clusters[place]) { $0.fields(ofTopic: address.name) }
            case .link:
                return Live(observation.clusters[place]) { snapshot in
                    snapshot.links.first { $0.name == address.name }.map(\.managedFields)
                }
            case .mirror: return Live(observation.clusters[place]) { mirror(address.name, place, $0) }
            case .compatibility:
                return Live(observation.registries[place]) {
                    $0.compatibility.map { ["compatibility": $0.rawValue] } ?? [:]
                }
            case .mode:
                return mode(RegistryContext(address.name), observation.registries[place])
            case .exporter:
                return Live(observation.registries[place]) { snapshot in
                    snapshot.exporters.first { $0.name == address.name }.map {
                        $0.fields(destination: owned.applied["destination"] ?? "")
                    }
                }
            case .binding: return Live(observation.stores[address]) { $0.fields(comparedTo: owned.applied) }
            }
        }

        private func mode(_ context: RegistryContext, _ registry: Reach<RegistrySnapshot>?) -> Live {
            if let snapshot = registry?.snapshot, snapshot.modes[context] == nil {
                return .unseen("the mode of its context was not asked for")
            }
            return Live(registry) { $0.modes[context].map { ["mode": $0.description] } }
        }

        // MARK: Sites

        /// An object is on a live site that its name does not mean now.
        private struct Elsewhere: Error {
            let words: String
        }

        /// The name under which the site was seen that holds an object; empty for what none holds.
        private func place(of address: ResourceAddress, _ owned: Recorded.Owned) -> Result<String, Elsewhere> {
            guard let place = address.place else { return .success("") }
            guard let id = owned.siteID else { return .success(place) }
            let ids =
                address.kind.isInRegistry
                ? observation.sites.environments.compactMapValues(\.id) : observation.sites.clusters.mapValues(\.id)
            guard let now = ids[place], now != id else { return .success(place) }
            guard let other = ids.filter({ $0.value == id }).keys.min() else {
                return .failure(Elsewhere(words: "it is of \(id), and \(place) is \(now) now"))
            }
            return .success(other)
        }

        private func environment(_ address: ResourceAddress, _ owned: Recorded.Owned) -> Live {
            guard let id = owned.nativeID ?? recorded.sites.environments[address.name]?.id else {
                return .unseen("its id is not known")
            }
            return site(id, in: .environments) { snapshot in snapshot.environments.first { $0.id == id }.map(\.fields) }
        }

        private func cluster(_ address: ResourceAddress, _ owned: Recorded.Owned) -> Live {
            let known = recorded.sites.clusters[address.name]
            guard let id = owned.nativeID ?? known?.id else { return .unseen("its id is not known") }
            return site(id, in: .clusters(environment: known?.environmentID ?? "")) { snapshot in
                snapshot.clusters.first { $0.id == id }.map(\.fields)
            }
        }

        /// An object of any control plane: missing only when every one of them has told that it is gone.
        private func site(
            _ id: String, in list: ControlPlaneList, _ fields: (ControlPlaneSnapshot) -> [String: String]?
        ) -> Live {
            for reach in observation.controlPlanes.values {
                if let found = reach.snapshot.flatMap(fields) { return .found(found) }
            }
            let planes = observation.controlPlanes.sorted { $0.key < $1.key }.map(\.value)
            if let silent = planes.compactMap(\.silence).first { return .unseen(silent) }
            let doubts = planes.compactMap { $0.snapshot?.doubt(about: id, in: list, wasKnown: true) }
            if let doubt = doubts.first { return .unseen(doubt.silence) }
            return observation.controlPlanes.isEmpty ? .unseen("no control plane in the manifests") : .missing
        }

        // MARK: Mirrors

        /// A mirror that somebody stopped, or made anew as a topic of its own, is there, and is no mirror any more.
        private func mirror(_ name: String, _ cluster: String, _ snapshot: KafkaSnapshot) -> Live {
            let rows = mirrors[cluster]?[name] ?? []
            if let row = rows.first(where: \.isLive) {
                return .found(
                    ["link": row.link], besides: row.status.isStill ? [Self.status(row.status.description)] : [])
            }
            guard snapshot.topics[name] != nil else { return .missing }
            guard let row = rows.first else { return .found([:], besides: [Self.status("ordinary topic")]) }
            return .found(["link": row.link], besides: [Self.status(row.status.description)])
        }

        private static func status(_ now: String) -> Change.FieldDifference {
            Change.FieldDifference(DeedsOfMoves.status, from: MirrorStatus.active.description, to: now)
        }
    }
}

extension MirrorStatus {
    /// Whether somebody, or a fault, has ended or halted it: it does not go on by itself.
    fileprivate var isStill: Bool {
        switch self {
        case .paused, .linkPaused, .stopped, .pendingStopped, .failed: true
        case .active, .pendingMirror, .pendingSynchronize, .pendingSetupForRestore, .pendingRestore, .linkFailed,
            .sourceUnavailable, .other:
            false
        }
    }
}
