package import Domain
package import Planning

/// Performs steps of one family of systems: sends the call and returns when the effect has reached its terminal state.
///
/// A performer never decides whether; it is given a step and does it, idempotently: "already exists", "already
/// running" and 404 on delete are success after a read-back that shows the wanted state.
///
/// When the task it runs in is cancelled it sends nothing more, gives up every wait at once and throws
/// ``StepFailure/Kind/interrupted``; calls with an effect that are in flight are finished first (``CallShield``).
package protocol StepPerformer: Sendable {
    /// Whether this performer knows the action.
    func performs(_ action: StepAction) -> Bool
    /// Performs a step, and polls until its effect is visible.
    ///
    /// - Throws: ``StepFailure``, whose text holds no secret.
    func perform(_ step: Step) async throws(StepFailure)
    /// Performs a step, and says when its call was answered and its effect is waited for: another call may be sent
    /// meanwhile. A performer that does not say so is taken to be calling until it returns.
    ///
    /// - Throws: ``StepFailure``, whose text holds no secret.
    func perform(_ step: Step, beginsWaiting: @escaping @Sendable () async -> Void) async throws(StepFailure)
}

extension StepPerformer {
    /// Performs a step without saying when it only waits.
    ///
    /// - Throws: ``StepFailure``, whose text holds no secret.
    package func perform(
        _ step: Step, beginsWaiting: @escaping @Sendable () async -> Void
    ) async throws(StepFailure) {
        try await perform(step)
    }
}

/// Why a step did not succeed.
package struct StepFailure: Error, Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The endpoint did not answer.
        case unreachable
        /// 401 or 403.
        case denied
        /// The service refused the call.
        case rejected
        /// The service asked to be called later than could be waited for: 429.
        case throttled
        /// The effect did not become visible in time.
        case timeout
        /// Something else wrote in between.
        case conflict
        /// A secret did not resolve.
        case withoutCredentials
        /// The answer was not of the API.
        case broken
        /// What answers cannot be trusted to be what is meant: nothing was sent to it.
        case untrusted
        /// The run was interrupted: a wait or a call was given up.
        case interrupted

        /// What was changed, where nobody said what calls did.
        fileprivate var likelyEffect: Effect {
            switch self {
            case .denied, .rejected, .throttled, .withoutCredentials, .untrusted: .none
            case .unreachable, .timeout, .conflict, .broken, .interrupted: .unknown
            }
        }
    }

    package let kind: Kind
    /// What happened, in words of the service where it gave some.
    package let message: String
    /// The endpoint that was called, when one was.
    package let endpoint: String?
    /// What was changed all the same.
    package let effect: Effect
    /// Topics that failed, of a step on many of which the others are done; `nil` when it is not about topics.
    package let topics: [String]?

    /// A failure.
    ///
    /// - Parameter effect: What was changed all the same; `nil` = what its kind lets one think.
    package init(_ kind: Kind, _ message: String, endpoint: String? = nil, effect: Effect? = nil) {
        self.init(kind, message, endpoint: endpoint, effect: effect ?? kind.likelyEffect, topics: nil)
    }

    private init(_ kind: Kind, _ message: String, endpoint: String?, effect: Effect, topics: [String]?) {
        self.kind = kind
        self.message = message
        self.endpoint = endpoint
        self.effect = effect
        self.topics = topics
    }

    /// The same failure with what is known of its effect.
    package func having(_ effect: Effect) -> StepFailure {
        StepFailure(kind, message, endpoint: endpoint, effect: effect, topics: topics)
    }
}

extension StepFailure {
    /// The failure as one of some topics, of a step on many.
    package func about(_ topics: some Sequence<String>) -> StepFailure {
        StepFailure(kind, message, endpoint: endpoint, effect: effect, topics: topics.sorted())
    }

    /// The failure in other words.
    package func saying(_ message: String) -> StepFailure {
        StepFailure(kind, message, endpoint: endpoint, effect: effect, topics: topics)
    }
}

/// Reads secrets where they are kept.
package protocol SecretResolver: Sendable {
    /// Reads one secret now.
    ///
    /// - Throws: ``UnresolvedSecret`` with the reason.
    func resolve(_ reference: SecretReference) async throws(UnresolvedSecret) -> Secret
}

/// Ids and endpoints while a run goes on: what was observed, and what steps have created since.
package actor SiteDirectory {
    private var sites: KnownSites

    /// A directory that starts with what was observed.
    package init(_ sites: KnownSites) {
        self.sites = sites
    }

    /// Everything known now.
    package var known: KnownSites { sites }

    package func cluster(_ name: String) -> KnownSites.Cluster? {
        sites.clusters[name]
    }

    package func environment(_ name: String) -> KnownSites.Environment? {
        sites.environments[name]
    }

    /// Learns of a cluster that a step has created or found.
    package func learn(_ cluster: KnownSites.Cluster, named name: String) {
        sites.clusters[name] = cluster
    }

    /// Learns of an environment or its registry.
    package func learn(_ environment: KnownSites.Environment, named name: String) {
        sites.environments[name] = environment
    }
}
