import Bindings
import Confluent
import Domain
package import Estate
import Execution
import Foundation
import Manifest
import Planning
import Rendering
import Transport

/// Turns an estate that exists into a workspace.
package struct Importer {
    private let request: ImportRequest
    private let options: SessionOptions
    private let context = CommandContext.current

    package init(_ request: ImportRequest, _ options: SessionOptions) {
        self.request = request
        self.options = options
    }

    /// Reads the estate and infers its manifests; writes nothing.
    ///
    /// - Throws: ``CommandFailure``.
    package func outcome() async throws -> ImportOutcome {
        let spec = WorkspaceSpec(metadata: Metadata(name: request.name))
        switch request.source {
        case .terraform(let path, let endpoint):
            let state = try terraformState(path, endpoint)
            var estate = try filtered(state.estate, among: state.estate.addresses)
            let names = SecretNames(set: Set(context.environment.keys))
            for index in estate.clusters.indices {
                estate.clusters[index].credentials = names.apiKey(of: .kafka, estate.clusters[index].name)
            }
            for index in estate.environments.indices where estate.environments[index].registryID != nil {
                estate.environments[index].credentials = names.apiKey(of: .registry, estate.environments[index].name)
            }
            let left = state.left.sorted { $0.key < $1.key }.map { Remark.left(type: $0.key, count: $0.value) }
            return outcome(estate, spec, left, [])
        case .cloud, .platform: return try await live(spec)
        }
    }

    private func live(_ spec: WorkspaceSpec) async throws -> ImportOutcome {
        let secrets = KnownSecrets()
        let transport = try HTTPTransport.of(spec, in: context, logger: options.logger, knowing: secrets)
        do {
            var reader = reader(spec, transport)
            switch request.source {
            case .cloud(let endpoint): try await reader.read(behind: connection(endpoint))
            case .platform(let sites): await reader.read(sites)
            case .terraform: break
            }
            await transport.shutdown()
            return outcome(try filtered(reader.estate, among: Array(reader.seen)), spec, [], reader.unread)
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    private func reader(_ spec: WorkspaceSpec, _ transport: HTTPTransport) -> EstateReader {
        let secrets = SecretReader(folder: context.currentFolder, environment: context.environment)
        let observer = ConfluentObserver(secrets: secrets, transport: transport, stores: NoStores())
        return EstateReader(
            observer, spec, SecretNames(set: Set(context.environment.keys)), request.filter)
    }

    private func connection(_ endpoint: String) -> ConnectionSpec {
        let (key, secret) = SecretNames(set: Set(context.environment.keys)).cloudKey
        return ConnectionSpec(
            metadata: Metadata(name: "confluent"),
            system: .confluentCloud(ConfluentCloudSpec(endpoint: endpoint, apiKey: key, apiSecret: secret)))
    }

    private func terraformState(_ path: String, _ endpoint: String) throws -> TerraformState {
        let text: String
        do {
            text = try String(contentsOfFile: context.path(path), encoding: .utf8)
        } catch {
            throw CommandFailure(.error, "\(path) cannot be read: \(error.localizedDescription)")
        }
        do throws(TerraformState.Unreadable) {
            return try TerraformState(text, connection: connection(endpoint))
        } catch {
            throw CommandFailure(.error, "\(path) \(error.words); nothing was written")
        }
    }

    /// What the request takes of an estate.
    ///
    /// - Parameter addresses: All that there was to choose from.
    /// - Throws: ``CommandFailure`` when a pattern names nothing.
    private func filtered(_ estate: Estate, among addresses: [ResourceAddress]) throws -> Estate {
        let unmatched = request.filter.unmatched(among: addresses)
        guard unmatched.isEmpty else {
            throw CommandFailure(
                .usage, "nothing that exists is named by \(unmatched.joined(separator: ", ")); nothing was written")
        }
        return estate.filtered(request.filter)
    }

    private func outcome(
        _ estate: Estate, _ spec: WorkspaceSpec, _ left: [Remark], _ unread: [ImportOutcome.Unread]
    ) -> ImportOutcome {
        let inference = Inference(estate, into: spec, infersGroups: request.infersGroups)
        let variables = inference.workspace.variables.map { ($0, context.environment[$0].map { !$0.isEmpty } ?? false) }
        return ImportOutcome(
            workspace: inference.workspace, remarks: inference.remarks + left, unread: unread, variables: variables)
    }
}

/// Nothing is published before there are bindings.
private struct NoStores: StoreObserver {
    func observe(_ binding: ClientBindingSpec, targetIndex: Int) async -> Reach<StoreSnapshot> { .unmanaged }
    func observe(_ place: PlaceLeft) async -> Reach<StoreSnapshot> { .unmanaged }
}

extension TerraformState.Unreadable {
    fileprivate var words: String {
        switch self {
        case .notJSON: "is no JSON"
        case .version(let version):
            "is no Terraform state of version 4" + (version.map { ", but of version \($0)" } ?? "")
        case .nothing: "holds no resource of the provider confluentinc/confluent"
        }
    }
}

extension Workspace {
    /// Environment variables that its secrets are read from.
    fileprivate var variables: [String] {
        let credentials =
            clusters.values.flatMap { [$0.credentials, $0.linkCredentials] }
            + environments.values.flatMap { [$0.schemaRegistry.credentials, $0.schemaRegistry.linkCredentials] }
        let references =
            connections.values.flatMap { $0.system.settings.secrets } + credentials.flatMap { $0?.references ?? [] }
        return Set(references.compactMap { if case .environment(let name) = $0 { name } else { nil } }).sorted()
    }
}
