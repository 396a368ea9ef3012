package import Domain
package import Execution
package import Planning

/// Publishes bindings to their stores.
package struct BindingPerformer: StepPerformer {
    private let workspace: Workspace
    private let stores: BindingStores
    private let secrets: any SecretResolver
    private let sites: SiteDirectory
    private let ledgerID: String
    private let seen: [ResourceAddress: Reach<StoreSnapshot>]
    private let publications: [ResourceAddress: LastPublication]
    private let fingerprinter: Fingerprinter

    /// A performer of one run.
    ///
    /// - Parameters:
    ///   - workspace: Bindings, clusters and environments.
    ///   - folder: Folder of the workspace file; no file outside it is written.
    ///   - connections: The way to stores that are not files.
    ///   - secrets: The way to the applications' credentials.
    ///   - sites: Ids and endpoints, also of what this run creates.
    ///   - ledgerID: Id of the ledger, published beside the data.
    ///   - seen: What the stores held when the plan was made.
    ///   - publications: What was last published to each target.
    ///   - fingerprinter: Compares secrets with what was seen.
    package init(
        workspace: Workspace, folder: String, connections: Connections, secrets: any SecretResolver,
        sites: SiteDirectory, ledgerID: String, seen: [ResourceAddress: Reach<StoreSnapshot>],
        publications: [ResourceAddress: LastPublication] = [:], fingerprinter: Fingerprinter
    ) {
        self.workspace = workspace
        stores = BindingStores(folder: folder, connections: connections)
        self.secrets = secrets
        self.sites = sites
        self.ledgerID = ledgerID
        self.seen = seen
        self.publications = publications
        self.fingerprinter = fingerprinter
    }

    /// Whether it is a publication, or takes one back.
    package func performs(_ action: StepAction) -> Bool {
        if case .binding = action { true } else { false }
    }

    /// Renders the content with what is known and can be read now, and writes it by compare and swap.
    ///
    /// - Throws: `withoutCredentials` when a secret does not resolve, `conflict` when the store holds something newer,
    ///   or else than the plan saw, `rejected` when it cannot be edited, or an endpoint is not known, and what the
    ///   store's own failures are.
    package func perform(_ step: Step) async throws(StepFailure) {
        try await Deeds.recorded { () async throws(StepFailure) in
            guard case .binding(let action) = step.action else {
                throw StepFailure(.rejected, "\(step.id) names no store of a binding")
            }
            switch action {
            case .publish(let publication): try await publish(publication, as: step)
            case .withdraw(let withdrawal): try await withdraw(withdrawal)
            }
        }
    }

    private func publish(_ publication: Publication, as step: Step) async throws(StepFailure) {
        guard let binding = workspace.clientBindings[publication.binding], let target = target(of: publication)
        else { throw StepFailure(.rejected, "\(step.id) names no store of a binding") }
        let content = try await content(publication, of: binding, target)
        let publisher = BindingPublisher(seen: seen[step.address]?.snapshot, fingerprinter: fingerprinter)
        try await publisher.publish(
            content, to: try await stores.store(for: target, publishedBefore: publications[step.address]))
    }

    private func withdraw(_ withdrawal: Withdrawal) async throws(StepFailure) {
        let publisher = BindingPublisher(seen: nil, fingerprinter: fingerprinter)
        let keys = StoreKeys(
            binding: withdrawal.binding, plain: [], secret: [], dropped: Set(withdrawal.keys))
        try await publisher.withdraw(keys, from: try await stores.store(for: withdrawal.target))
    }

    private func target(of publication: Publication) -> PublishTarget? {
        guard let targets = workspace.clientBindings[publication.binding]?.publish,
            targets.indices.contains(publication.targetIndex)
        else { return nil }
        return targets[publication.targetIndex]
    }

    /// What a publication writes, rendered now.
    func content(
        _ publication: Publication, of binding: ClientBindingSpec, _ target: PublishTarget
    ) async throws(StepFailure) -> StoreContent {
        let content = BindingContent(
            of: binding, at: publication.cluster, in: workspace, sites: await sites.known)
        return StoreContent(
            binding: binding.name,
            properties: target.contents.includesProperties ? try properties(content) : [:],
            secrets: target.contents.includesSecrets ? try await secrets(content) : [:],
            dropped: publication.dropped.map { removable($0, of: binding, at: target) } ?? [],
            bookkeeping: StoreSnapshot.Bookkeeping(
                primary: publication.cluster, epoch: publication.epoch, ledger: publication.successorOf ?? ledgerID,
                generation: publication.generation),
            followsGroup: publication.group != nil)
    }

    /// Keys to remove: not those that another binding keeps in the same file.
    private func removable(_ keys: [String], of binding: ClientBindingSpec, at target: PublishTarget) -> [String] {
        guard case .file(let file) = target else { return keys }
        let sharing = workspace.clientBindings.values.filter { other in
            other.name != binding.name
                && other.publish.contains { if case .file(let its) = $0 { its.path == file.path } else { false } }
        }
        let format = file.fileFormat
        let kept = Set(sharing.flatMap { Array($0.properties.keys) + Array($0.secrets.keys) }.map(format.name))
        return keys.filter { !kept.contains(format.name(of: $0)) }
    }

    private func properties(_ content: BindingContent) throws(StepFailure) -> [String: String] {
        do {
            return try content.properties()
        } catch {
            throw StepFailure(.rejected, error.description)
        }
    }

    private func secrets(_ content: BindingContent) async throws(StepFailure) -> [String: Secret] {
        do {
            return try await content.secrets(resolvedBy: secrets)
        } catch {
            throw StepFailure(.withoutCredentials, error.reason)
        }
    }
}
