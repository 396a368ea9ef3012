import Domain

/// What the cluster itself says of topics before anything is made: it is asked with `validate_only`, once for all topics
/// that are to be alike.
extension MergedPlan {
    mutating func checkTopics() {
        var shapes: [Shape: [ResourceAddress]] = [:]
        for (address, unit) in written.units where address.kind == .topic && unit.hold == nil {
            for step in unit.steps {
                if let shape = facts.shape(of: step.action) { shapes[shape, default: []].append(address) }
            }
        }
        for (shape, addresses) in shapes.sorted(by: {
            ($0.value.min() ?? $0.value[0]) < ($1.value.min() ?? $1.value[0])
        }) {
            let sorted = addresses.sorted()
            guard let first = sorted.first else { continue }
            switch answer(to: shape.probe(first.name)) {
            case .verdict(let refused?)?: refuse(sorted, because: refused, on: shape.cluster)
            case .unanswered(let silence)?:
                written.notes.append(
                    Plan.Note(
                        .uncheckedTopics(sorted.map(\.name), cluster: shape.cluster, silence: silence),
                        about: first.description))
            default: continue
            }
        }
    }

    private mutating func refuse(_ addresses: [ResourceAddress], because reason: String, on cluster: String) {
        for address in addresses {
            if let unit = written.units[address] { refuse(unit) }
        }
        let names = addresses.map(\.name)
        let manifest = workspace.topics.values.filter { names.contains($0.topicName) }.map(\.name).min()
        written.refusals.append(
            RefusedWork(
                refusal: Refusal(
                    .unsupported, subject: addresses[0].description,
                    .topic(.rejected(topics: names, cluster: cluster, answer: reason)),
                    origin: manifest.map { ManifestOrigin("Topic", $0, "spec") }),
                addresses: addresses,
                owner: written.units[addresses[0]].flatMap(facts.familyOwner).flatMap { facts.ownerRefused(with: $0) }))
    }
}

extension Facts {
    /// What is worth asking: on Confluent Cloud, whose API is known to change nothing then. What the service never lets
    /// anybody set was told when the manifests were read.
    fileprivate func shape(of action: StepAction) -> Shape? {
        func asked(_ changes: [ConfigChange]) -> [ConfigChange] {
            changes.filter { TopicConfigs.definition($0.name)?.settable != .selfManagedOnly }
        }
        let shape: Shape
        switch action {
        case .kafka(.createTopic(let creation)):
            shape = Shape(
                cluster: creation.cluster, partitions: creation.partitions,
                replicationFactor: creation.replicationFactor, configs: asked(creation.configs), isThere: false)
        case .kafka(.alterTopicConfigs(let alteration)):
            shape = Shape(
                cluster: alteration.cluster, partitions: nil, replicationFactor: nil,
                configs: asked(alteration.changes), isThere: true)
        default: return nil
        }
        guard workspace.clusters[shape.cluster]?.type.isCloud == true,
            observation.clusters[shape.cluster]?.snapshot != nil,
            !shape.configs.isEmpty || shape.partitions != nil
        else { return nil }
        return shape
    }
}

/// What topics have in common for the one who checks them.
fileprivate struct Shape: Hashable {
    let cluster: String
    let partitions: Int?
    let replicationFactor: Int?
    let configs: [ConfigChange]
    let isThere: Bool
}

extension Shape {
    fileprivate func probe(_ topic: String) -> Probe {
        isThere
            ? .topicAlteration(cluster: cluster, topic: topic, changes: configs)
            : .topicCreation(
                TopicCreation(
                    cluster: cluster, topic: topic, partitions: partitions, replicationFactor: replicationFactor,
                    configs: configs))
    }
}
