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
        case .pauseMirrors(let cluster, _, let topics), .resumeMirrors(let cluster, _, let topics):
            "\(Words.count(topics.count, "mirror topic")) on \(cluster)"
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
        case .updateEnvironment, .updateCluster, .alterTopicConfigs, .alterLink, .updateExporter:
            VerbForms(plain: "change", ongoing: "changing", done: "changed")
        case .deleteEnvironment, .deleteCluster, .deleteTopic, .deleteLink, .deleteExporter:
            VerbForms(plain: "delete", ongoing: "deleting", done: "deleted")
        case .growTopic: VerbForms(plain: "add partitions to", ongoing: "adding partitions to", done: "grown")
        case .awaitRegistry: VerbForms(plain: "wait for", ongoing: "waiting for", done: "ready")
        case .pauseMirrors, .pauseExporter: VerbForms(plain: "pause", ongoing: "pausing", done: "paused")
        case .resumeMirrors, .resumeExporter: VerbForms(plain: "resume", ongoing: "resuming", done: "resumed")
        case .setRegistryMode, .setCompatibility: VerbForms(plain: "set", ongoing: "setting", done: "set")
        case .publish: VerbForms(plain: "publish", ongoing: "publishing", done: "published")
        case .adopt: VerbForms(plain: "adopt", ongoing: "adopting", done: "adopted")
        case .release: VerbForms(plain: "release", ongoing: "releasing", done: "released")
        }
    }
}
