import Domain
import Planning

/// The three forms of one verb: `create`, `creating`, `created`.
typealias VerbForms = (plain: String, ongoing: String, done: String)

extension Step {
    /// The step as an order: `create topic orders on west`.
    var words: String { "\(action.verbForms.plain) \(subject)" }

    /// The object as the step sees it; mirrors that change together are counted.
    var subject: String {
        switch action {
        case .kafka(.pauseMirrors(let mirrors)), .kafka(.resumeMirrors(let mirrors)):
            "\(Words.count(mirrors.topics.count, "mirror topic")) on \(mirrors.cluster)"
        case .move(.endMirrors(_, let mirrors)), .move(.restoreMirrors(let mirrors)), .move(.drain(let mirrors)),
            .move(.awaitMirrors(let mirrors)):
            "\(Words.count(mirrors.topics.count, "mirror topic")) on \(mirrors.cluster)"
        case .move(.fence(let entries)), .move(.unfence(let entries)): entries.subject
        case .move(.verifyFence(let proof)):
            proof.entries.bindings.isEmpty
                ? "that nothing is written on \(proof.entries.cluster)" : "the fence on \(proof.entries.cluster)"
        case .registry(.awaitSchemas(let comparison)):
            "the schemas of \(comparison.source) with those of \(comparison.destination)"
        case .registry(.deleteSchemas(let deletion)):
            "\(Words.count(deletion.versions.count, "schema version")) of \(deletion.environment)"
        case .move(.writeCanary(let canary)):
            "topic \(canary.topic) on \(canary.cluster)" + (canary.seenOn.map { ", and see it on \($0.cluster)" } ?? "")
        case .kafka(.createTopic(let topic)) where address.kind == .group: "topic \(topic.topic) on \(topic.cluster)"
        case .kafka(.deleteTopic(let reference)): "topic \(reference.topic) on \(reference.cluster)"
        case .move(.confirmHolder(let proof)): "\(proof.holder) still serves"
        case .hook(.runHook(let call)): "restart hook \(call.hookIndex) of \(call.binding)"
        case .kafka(.alterLink(let alteration)): alteration.subject
        case .kafka(.deleteLink(let reference)), .move(.detachLink(let reference)):
            "cluster link \(reference.link) on \(reference.cluster)"
        case .registry(.pauseExporter(let reference)), .registry(.resumeExporter(let reference)),
            .registry(.deleteExporter(let reference)):
            "schema exporter \(reference.exporter) on \(reference.environment)"
        case .registry(.setRegistryMode(let setting)):
            "registry mode of \(setting.environment)\(setting.context == .standard ? "" : ", context \(setting.context)") to \(setting.mode)"
        case .ledger(.record): ledger.subject ?? "that the credentials of \(address.words) are written anew"
        case .ledger(.adopt), .ledger(.release): ledger.subject ?? address.words
        default: address.words
        }
    }
}

extension StepAction {
    /// What is done, in words that stand before or after the object.
    var verbForms: VerbForms {
        switch self {
        case .cloud(.createEnvironment), .cloud(.createCluster), .kafka(.createTopic), .kafka(.createLink),
            .kafka(.createMirror), .registry(.createExporter):
            ("create", "creating", "created")
        case .kafka(.alterLink(let alteration)) where alteration.switchedOff != nil:
            ("switch off", "switching off", "switched off")
        case .cloud(.updateEnvironment), .cloud(.updateCluster), .kafka(.alterTopicConfigs), .kafka(.alterLink),
            .registry(.updateExporter), .registry(.restartExporter):
            ("change", "changing", "changed")
        case .cloud(.deleteEnvironment), .cloud(.deleteCluster), .kafka(.deleteTopic), .kafka(.deleteLink),
            .registry(.deleteExporter):
            ("delete", "deleting", "deleted")
        case .kafka(.growTopic): ("add partitions to", "adding partitions to", "grown")
        case .cloud(.awaitRegistry): ("wait for", "waiting for", "ready")
        case .kafka(.pauseMirrors), .registry(.pauseExporter): ("pause", "pausing", "paused")
        case .kafka(.resumeMirrors), .registry(.resumeExporter): ("resume", "resuming", "resumed")
        case .registry(.setRegistryMode), .registry(.setCompatibility): ("set", "setting", "set")
        case .move(.fence): ("fence", "fencing", "fenced")
        case .move(.unfence): ("unfence", "unfencing", "unfenced")
        case .move(.verifyFence): ("verify", "verifying", "verified")
        case .move(.awaitMirrors): ("wait for", "waiting for", "waited for")
        case .move(.drain): ("drain", "draining", "drained")
        case .move(.endMirrors(let promotion, _)): promotion.verbForms
        case .move(.restoreMirrors): ("truncate and restore", "truncating and restoring", "restored")
        case .move(.detachLink): ("detach", "detaching", "detached")
        case .registry(.awaitSchemas): ("compare", "comparing", "compared")
        case .registry(.deleteSchemas): ("delete", "deleting", "deleted")
        case .move(.writeCanary): ("write one record to", "writing one record to", "written to")
        case .move(.confirmHolder): ("confirm that", "confirming that", "confirmed")
        case .hook(.runHook): ("run", "running", "run")
        case .ledger(.record): ("record", "recording", "recorded")
        case .binding(.publish): ("publish", "publishing", "published")
        case .binding(.withdraw): ("remove", "removing", "removed")
        case .ledger(.adopt): ("adopt", "adopting", "adopted")
        case .ledger(.release): ("release", "releasing", "released")
        }
    }
}

extension MirrorPromotion {
    var verbForms: VerbForms {
        switch self {
        case .promote: ("promote", "promoting", "promoted")
        case .failover: ("fail over", "failing over", "failed over")
        case .reverse: ("reverse", "reversing", "reversed")
        }
    }
}
