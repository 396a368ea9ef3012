package import Domain

/// Everything a plan is computed from. Equal inputs give equal plans, in whatever order their parts were read.
package struct PlanInput: Sendable {
    /// What is wanted.
    package var workspace: Workspace
    /// What was seen.
    package var observation: Observation
    /// What is remembered.
    package var recorded: Recorded
    /// Fingerprints of the secrets that are written somewhere, as far as they could be read.
    package var secrets: SecretFacts
    /// Flags.
    package var options: PlanOptions
    /// What live systems answered to questions of an earlier round.
    package var answers: [Probe: ProbeAnswer] = [:]
    /// Version of Spillway.
    package var toolVersion: String

    package init(
        workspace: Workspace, observation: Observation, recorded: Recorded, secrets: SecretFacts = SecretFacts(),
        options: PlanOptions = PlanOptions(), toolVersion: String
    ) {
        self.workspace = workspace
        self.observation = observation
        self.recorded = recorded
        self.secrets = secrets
        self.options = options
        self.toolVersion = toolVersion
    }
}

/// What is known of the secrets that are written somewhere: never more than keyed fingerprints.
package struct SecretFacts: Hashable, Sendable {
    /// Fingerprints of the secrets behind references; a reference that could not be read is missing.
    package var references: [SecretReference: Fingerprint]
    /// References that were tried and could not be read; what writes them waits.
    package var unresolvedReferences: [SecretReference: UnresolvedSecret] = [:]
    /// Fingerprints of a binding's rendered secrets, by binding and key.
    package var bindings: [String: [String: Fingerprint]]
    /// What tells the key of the fingerprints from another one; `nil` = not known.
    package var keyID: String?
    /// Why a binding's secrets could not be rendered.
    package var unresolvedBindings: [String: UnresolvedSecret]

    /// Facts about secrets; the default knows none.
    package init(
        references: [SecretReference: Fingerprint] = [:], bindings: [String: [String: Fingerprint]] = [:],
        unresolvedBindings: [String: UnresolvedSecret] = [:]
    ) {
        self.references = references
        self.bindings = bindings
        self.unresolvedBindings = unresolvedBindings
    }

    /// One text for all secrets of some credentials, and for how they are used where that is not the usual way; `nil`
    /// when any secret is unknown or there is none.
    func fingerprint(of credentials: [Credentials]) -> String? {
        let references = credentials.flatMap(\.references)
        let known = references.compactMap { self.references[$0]?.hexadecimal }
        guard !references.isEmpty, known.count == references.count else { return nil }
        return (known + credentials.flatMap(\.usage)).joined(separator: "+")
    }

    /// Why some credentials cannot be written now; `nil` when nothing is known to be wrong with them.
    func obstacle(to credentials: [Credentials]) -> String? {
        credentials.flatMap(\.references).lazy.compactMap { unresolvedReferences[$0]?.reason }.first
    }
}

/// Flags that shape a plan.
package struct PlanOptions: Hashable, Sendable {
    /// Only these objects and what they depend on; empty = everything.
    package var targets: [ResourceAddress]
    /// Only objects whose manifest carries these labels; empty = everything.
    package var selector: [String: String]
    /// Takes ownership of what exists, and changes nothing.
    package var adoptOnly: Bool
    /// Gates that may be passed.
    package var overrides: Set<GateOverride>
    /// Consents to a failover that were given on the command line, by group.
    package var failovers: [String: FailoverFlag] = [:]
    /// Topics that a move leaves behind.
    package var left: Set<String> = []
    /// Copies (`member@epoch`) that become primary although they stopped following.
    package var adoptDiverged: Set<String> = []
    /// Members whose copies count as former ones although nothing shows it.
    package var withoutLineage: Set<String> = []
    /// Links (`member/link`) that a failover deletes by force.
    package var detached: Set<String> = []
    /// Former members that are given up although something of theirs is unfinished.
    package var abandoned: Set<String> = []
    /// Whether every restart hook runs again for what is published.
    package var rerunsHooks = false
    /// Families whose unfinished move is taken back, whatever their manifests say: how a run undoes itself.
    package var reverted: Set<String> = []
    /// Families to which the plan is confined; empty = no confinement.
    package var families: Set<String> = []

    /// Flags; the default is a plain plan.
    package init(
        targets: [ResourceAddress] = [], selector: [String: String] = [:], adoptOnly: Bool = false,
        overrides: Set<GateOverride> = []
    ) {
        self.targets = targets
        self.selector = selector
        self.adoptOnly = adoptOnly
        self.overrides = overrides
    }

    /// A consent to a failover, given on the command line.
    package struct FailoverFlag: Hashable, Sendable {
        /// The member that becomes primary.
        package let member: String
        /// Incident or change number.
        package let incident: String

        package init(member: String, incident: String) {
            self.member = member
            self.incident = incident
        }
    }

    /// The flags in words, as the plan records them.
    package var inWords: [String] {
        targets.map { "--target \($0)" } + selector.sorted { $0.key < $1.key }.map { "-l \($0.key)=\($0.value)" }
            + (adoptOnly ? ["--adopt-only"] : []) + overrides.map { "--override \($0.rawValue)" }.sorted()
            + failovers.sorted { $0.key < $1.key }
            .map { "--failover \($0.key)=\($0.value.member) --incident \($0.value.incident)" }
            + left.sorted().map { "--leave \($0)" } + adoptDiverged.sorted().map { "--adopt-diverged \($0)" }
            + withoutLineage.sorted().map { "--without-lineage \($0)" } + detached.sorted().map { "--detach \($0)" }
            + abandoned.sorted().map { "--abandon \($0)" } + (rerunsHooks ? ["--rerun-hooks"] : [])
    }
}
