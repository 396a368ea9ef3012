import Domain
import Planning

/// The three forms of one verb: `create`, `creating`, `created`.
struct VerbForms {
    let plain: String
    let ongoing: String
    let done: String
}

extension Step {
    /// The step as an order: `create topic orders on west`.
    var words: String { "\(action.verbForms.plain) \(subject)" }

    /// The object as the step sees it; mirrors that change together are counted.
    var subject: String {
        switch action {
        case .pauseMirrors(let mirrors), .resumeMirrors(let mirrors):
            "\(Words.count(mirrors.topics.count, "mirror topic")) on \(mirrors.cluster)"
        case .endMirrors(_, let mirrors), .restoreMirrors(let mirrors), .drain(let mirrors), .awaitMirrors(let mirrors):
            "\(Words.count(mirrors.topics.count, "mirror topic")) on \(mirrors.cluster)"
        case .fence(let entries), .unfence(let entries): entries.subject
        case .verifyFence(let proof):
            proof.entries.bindings.isEmpty
                ? "that nothing is written on \(proof.entries.cluster)" : "the fence on \(proof.entries.cluster)"
        case .awaitSchemas(let comparison):
            "the schemas of \(comparison.source) with those of \(comparison.destination)"
        case .deleteSchemas(let deletion):
            "\(Words.count(deletion.versions.count, "schema version")) of \(deletion.environment)"
        case .writeCanary(let canary):
            "topic \(canary.topic) on \(canary.cluster)" + (canary.seenOn.map { ", and see it on \($0.cluster)" } ?? "")
        case .createTopic(let topic) where address.kind == .group: "topic \(topic.topic) on \(topic.cluster)"
        case .deleteTopic(let reference): "topic \(reference.topic) on \(reference.cluster)"
        case .confirmHolder(let proof): "\(proof.holder) still serves"
        case .runHook(let call): "restart hook \(call.hookIndex) of \(call.binding)"
        case .alterLink(let alteration): alteration.subject
        case .deleteLink(let reference), .detachLink(let reference):
            "cluster link \(reference.link) on \(reference.cluster)"
        case .pauseExporter(let reference), .resumeExporter(let reference),
            .deleteExporter(let reference):
            "schema exporter \(reference.exporter) on \(reference.environment)"
        case .setRegistryMode(let setting):
            "registry mode of \(setting.environment)\(setting.context == .standard ? "" : ", context \(setting.context)") to \(setting.mode)"
        case .record: ledger.subject ?? "that the credentials of \(address.words) are written anew"
        case .adopt, .release: ledger.subject ?? address.words
        default: address.words
        }
    }
}

extension StepAction {
    /// What is done, in words that stand before or after the object.
    var verbForms: VerbForms {
        switch self {
        case .createEnvironment, .createCluster, .createTopic, .createLink, .createMirror, .createExporter:
            VerbForms(plain: "create", ongoing: "creating", done: "created")
        case .alterLink(let alteration) where alteration.switchedOff != nil:
            VerbForms(plain: "switch off", ongoing: "switching off", done: "switched off")
        case .updateEnvironment, .updateCluster, .alterTopicConfigs, .alterLink, .updateExporter, .restartExporter:
            VerbForms(plain: "change", ongoing: "changing", done: "changed")
        case .deleteEnvironment, .deleteCluster, .deleteTopic, .deleteLink, .deleteExporter:
            VerbForms(plain: "delete", ongoing: "deleting", done: "deleted")
        case .growTopic: VerbForms(plain: "add partitions to", ongoing: "adding partitions to", done: "grown")
        case .awaitRegistry: VerbForms(plain: "wait for", ongoing: "waiting for", done: "ready")
        case .pauseMirrors, .pauseExporter: VerbForms(plain: "pause", ongoing: "pausing", done: "paused")
        case .resumeMirrors, .resumeExporter: VerbForms(plain: "resume", ongoing: "resuming", done: "resumed")
        case .setRegistryMode, .setCompatibility: VerbForms(plain: "set", ongoing: "setting", done: "set")
        case .fence: VerbForms(plain: "fence", ongoing: "fencing", done: "fenced")
        case .unfence: VerbForms(plain: "unfence", ongoing: "unfencing", done: "unfenced")
        case .verifyFence: VerbForms(plain: "verify", ongoing: "verifying", done: "verified")
        case .awaitMirrors: VerbForms(plain: "wait for", ongoing: "waiting for", done: "waited for")
        case .drain: VerbForms(plain: "drain", ongoing: "draining", done: "drained")
        case .endMirrors(let ending, _): ending.verbForms
        case .restoreMirrors:
            VerbForms(plain: "truncate and restore", ongoing: "truncating and restoring", done: "restored")
        case .detachLink: VerbForms(plain: "detach", ongoing: "detaching", done: "detached")
        case .awaitSchemas: VerbForms(plain: "compare", ongoing: "comparing", done: "compared")
        case .deleteSchemas: VerbForms(plain: "delete", ongoing: "deleting", done: "deleted")
        case .writeCanary:
            VerbForms(plain: "write one record to", ongoing: "writing one record to", done: "written to")
        case .confirmHolder: VerbForms(plain: "confirm that", ongoing: "confirming that", done: "confirmed")
        case .runHook: VerbForms(plain: "run", ongoing: "running", done: "run")
        case .record: VerbForms(plain: "record", ongoing: "recording", done: "recorded")
        case .publish: VerbForms(plain: "publish", ongoing: "publishing", done: "published")
        case .withdraw: VerbForms(plain: "remove", ongoing: "removing", done: "removed")
        case .adopt: VerbForms(plain: "adopt", ongoing: "adopting", done: "adopted")
        case .release: VerbForms(plain: "release", ongoing: "releasing", done: "released")
        }
    }
}

extension MirrorEnding {
    var verbForms: VerbForms {
        switch self {
        case .promote: VerbForms(plain: "promote", ongoing: "promoting", done: "promoted")
        case .failover: VerbForms(plain: "fail over", ongoing: "failing over", done: "failed over")
        case .reverse: VerbForms(plain: "reverse", ongoing: "reversing", done: "reversed")
        }
    }
}
