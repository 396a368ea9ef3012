public import Domain
public import Execution
public import Planning

/// Publishes bindings to files.
public struct FileBindingPerformer: StepPerformer {
    private let workspace: Workspace
    private let folder: String
    private let secrets: any SecretResolver
    private let sites: SiteDirectory
    private let ledgerID: String

    /// A performer of one run.
    ///
    /// - Parameters:
    ///   - workspace: Bindings, clusters and environments.
    ///   - folder: Folder of the workspace file; nothing outside it is written.
    ///   - secrets: The way to the applications' credentials.
    ///   - sites: Ids and endpoints, also of what this run creates.
    ///   - ledgerID: Id of the ledger, published beside the data.
    public init(
        workspace: Workspace, folder: String, secrets: any SecretResolver, sites: SiteDirectory, ledgerID: String
    ) {
        self.workspace = workspace
        self.folder = folder
        self.secrets = secrets
        self.sites = sites
        self.ledgerID = ledgerID
    }

    /// Whether it is a publication to a file.
    public func performs(_ action: StepAction) -> Bool {
        guard case .publish(let publication) = action, case .file = target(of: publication) else { return false }
        return true
    }

    /// Renders the content with what is known and can be read now, and writes it by compare and swap.
    ///
    /// - Throws: `withoutCredentials` when a secret does not resolve, `conflict` when the file holds something newer,
    ///   `rejected` when it cannot be edited or reached, or an endpoint is not known.
    public func perform(_ step: Step) async throws(StepFailure) {
        guard case .publish(let publication) = step.action,
            let binding = workspace.clientBindings[publication.binding],
            case .file(let path, let format, let contents) = target(of: publication)
        else { throw StepFailure(.rejected, "\(step.id) does not publish to a file") }
        let store = FileBindingStore(
            root: folder, path: path, format: format, isPrivate: contents.includesSecrets)
        try await store.publish(try await content(publication, of: binding, contents))
    }

    private func target(of publication: Publication) -> PublishTarget? {
        guard let targets = workspace.clientBindings[publication.binding]?.publish,
            targets.indices.contains(publication.targetIndex)
        else { return nil }
        return targets[publication.targetIndex]
    }

    private func content(
        _ publication: Publication, of binding: ClientBindingSpec, _ contents: PublishedContents
    ) async throws(StepFailure) -> FileBindingStore.Content {
        let content = BindingContent(
            of: binding, at: publication.cluster, in: workspace, sites: await sites.known)
        return FileBindingStore.Content(
            binding: binding.name,
            properties: contents.includesProperties ? try properties(content) : [:],
            secrets: contents.includesSecrets ? try await secrets(content) : [:],
            dropped: dropped(publication, of: binding),
            bookkeeping: StoreSnapshot.Bookkeeping(
                primary: publication.cluster, epoch: publication.epoch, ledger: ledgerID,
                generation: publication.generation),
            followsGroup: publication.group != nil)
    }

    /// Keys to remove: not those that another binding keeps in the same file.
    private func dropped(_ publication: Publication, of binding: ClientBindingSpec) -> [String] {
        guard let keys = publication.dropped, case .file(let path, let format, _) = target(of: publication) else {
            return []
        }
        let sharing = workspace.clientBindings.values.filter { other in
            other.name != binding.name
                && other.publish.contains { if case .file(path, _, _) = $0 { true } else { false } }
        }
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
