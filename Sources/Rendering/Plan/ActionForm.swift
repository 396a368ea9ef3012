import Domain
import Planning

/// An action as it stands in a plan document: one flat object whose `verb` says what it does.
struct ActionForm: Codable {
    let action: StepAction

    init(action: StepAction) {
        self.action = action
    }

    private enum Key: String, CodingKey {
        case verb, withdrawal
    }

    func encode(to encoder: any Encoder) throws {
        let (verb, payload) = action.parts
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(verb, forKey: .verb)
        switch action {
        case .verifyFence(let proof): try FenceProofForm(proof).encode(to: encoder)
        case .withdraw(let withdrawal): try container.encode(withdrawal, forKey: .withdrawal)
        default: try payload?.encode(to: encoder)
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func payload<Payload: Decodable>() throws -> Payload { try Payload(from: decoder) }
        switch try container.decode(Verb.self, forKey: .verb) {
        case .createEnvironment: action = .createEnvironment(try payload())
        case .updateEnvironment: action = .updateEnvironment(try payload())
        case .deleteEnvironment: action = .deleteEnvironment(try payload())
        case .createCluster: action = .createCluster(try payload())
        case .updateCluster: action = .updateCluster(try payload())
        case .deleteCluster: action = .deleteCluster(try payload())
        case .awaitRegistry: action = .awaitRegistry(try payload())
        case .createTopic: action = .createTopic(try payload())
        case .growTopic: action = .growTopic(try payload())
        case .alterTopicConfigs: action = .alterTopicConfigs(try payload())
        case .deleteTopic: action = .deleteTopic(try payload())
        case .createLink: action = .createLink(try payload())
        case .alterLink: action = .alterLink(try payload())
        case .deleteLink: action = .deleteLink(try payload())
        case .detachLink: action = .detachLink(try payload())
        case .createMirror: action = .createMirror(try payload())
        case .pauseMirrors: action = .pauseMirrors(try payload())
        case .resumeMirrors: action = .resumeMirrors(try payload())
        case .awaitMirrors: action = .awaitMirrors(try payload())
        case .drain: action = .drain(try payload())
        case .promoteMirrors: action = .endMirrors(.promote, try payload())
        case .failoverMirrors: action = .endMirrors(.failover, try payload())
        case .reverseMirrors: action = .endMirrors(.reverse, try payload())
        case .restoreMirrors: action = .restoreMirrors(try payload())
        case .fence: action = .fence(try payload())
        case .unfence: action = .unfence(try payload())
        case .verifyFence: action = .verifyFence(try FenceProofForm(from: decoder).proof)
        case .writeCanary: action = .writeCanary(try payload())
        case .confirmHolder: action = .confirmHolder(try payload())
        case .setRegistryMode: action = .setRegistryMode(try payload())
        case .setCompatibility: action = .setCompatibility(try payload())
        case .createExporter: action = .createExporter(try payload())
        case .updateExporter: action = .updateExporter(try payload())
        case .restartExporter: action = .restartExporter(try payload())
        case .pauseExporter: action = .pauseExporter(try payload())
        case .resumeExporter: action = .resumeExporter(try payload())
        case .deleteExporter: action = .deleteExporter(try payload())
        case .awaitSchemas: action = .awaitSchemas(try payload())
        case .deleteSchemas: action = .deleteSchemas(try payload())
        case .publish: action = .publish(try payload())
        case .withdraw: action = .withdraw(try container.decode(Withdrawal.self, forKey: .withdrawal))
        case .runHook: action = .runHook(try payload())
        case .adopt: action = .adopt
        case .release: action = .release
        case .record: action = .record
        }
    }
}
