import Domain
import Planning

/// An action as it stands in a plan document: one flat object whose `verb` says what it does.
struct ActionForm: Codable {
    let action: StepAction

    init(action: StepAction) {
        self.action = action
    }

    /// The names of actions in documents; they never change.
    enum Verb: String, Codable, CaseIterable {
        case createEnvironment, updateEnvironment, deleteEnvironment
        case createCluster, updateCluster, deleteCluster, awaitRegistry
        case createTopic, growTopic, alterTopicConfigs, deleteTopic
        case createLink, alterLink, deleteLink, createMirror, pauseMirrors, resumeMirrors
        case setRegistryMode, setCompatibility
        case createExporter, updateExporter, restartExporter, pauseExporter, resumeExporter, deleteExporter
        case fence, unfence, verifyFence, drain, promoteMirrors, failoverMirrors, reverseMirrors, restoreMirrors
        case awaitMirrors, detachLink, awaitSchemas, deleteSchemas, writeCanary, confirmHolder, runHook
        case publish, withdraw, adopt, release, record
    }

    private enum Key: String, CodingKey {
        case verb, environment, cluster, topic, topics, partitions, changes, link, source, context, mode, force, level
        case exporter, versions, seenOn, withdrawal
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(action.verb, forKey: .verb)
        switch action {
        case .createEnvironment(let payload): try payload.encode(to: encoder)
        case .updateEnvironment(let payload): try payload.encode(to: encoder)
        case .createCluster(let payload): try payload.encode(to: encoder)
        case .updateCluster(let payload): try payload.encode(to: encoder)
        case .createTopic(let payload): try payload.encode(to: encoder)
        case .createLink(let payload): try payload.encode(to: encoder)
        case .alterLink(let payload): try payload.encode(to: encoder)
        case .createExporter(let payload), .updateExporter(let payload), .restartExporter(let payload):
            try payload.encode(to: encoder)
        case .publish(let payload): try payload.encode(to: encoder)
        case .withdraw(let payload): try container.encode(payload, forKey: .withdrawal)
        case .deleteEnvironment(let environment), .awaitRegistry(let environment):
            try container.encode(environment, forKey: .environment)
        case .deleteCluster(let cluster): try container.encode(cluster, forKey: .cluster)
        case .growTopic(let cluster, let topic, let partitions):
            try container.encode(cluster, forKey: .cluster)
            try container.encode(topic, forKey: .topic)
            try container.encode(partitions, forKey: .partitions)
        case .alterTopicConfigs(let cluster, let topic, let changes):
            try container.encode(cluster, forKey: .cluster)
            try container.encode(topic, forKey: .topic)
            try container.encode(changes, forKey: .changes)
        case .deleteTopic(let cluster, let topic):
            try container.encode(cluster, forKey: .cluster)
            try container.encode(topic, forKey: .topic)
        case .deleteLink(let cluster, let link):
            try container.encode(cluster, forKey: .cluster)
            try container.encode(link, forKey: .link)
        case .createMirror(let cluster, let link, let topic, let source):
            try container.encode(cluster, forKey: .cluster)
            try container.encode(link, forKey: .link)
            try container.encode(topic, forKey: .topic)
            try container.encode(source, forKey: .source)
        case .pauseMirrors(let cluster, let link, let topics), .resumeMirrors(let cluster, let link, let topics):
            try container.encode(cluster, forKey: .cluster)
            try container.encode(link, forKey: .link)
            try container.encode(topics, forKey: .topics)
        case .setRegistryMode(let environment, let context, let mode, let force):
            try container.encode(environment, forKey: .environment)
            try container.encode(context.name, forKey: .context)
            try container.encode(mode, forKey: .mode)
            try container.encode(force, forKey: .force)
        case .setCompatibility(let environment, let level):
            try container.encode(environment, forKey: .environment)
            try container.encode(level, forKey: .level)
        case .pauseExporter(let environment, let exporter), .resumeExporter(let environment, let exporter),
            .deleteExporter(let environment, let exporter):
            try container.encode(environment, forKey: .environment)
            try container.encode(exporter, forKey: .exporter)
        case .fence(let payload), .unfence(let payload): try payload.encode(to: encoder)
        case .verifyFence(let proof): try FenceProofForm(proof).encode(to: encoder)
        case .drain(let payload), .endMirrors(_, let payload), .restoreMirrors(let payload),
            .awaitMirrors(let payload):
            try payload.encode(to: encoder)
        case .detachLink(let cluster, let link):
            try container.encode(cluster, forKey: .cluster)
            try container.encode(link, forKey: .link)
        case .awaitSchemas(let payload): try payload.encode(to: encoder)
        case .deleteSchemas(let environment, let versions):
            try container.encode(environment, forKey: .environment)
            try container.encode(versions, forKey: .versions)
        case .writeCanary(let cluster, let topic, let mirror):
            try container.encode(cluster, forKey: .cluster)
            try container.encode(topic, forKey: .topic)
            try container.encodeIfPresent(mirror, forKey: .seenOn)
        case .confirmHolder(let payload): try payload.encode(to: encoder)
        case .runHook(let payload): try payload.encode(to: encoder)
        case .adopt, .release, .record: break
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func text(_ key: Key) throws -> String { try container.decode(String.self, forKey: key) }
        switch try container.decode(Verb.self, forKey: .verb) {
        case .createEnvironment: action = .createEnvironment(try EnvironmentCreation(from: decoder))
        case .updateEnvironment: action = .updateEnvironment(try EnvironmentUpdate(from: decoder))
        case .deleteEnvironment: action = .deleteEnvironment(environment: try text(.environment))
        case .createCluster: action = .createCluster(try ClusterCreation(from: decoder))
        case .updateCluster: action = .updateCluster(try ClusterUpdate(from: decoder))
        case .deleteCluster: action = .deleteCluster(cluster: try text(.cluster))
        case .awaitRegistry: action = .awaitRegistry(environment: try text(.environment))
        case .createTopic: action = .createTopic(try TopicCreation(from: decoder))
        case .growTopic:
            action = .growTopic(
                cluster: try text(.cluster), topic: try text(.topic),
                partitions: try container.decode(Int.self, forKey: .partitions))
        case .alterTopicConfigs:
            action = .alterTopicConfigs(
                cluster: try text(.cluster), topic: try text(.topic),
                changes: try container.decode([ConfigChange].self, forKey: .changes))
        case .deleteTopic: action = .deleteTopic(cluster: try text(.cluster), topic: try text(.topic))
        case .createLink: action = .createLink(try LinkCreation(from: decoder))
        case .alterLink: action = .alterLink(try LinkAlteration(from: decoder))
        case .deleteLink: action = .deleteLink(cluster: try text(.cluster), link: try text(.link))
        case .createMirror:
            action = .createMirror(
                cluster: try text(.cluster), link: try text(.link), topic: try text(.topic), source: try text(.source))
        case .pauseMirrors:
            action = .pauseMirrors(
                cluster: try text(.cluster), link: try text(.link),
                topics: try container.decode([String].self, forKey: .topics))
        case .resumeMirrors:
            action = .resumeMirrors(
                cluster: try text(.cluster), link: try text(.link),
                topics: try container.decode([String].self, forKey: .topics))
        case .setRegistryMode:
            action = .setRegistryMode(
                environment: try text(.environment), context: RegistryContext(try text(.context)),
                mode: try container.decode(RegistryMode.self, forKey: .mode),
                force: try container.decode(Bool.self, forKey: .force))
        case .setCompatibility:
            action = .setCompatibility(
                environment: try text(.environment),
                level: try container.decode(CompatibilityLevel.self, forKey: .level))
        case .createExporter: action = .createExporter(try ExporterDefinition(from: decoder))
        case .updateExporter: action = .updateExporter(try ExporterDefinition(from: decoder))
        case .restartExporter: action = .restartExporter(try ExporterDefinition(from: decoder))
        case .pauseExporter:
            action = .pauseExporter(environment: try text(.environment), exporter: try text(.exporter))
        case .resumeExporter:
            action = .resumeExporter(environment: try text(.environment), exporter: try text(.exporter))
        case .deleteExporter:
            action = .deleteExporter(environment: try text(.environment), exporter: try text(.exporter))
        case .fence: action = .fence(try FenceEntries(from: decoder))
        case .unfence: action = .unfence(try FenceEntries(from: decoder))
        case .verifyFence: action = .verifyFence(try FenceProofForm(from: decoder).proof)
        case .drain: action = .drain(try LinkedMirrors(from: decoder))
        case .promoteMirrors: action = .endMirrors(.promote, try LinkedMirrors(from: decoder))
        case .failoverMirrors: action = .endMirrors(.failover, try LinkedMirrors(from: decoder))
        case .reverseMirrors: action = .endMirrors(.reverse, try LinkedMirrors(from: decoder))
        case .restoreMirrors: action = .restoreMirrors(try LinkedMirrors(from: decoder))
        case .awaitMirrors: action = .awaitMirrors(try LinkedMirrors(from: decoder))
        case .detachLink: action = .detachLink(cluster: try text(.cluster), link: try text(.link))
        case .awaitSchemas: action = .awaitSchemas(try SchemaComparison(from: decoder))
        case .deleteSchemas:
            action = .deleteSchemas(
                environment: try text(.environment),
                versions: try container.decode([SchemaVersionID].self, forKey: .versions))
        case .writeCanary:
            action = .writeCanary(
                cluster: try text(.cluster), topic: try text(.topic),
                seenOn: try container.decodeIfPresent(LinkedMirrors.self, forKey: .seenOn))
        case .confirmHolder: action = .confirmHolder(try HolderProof(from: decoder))
        case .runHook: action = .runHook(try HookCall(from: decoder))
        case .publish: action = .publish(try Publication(from: decoder))
        case .withdraw: action = .withdraw(try container.decode(Withdrawal.self, forKey: .withdrawal))
        case .adopt: action = .adopt
        case .release: action = .release
        case .record: action = .record
        }
    }
}

extension StepAction {
    /// The action's name in documents and events.
    var verb: ActionForm.Verb {
        switch self {
        case .createEnvironment: .createEnvironment
        case .updateEnvironment: .updateEnvironment
        case .deleteEnvironment: .deleteEnvironment
        case .createCluster: .createCluster
        case .updateCluster: .updateCluster
        case .deleteCluster: .deleteCluster
        case .awaitRegistry: .awaitRegistry
        case .createTopic: .createTopic
        case .growTopic: .growTopic
        case .alterTopicConfigs: .alterTopicConfigs
        case .deleteTopic: .deleteTopic
        case .createLink: .createLink
        case .alterLink: .alterLink
        case .deleteLink: .deleteLink
        case .createMirror: .createMirror
        case .pauseMirrors: .pauseMirrors
        case .resumeMirrors: .resumeMirrors
        case .setRegistryMode: .setRegistryMode
        case .setCompatibility: .setCompatibility
        case .createExporter: .createExporter
        case .updateExporter: .updateExporter
        case .restartExporter: .restartExporter
        case .pauseExporter: .pauseExporter
        case .resumeExporter: .resumeExporter
        case .deleteExporter: .deleteExporter
        case .fence: .fence
        case .unfence: .unfence
        case .verifyFence: .verifyFence
        case .drain: .drain
        case .endMirrors(.promote, _): .promoteMirrors
        case .endMirrors(.failover, _): .failoverMirrors
        case .endMirrors(.reverse, _): .reverseMirrors
        case .restoreMirrors: .restoreMirrors
        case .awaitMirrors: .awaitMirrors
        case .detachLink: .detachLink
        case .awaitSchemas: .awaitSchemas
        case .deleteSchemas: .deleteSchemas
        case .writeCanary: .writeCanary
        case .confirmHolder: .confirmHolder
        case .runHook: .runHook
        case .publish: .publish
        case .withdraw: .withdraw
        case .adopt: .adopt
        case .release: .release
        case .record: .record
        }
    }
}
