package import Domain

/// What differs, what will be done about it and in which order: inert data, without secrets, bound to a digest.
package struct Plan: Hashable, Sendable {
    /// What one endpoint told, for the head of a plan.
    package struct Site: Hashable, Sendable, Codable {
        /// Kind of endpoint.
        package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            case controlPlane
            /// One list of a control plane that answers, where that list tells less than there is.
            case list
            case kafka
            case registry
            case store
        }

        /// Kind of endpoint.
        package let kind: Kind
        /// Manifest name of the connection, cluster, environment, or binding address.
        package let name: String
        /// `nil` when it answered; else why it did not.
        package let silence: String?
        /// How far it could be reached.
        package let state: Reachability
        /// Whether a consent names its side, or nothing that was selected is there: then the plan needs nothing of it.
        package var isExcused = false

        /// What one endpoint told; without a state, silence means that it could not be reached.
        package init(kind: Kind, name: String, silence: String?, state: Reachability? = nil) {
            self.kind = kind
            self.name = name
            self.silence = silence
            self.state = state ?? (silence == nil ? .reachable : .unreachable)
        }

        /// Reads what was saved; plans of older versions tell no state.
        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            self.init(
                kind: try values.decode(Kind.self, forKey: .kind), name: try values.decode(String.self, forKey: .name),
                silence: try values.decodeIfPresent(String.self, forKey: .silence),
                state: try values.decodeIfPresent(Reachability.self, forKey: .state))
            isExcused = try values.decodeIfPresent(Bool.self, forKey: .isExcused) ?? false
        }
    }

    /// What a step that publishes found in its store: a saved plan runs only while that is still there.
    package struct Store: Hashable, Sendable, Codable {
        /// The binding's target.
        package let address: ResourceAddress
        /// Values under the keys of the binding, `properties.…`; fingerprints of its secrets, `secrets.…`; and
        /// `primary`, `epoch`, `ledger` and `generation` of the bookkeeping beside them.
        package let fields: [String: String]

        package init(_ address: ResourceAddress, _ fields: [String: String]) {
            self.address = address
            self.fields = fields
        }
    }

    /// Something to know that is neither a change nor a refusal.
    package struct Note: Hashable, Sendable {
        /// What it is about, when it is one object or group.
        package let subject: String?
        /// What it tells; Rendering makes the sentence.
        package let reason: NoteReason

        package init(_ reason: NoteReason, about subject: String? = nil) {
            self.subject = subject
            self.reason = reason
        }
    }

    package struct GroupState: Hashable, Sendable, Codable {
        /// Group.
        package let name: String
        /// Primary as declared.
        package let primary: String
        /// Members as declared.
        package let members: [String]
        /// Topics it holds now.
        package let topics: Int
        /// Whether a standby could take over everything that clients were promised, by what was seen now.
        package let isProtected: Bool
        /// Why it is not protected, and what else is not as it should be; empty in a plan that was read from a file.
        package var gaps: [ProtectionGap] = []
        /// The same in the words of the plan that was read from a file.
        package let told: [String]
        /// Topics that a move left behind: on the primary they are mirrors still.
        package var left: [String] = []
        /// Those of them that no apply brings as they are, with the state of their mirrors.
        package var stuck: [String: MirrorStatus] = [:]
        /// When it was last seen protected, and when its holder last answered, while the holder is silent.
        package var lastKnown: LastKnown?
        /// What the evidence says about its moves; `nil` when it contradicts itself, which is a refusal then.
        package var standing: Standing?

        /// What was known of a group before its holder fell silent.
        package struct LastKnown: Hashable, Sendable, Codable {
            /// When it was last seen protected; `nil` = it never was.
            package let protectedUntil: Timestamp?
            /// When the holder last answered; `nil` = it never did.
            package let lastSeen: Timestamp?
            /// The holder and a standby that answers and could go on without it; `nil` = nobody can, or waiting does not
            /// help because something has to be repaired.
            package var succession: Succession?

            package init(protectedUntil: Timestamp?, lastSeen: Timestamp?, succession: Succession? = nil) {
                self.protectedUntil = protectedUntil
                self.lastSeen = lastSeen
                self.succession = succession
            }
        }

        /// Who could go on without a holder that is silent, by a commit.
        package struct Succession: Hashable, Sendable, Codable {
            /// The group whose manifest says who is primary.
            package let family: String
            /// The member that is silent.
            package let from: String
            /// The member that could become primary.
            package let to: String

            package init(family: String, from: String, to: String) {
                self.family = family
                self.from = from
                self.to = to
            }
        }

        package init(
            name: String, primary: String, members: [String], topics: Int, isProtected: Bool, told: [String] = []
        ) {
            self.name = name
            self.primary = primary
            self.members = members
            self.topics = topics
            self.isProtected = isProtected
            self.told = told
        }
    }

    /// Counts of the last line of a plan.
    package struct Summary: Hashable, Sendable, Codable {
        /// Objects to create.
        package var add = 0
        /// Objects to change.
        package var change = 0
        /// Objects to delete.
        package var destroy = 0
        /// Objects to adopt.
        package var adopt = 0
        /// Objects to release.
        package var release = 0
        /// Deferred work.
        package var deferred = 0
        /// Refusals.
        package var refused = 0

        package init() {}
    }

    /// Version of this document's form; a new major number is a form that older readers must refuse.
    package static let currentFormatVersion = "1.0"

    /// Version of this document's form.
    package var formatVersion = Plan.currentFormatVersion
    /// Version of Spillway that made it.
    package var toolVersion: String
    package var workspace: String
    /// Id of the ledger it was planned against; `nil` when there was none.
    package var ledgerID: String?
    /// When the observation began.
    package var observedAt: Timestamp
    /// How long the observation took, in milliseconds.
    package var observedInMilliseconds: Int64
    /// Planning flags that shaped it, as given.
    package var flags: [String]
    /// Digest of what it was decided on; empty until sealed.
    package var basis: String
    /// What the endpoints told.
    package var sites: [Site]
    /// What the stores held that steps publish to.
    package var stores: [Store]
    package var groups: [GroupState]
    /// How far the copies of every family are behind, by the group that leads it; not part of documents.
    package var lags: [String: SeenLag] = [:]
    /// How old the records can be that the copies of every family lack, by the same; not part of documents.
    package var lossAges: [String: Recorded.LossAge] = [:]
    /// Changes of primary.
    package var moves: [Move]
    /// Work that somebody has to consent to.
    package var decisions: [NeededDecision]
    /// Changes in the order they are shown.
    package var changes: [Change]
    /// Steps in a valid order.
    package var steps: [Step]
    /// Work that waits.
    package var deferred: [DeferredWork]
    /// What is refused.
    package var refusals: [Refusal]
    package var notes: [Note]
    /// What only the ledger learns (a deletion policy, a protection, a value seen to be as wanted): nothing is sent and
    /// nothing is shown; an apply writes them, also when there are no steps.
    package var ledgerRefresh: [Step]

    package init(toolVersion: String, workspace: String, ledgerID: String?, observedAt: Timestamp, observedIn: Duration)
    {
        self.toolVersion = toolVersion
        self.workspace = workspace
        self.ledgerID = ledgerID
        self.observedAt = observedAt
        self.observedInMilliseconds = observedIn.wholeMilliseconds
        self.flags = []
        self.basis = ""
        self.sites = []
        self.stores = []
        self.groups = []
        self.moves = []
        self.decisions = []
        self.changes = []
        self.steps = []
        self.deferred = []
        self.refusals = []
        self.notes = []
        self.ledgerRefresh = []
    }

    /// Whether there is something to do: one method for exit code, prompt and report.
    package var hasSteps: Bool { !steps.isEmpty }

    /// Whether it publishes what it does not know itself: endpoints of sites that it makes.
    package var publishesUnknown: Bool {
        steps.contains { step in
            guard case .binding(.publish) = step.action, case .own(let row) = step.ledger else { return false }
            return row.applied[WantedContent.partialMark] != nil
        }
    }

    /// Counts of the last line.
    package var summary: Summary {
        var summary = Summary()
        for change in changes {
            switch change.effect {
            case .create: summary.add += 1
            case .update: summary.change += 1
            case .delete: summary.destroy += 1
            case .replace:
                summary.add += 1
                summary.destroy += 1
            case .adopt: summary.adopt += 1
            case .adoptAndChange:
                summary.adopt += 1
                summary.change += 1
            case .release: summary.release += 1
            }
        }
        summary.deferred = deferred.count
        summary.refused = refusals.count
        return summary
    }
}
