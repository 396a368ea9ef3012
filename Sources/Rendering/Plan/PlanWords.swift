import Domain
import Planning

extension Plan {
    /// The last line: what the plan does, in counts.
    var summaryLine: String {
        if let idleSentence { return idleSentence }
        let summary = summary
        var more: [String] = []
        if summary.adopt > 0 { more.append("\(Words.number(summary.adopt)) to adopt") }
        if summary.release > 0 { more.append("\(Words.number(summary.release)) to release") }
        if summary.deferred > 0 { more.append("\(Words.number(summary.deferred)) deferred") }
        if !decisions.isEmpty { more.append(Words.count(decisions.count, "decision")) }
        if summary.refused > 0 { more.append("\(Words.number(summary.refused)) refused") }
        let counts =
            "Plan: \(Words.number(summary.add)) to add, \(Words.number(summary.change)) to change, "
            + "\(Words.number(summary.destroy)) to destroy"
        return more.isEmpty ? "\(counts)." : "\(counts); \(more.joined(separator: ", "))."
    }

    /// What is said when there is nothing to do now; `nil` when there is.
    private var idleSentence: String? {
        guard changes.isEmpty, refusals.isEmpty, !hasSteps else { return nil }
        let silent = sites.filter { $0.answer == .silent }.count
        var rest: [String] = []
        if !deferred.isEmpty { rest.append("\(Words.number(deferred.count)) deferred") }
        if !decisions.isEmpty { rest.append("\(Words.count(decisions.count, "decision")) needed") }
        if !rest.isEmpty { return "Nothing can be done now; \(rest.joined(separator: ", "))." }
        if silent > 0 {
            return "No changes on what answered. \(Words.count(silent, "endpoint")) did not, and may differ."
        }
        return "No changes. The live systems are as the manifests say."
    }

    /// What deferred work needs: what somebody has to repair does not come back by itself.
    var deferredHeading: String {
        waitsForRepair
            ? "Deferred: \(deferredEnding)" : "Deferred: \(deferredEnding), once what it waits for is there"
    }

    /// The same, without what it waits for where that is told elsewhere.
    var deferredEnding: String {
        waitsForRepair
            ? "runs in a later apply, once what it waits for is repaired, or there" : "runs by itself in a later apply"
    }

    private var waitsForRepair: Bool {
        sites.contains { $0.state.needsRepair && !$0.isExcused }
    }

    /// What refusals mean for the reader.
    var refusalHeading: String {
        let subject = refusals.count == 1 ? "this is" : "these are"
        return "Refused: the plan is not saved and cannot be applied until \(subject) solved"
    }
}

extension Plan.Site {
    /// How an endpoint counts in the head of a plan.
    enum Answer {
        case answered
        /// There is nothing to ask yet, or nothing is declared to ask with: no fault.
        case notAsked
        /// It should have told something, and did not.
        case silent
    }

    var answer: Answer {
        if state == .reachable { return .answered }
        return state.isUnseen ? .silent : .notAsked
    }

    /// `✓ reachable`, or what is wrong.
    var verdict: StyledText {
        switch answer {
        case .answered: "\("✓", .green) reachable"
        case .notAsked: "· \(silence ?? "")"
        case .silent: "\("✗", .red) \(silence ?? "")"
        }
    }
}

extension Plan.Site.Kind {
    /// What the endpoint is, in words.
    var words: String {
        switch self {
        case .controlPlane: "control plane"
        case .list: "list"
        case .kafka: "Kafka"
        case .registry: "Schema Registry"
        case .store: "binding store"
        }
    }
}

extension Refusal.Gate {
    /// What the gate guards against, in a few words.
    var words: String {
        switch self {
        case .identity: "identity"
        case .ownership: "ownership"
        case .partitions: "partitions"
        case .immutable: "cannot be changed in place"
        case .linkMirrors: "link with live mirrors"
        case .importMode: "import mode"
        case .maxDeletions: "deletion limit"
        case .protect: "protected object"
        case .transition: "change of primary"
        case .unsupported: "not supported"
        case .links: "links"
        case .holder: "who holds the data"
        case .members: "members that have to answer"
        case .stores: "binding stores"
        case .alive: "the old primary is alive"
        case .candidate: "topics of the new primary"
        case .bestSurvivor: "best survivor"
        case .loss: "records that may be lost"
        case .fence: "fence"
        case .readiness: "readiness"
        case .quietPeriod: "quiet period"
        case .openEpoch: "unfinished move"
        case .health: "health of the new primary"
        case .split: "applications that would be split"
        case .clients: "clients"
        }
    }
}
