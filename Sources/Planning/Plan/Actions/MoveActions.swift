package import Domain

/// What is done on clusters so that another one becomes the primary, and so that the one that was left follows.
package enum MoveAction: RoomAction {
    /// Writes entries that deny writes, and reads them back.
    case fence(FenceEntries)
    /// Removes exactly these entries, and reads back that they are gone.
    case unfence(FenceEntries)
    /// Waits until the entries are there and the source's offsets have stood still.
    case verifyFence(FenceProof)
    /// Waits for lag 0 on every partition, in two polls with the same source offsets.
    case drain(LinkedMirrors)
    /// Makes ordinary topics of mirrors, and waits for STOPPED; after a reverse also for the mirrors at the other side.
    case endMirrors(MirrorPromotion, LinkedMirrors)
    /// Truncates ordinary topics to where the other side went on, makes mirrors of them, and waits for ACTIVE.
    case restoreMirrors(LinkedMirrors)
    /// Deletes a link without its source (`force=true`): every mirror of it becomes an ordinary topic.
    case detachLink(LinkReference)
    /// Waits until mirrors that are on their way are ACTIVE.
    case awaitMirrors(LinkedMirrors)
    /// Writes one record to a topic, to prove that the cluster takes records, and that a mirror follows, where one is
    /// named.
    case writeCanary(CanaryRecord)
    /// Reads again, right before copies are destroyed, that another member serves them.
    case confirmHolder(HolderProof)

    package enum Verb: String, CaseIterable {
        case fence, unfence, verifyFence, drain, promoteMirrors, failoverMirrors, reverseMirrors, restoreMirrors,
            detachLink, awaitMirrors, writeCanary, confirmHolder
    }

    package var facts: ActionFacts {
        switch self {
        case .fence(let payload): ActionFacts(Verb.fence, .changes, .seconds(2), for: .fence, payload)
        case .unfence(let payload): ActionFacts(Verb.unfence, .changes, .seconds(2), payload)
        case .verifyFence(let proof):
            ActionFacts(Verb.verifyFence, .waits, .seconds(2) + proof.quiet, for: .fence, FenceProofForm(proof))
        case .drain(let payload): ActionFacts(Verb.drain, .waits, .seconds(10), for: .drain, payload)
        case .endMirrors(.promote, let mirrors):
            ActionFacts(Verb.promoteMirrors, .changes, .seconds(10) + mirrors.naming, for: .end, mirrors)
        case .endMirrors(.failover, let mirrors):
            ActionFacts(Verb.failoverMirrors, .changes, .seconds(5) + mirrors.naming, for: .end, mirrors)
        case .endMirrors(.reverse, let mirrors):
            ActionFacts(Verb.reverseMirrors, .changes, .seconds(20) + mirrors.naming, for: .end, mirrors)
        case .restoreMirrors(let payload): ActionFacts(Verb.restoreMirrors, .destroys, .seconds(1), payload)
        case .detachLink(let payload): ActionFacts(Verb.detachLink, .destroys, .seconds(2), for: .end, payload)
        case .awaitMirrors(let payload): ActionFacts(Verb.awaitMirrors, .waits, .seconds(15), payload)
        case .writeCanary(let canary):
            ActionFacts(Verb.writeCanary, .changes, .seconds(canary.seenOn == nil ? 1 : 2), canary)
        case .confirmHolder(let payload): ActionFacts(Verb.confirmHolder, .waits, .seconds(1), payload)
        }
    }

    package init(_ verb: Verb, from document: any Decoder) throws {
        switch verb {
        case .fence: self = .fence(try document.payload())
        case .unfence: self = .unfence(try document.payload())
        case .verifyFence: self = .verifyFence(try FenceProofForm(from: document).proof)
        case .drain: self = .drain(try document.payload())
        case .promoteMirrors: self = .endMirrors(.promote, try document.payload())
        case .failoverMirrors: self = .endMirrors(.failover, try document.payload())
        case .reverseMirrors: self = .endMirrors(.reverse, try document.payload())
        case .restoreMirrors: self = .restoreMirrors(try document.payload())
        case .detachLink: self = .detachLink(try document.payload())
        case .awaitMirrors: self = .awaitMirrors(try document.payload())
        case .writeCanary: self = .writeCanary(try document.payload())
        case .confirmHolder: self = .confirmHolder(try document.payload())
        }
    }
}

