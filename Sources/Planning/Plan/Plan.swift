public import Domain

/// What differs, what will be done about it and in which order: inert data, without secrets, bound to a digest.
public struct Plan: Hashable, Sendable, Codable {
    /// What one endpoint told, for the head of a plan.
    public struct Site: Hashable, Sendable, Codable {
        /// Kind of endpoint.
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            case controlPlane
            /// One list of a control plane that answers, where that list tells less than there is.
            case list
            case kafka
            case registry
            case store
        }

        /// Kind of endpoint.
        public let kind: Kind
        /// Manifest name of the connection, cluster, environment, or binding address.
        public let name: String
        /// `nil` when it answered; else why it did not.
        public let silence: String?
        /// How far it could be reached.
        public let state: Reachability
        /// Whether a consent names its side, or nothing that was selected is there: then the plan needs nothing of it.
        public var isExcused = false

        /// What one endpoint told; without a state, silence means that it could not be reached.
        public init(kind: Kind, name: String, silence: String?, state: Reachability? = nil) {
            self.kind = kind
            self.name = name
            self.silence = silence
            self.state = state ?? (silence == nil ? .reachable : .unreachable)
        }

        /// Reads what was saved; plans of older versions tell no state.
        public init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            self.init(
                kind: try values.decode(Kind.self, forKey: .kind), name: try values.decode(String.self, forKey: .name),
                silence: try values.decodeIfPresent(String.self, forKey: .silence),
                state: try values.decodeIfPresent(Reachability.self, forKey: .state))
            isExcused = try values.decodeIfPresent(Bool.self, forKey: .isExcused) ?? false
        }
    }

    /// What a step that publishes found in its store: a saved plan runs only while that is still there.
    public struct Store: Hashable, Sendable, Codable {
        /// The binding's target.
        public let address: ResourceAddress
        /// Values under the keys of the binding, `properties.…`; fingerprints of its secrets, `secrets.…`; and
        /// `primary`, `epoch`, `ledger` and `generation` of the bookkeeping beside them.
        public let fields: [String: String]

        /// What a store held.
        public init(_ address: ResourceAddress, _ fields: [String: String]) {
            self.address = address
            self.fields = fields
        }
    }

    /// Something to know that is neither a change nor a refusal.
    public struct Note: Hashable, Sendable, Codable {
        /// What it is about, when it is one object or group.
        public let subject: String?
        /// The sentence.
        public let text: String

        /// A note.
        public init(_ text: String, about subject: String? = nil) {
            self.subject = subject
            self.text = text
        }
    }

    /// The state of one group.
    public struct GroupState: Hashable, Sendable, Codable {
        /// Group.
        public let name: String
        /// Primary as declared.
        public let primary: String
        /// Members as declared.
        public let members: [String]
        /// Topics it holds now.
        public let topics: Int
        /// Whether a standby could take over everything that clients were promised, by what was seen now.
        public let isProtected: Bool
        /// Readiness findings in words: why it is not protected, and what else is not as it should be.
        public let findings: [String]
        /// The same as facts; empty in a plan that was read from a file.
        public var gaps: [ProtectionGap] = []
        /// Topics that a move left behind: on the primary they are mirrors still.
        public var left: [String] = []
        /// When it was last seen protected, and when its holder last answered, while the holder is silent.
        public var lastKnown: LastKnown?
        /// What the evidence says about its moves; `nil` when it contradicts itself, which is a refusal then.
        public var standing: Standing?

        /// What was known of a group before its holder fell silent.
        public struct LastKnown: Hashable, Sendable, Codable {
            /// When it was last seen protected; `nil` = it never was.
            public let protectedUntil: Timestamp?
            /// When the holder last answered; `nil` = it never did.
            public let lastSeen: Timestamp?
            /// The holder and a standby that answers and could go on without it; `nil` = nobody can, or waiting does not
            /// help because something has to be repaired.
            public var succession: Succession?

            /// What was known.
            public init(protectedUntil: Timestamp?, lastSeen: Timestamp?, succession: Succession? = nil) {
                self.protectedUntil = protectedUntil
                self.lastSeen = lastSeen
                self.succession = succession
            }
        }

        /// Who could go on without a holder that is silent, by a commit.
        public struct Succession: Hashable, Sendable, Codable {
            /// The group whose manifest says who is primary.
            public let family: String
            /// The member that is silent.
            public let from: String
            /// The member that could become primary.
            public let to: String

            /// Who could go on.
            public init(family: String, from: String, to: String) {
                self.family = family
                self.from = from
                self.to = to
            }
        }

        /// The state of one group.
        public init(
            name: String, primary: String, members: [String], topics: Int, isProtected: Bool, findings: [String]
        ) {
            self.name = name
            self.primary = primary
            self.members = members
            self.topics = topics
            self.isProtected = isProtected
            self.findings = findings
        }
    }

    /// Counts of the last line of a plan.
    public struct Summary: Hashable, Sendable, Codable {
        /// Objects to create.
        public var add = 0
        /// Objects to change.
        public var change = 0
        /// Objects to delete.
        public var destroy = 0
        /// Objects to adopt.
        public var adopt = 0
        /// Objects to release.
        public var release = 0
        /// Deferred work.
        public var deferred = 0
        /// Refusals.
        public var refused = 0

        /// No changes.
        public init() {}
    }

    /// Version of this document's form; a new major number is a form that older readers must refuse.
    public static let currentFormatVersion = "1.0"

    /// Version of this document's form.
    public var formatVersion = Plan.currentFormatVersion
    /// Version of Spillway that made it.
    public var toolVersion: String
    /// Workspace.
    public var workspace: String
    /// Id of the ledger it was planned against; `nil` when there was none.
    public var ledgerID: String?
    /// When the observation began.
    public var observedAt: Timestamp
    /// How long the observation took, in milliseconds.
    public var observedInMilliseconds: Int64
    /// Planning flags that shaped it, as given.
    public var flags: [String]
    /// Digest of what it was decided on; empty until sealed.
    public var basis: String
    /// What the endpoints told.
    public var sites: [Site]
    /// What the stores held that steps publish to.
    public var stores: [Store]
    /// Groups.
    public var groups: [GroupState]
    /// How far the copies of every family are behind, by the group that leads it; not part of documents.
    public var lags: [String: SeenLag] = [:]
    /// How old the records can be that the copies of every family lack, by the same; not part of documents.
    public var lossAges: [String: Recorded.LossAge] = [:]
    /// Changes of primary.
    public var moves: [Move]
    /// Work that somebody has to consent to.
    public var decisions: [NeededDecision]
    /// Changes in the order they are shown.
    public var changes: [Change]
    /// Steps in a valid order.
    public var steps: [Step]
    /// Work that waits.
    public var deferred: [DeferredWork]
    /// What is refused.
    public var refusals: [Refusal]
    /// Notes.
    public var notes: [Note]
    /// What only the ledger learns (a deletion policy, a protection, a value seen to be as wanted): nothing is sent and
    /// nothing is shown; an apply writes them, also when there are no steps.
    public var ledgerRefresh: [Step]

    /// A plan without content.
    public init(toolVersion: String, workspace: String, ledgerID: String?, observedAt: Timestamp, observedIn: Duration)
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
    public var hasSteps: Bool { !steps.isEmpty }

    /// Whether it publishes what it does not know itself: endpoints of sites that it makes.
    public var publishesUnknown: Bool {
        steps.contains { step in
            guard case .publish = step.action, case .own(let row) = step.ledger else { return false }
            return row.applied[WantedContent.partialMark] != nil
        }
    }

    /// Counts of the last line.
    public var summary: Summary {
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
