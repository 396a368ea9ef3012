import Domain

/// Names of topics that cannot stand beside each other on one cluster.
extension MergedPlan {
    /// Refuses topics and mirrors that would be made although their cluster has, or gets, a topic of the same name or of
    /// one that Kafka takes for the same.
    mutating func refuseCollidingTopics() {
        var made: [String: [String: [ResourceAddress]]] = [:]
        for (address, unit) in written.units where unit.hold == nil && unit.change?.effect == .create {
            guard address.kind == .topic || address.kind == .mirror, let cluster = address.place else { continue }
            made[cluster, default: [:]][TopicNameCollision.key(address.name), default: []].append(address)
        }
        for (cluster, keys) in made.sorted(by: { $0.key < $1.key }) {
            var live: [String: Set<String>] = [:]
            for name in observation.clusters[cluster]?.snapshot?.topics.keys ?? [:].keys {
                let key = TopicNameCollision.key(name)
                if keys[key] != nil { live[key, default: []].insert(name) }
            }
            for (key, addresses) in keys.sorted(by: { $0.key < $1.key }) {
                refuse(addresses.sorted(), besides: live[key] ?? [], on: cluster)
            }
        }
    }

    private mutating func refuse(_ made: [ResourceAddress], besides live: Set<String>, on cluster: String) {
        let names = Set(made.map(\.name)).union(live)
        if names.count > 1 {
            for address in made { refuseColliding(address, with: names.subtracting([address.name]).sorted(), cluster) }
        } else if made.count > 1 {
            for address in made where address.kind == .mirror { refuseTaken(address, cluster) }
        }
    }

    private mutating func refuseColliding(_ address: ResourceAddress, with others: [String], _ cluster: String) {
        refuse(address, .collides(topic: address.name, with: others, cluster: cluster))
    }

    private mutating func refuseTaken(_ address: ResourceAddress, _ cluster: String) {
        refuse(address, .taken(topic: address.name, cluster: cluster))
    }

    private mutating func refuse(_ address: ResourceAddress, _ reason: TopicReason) {
        guard let unit = written.units[address] else { return }
        refuse(
            unit, Refusal(.unsupported, subject: address.description, .topic(reason)),
            owner: facts.familyOwner(of: unit))
    }
}

extension Facts {
    /// The group a topic or mirror comes from, which is refused with it.
    func familyOwner(of unit: Unit) -> LinkOwner? {
        unit.family.flatMap { name in families.first { $0.name == name } }.map { LinkOwner($0) }
    }
}