/// Entries to write or remove on a cluster, by their exact values.
package struct FenceEntries: Hashable, Sendable, Codable {
    package let cluster: String
    package let bindings: [ACLBinding]

    package init(cluster: String, bindings: [ACLBinding]) {
        self.cluster = cluster
        self.bindings = bindings
    }
}

/// How mirrors become ordinary topics.
package enum MirrorPromotion: String, Hashable, Sendable, Codable, CaseIterable {
    /// `mirrors:promote`: the source answers, nothing is lost.
    case promote
    /// `mirrors:failover`: without the source, what was not fetched is lost.
    case failover
    /// `mirrors:reverse-and-start-mirror`: the source's topics become the mirrors.
    case reverse
}

/// What has to hold at the side that is left before anything is promoted.
package struct FenceProof: Hashable, Sendable, Codable {
    /// An application whose own key must not be able to write any more.
    package struct Attempt: Hashable, Sendable, Codable {
        /// The binding whose credentials at the fenced cluster are used.
        package let binding: String
        /// The topic that takes the record if the fence does not hold.
        package let topic: String

        package init(binding: String, topic: String) {
            self.binding = binding
            self.topic = topic
        }
    }

    /// The fenced cluster, with the entries that must be there.
    package let entries: FenceEntries
    /// Where the source's offsets are read.
    package let mirrors: [LinkedMirrors]
    /// How long the source's offsets have to stand still.
    package let quiet: Duration
    /// Who must be refused; empty where no canary or no key is declared.
    package let attempts: [Attempt]

    package init(
        entries: FenceEntries, mirrors: [LinkedMirrors], quiet: Duration, attempts: [Attempt] = []
    ) {
        self.entries = entries
        self.mirrors = mirrors
        self.quiet = quiet
        self.attempts = attempts
    }
}

/// Proof, read right before copies are destroyed, that another member still serves them.
package struct HolderProof: Hashable, Sendable, Codable {
    /// Member that must answer and hold every topic as an ordinary, writable one.
    package let holder: String
    package let topics: [String]
    /// Member whose copies are about to be destroyed.
    package let member: String
    /// Bindings of the group: every one that can be read must name the holder, in no later epoch.
    package let bindings: [ResourceAddress]
    /// Epoch the plan was made in.
    package let epoch: Int

    package init(holder: String, topics: [String], member: String, bindings: [ResourceAddress], epoch: Int) {
        self.holder = holder
        self.topics = topics
        self.member = member
        self.bindings = bindings
        self.epoch = epoch
    }
}

/// One record to write; where mirrors are named, it has to arrive there.
package struct CanaryRecord: Hashable, Sendable, Codable {
    package let cluster: String
    package let topic: String
    /// Where it has to arrive; `nil` = nowhere else.
    package let seenOn: LinkedMirrors?

    package init(cluster: String, topic: String, seenOn: LinkedMirrors? = nil) {
        self.cluster = cluster
        self.topic = topic
        self.seenOn = seenOn
    }
}

/// A ``FenceProof`` as it stands in a plan document.
private struct FenceProofForm: Codable {
    let entries: FenceEntries
    let mirrors: [LinkedMirrors]
    let quietMilliseconds: Int64
    let attempts: [FenceProof.Attempt]?

    init(_ proof: FenceProof) {
        entries = proof.entries
        mirrors = proof.mirrors
        quietMilliseconds = proof.quiet.wholeMilliseconds
        attempts = proof.attempts.isEmpty ? nil : proof.attempts
    }

    var proof: FenceProof {
        FenceProof(
            entries: entries, mirrors: mirrors, quiet: .milliseconds(quietMilliseconds), attempts: attempts ?? [])
    }
}

extension LinkedMirrors {
    /// How much longer a call takes for the topics that it names.
    fileprivate var naming: Duration { .milliseconds(2 * topics.count) }
}
