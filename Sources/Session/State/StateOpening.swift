import Bindings
import Domain
import Execution
import StateStores

/// Opens the state of a workspace, of whatever kind.
struct StateOpening {
    let manifests: LoadedManifests
    let connections: Connections
    /// Whether a ledger may be begun where there is none.
    let mayBegin: Bool

    /// How much longer a lock is leased than a call can take.
    private static let margin: Duration = .seconds(30)
    private static let shortestLease: Duration = .seconds(60)

    /// The store of a command.
    ///
    /// - Parameter given: What the command line says instead of the manifests.
    func store(_ given: StateNotation?) async throws(CommandFailure) -> any StateStore {
        let workspace = manifests.workspace
        switch given {
        case .snapshot(let path):
            return LedgerSnapshotFile(path: CommandContext.current.path(path), workspace: workspace.name)
        case .place:
            guard let location = try given?.location(in: workspace) else { break }
            return try await store(at: location, isDeclared: false)
        case nil: break
        }
        return try await store(at: workspace.spec.state, isDeclared: true)
    }

    /// The store at a place.
    ///
    /// - Parameter isDeclared: Whether the manifests name it: only there a file is begun without being asked for it,
    ///   where machines do not come and go.
    func store(
        at location: WorkspaceSpec.StateLocation, isDeclared: Bool
    ) async throws(CommandFailure) -> any TransferableStore {
        let workspace = manifests.workspace
        if case .sqlite(let path) = location {
            let absolute = isDeclared ? manifests.path(path) : CommandContext.current.path(path)
            return SQLiteStateStore(
                path: absolute, workspace: workspace.name,
                mayCreate: mayBegin || isDeclared && !CommandContext.current.isPipeline)
        }
        do throws(StepFailure) {
            let lease = max(Self.shortestLease, workspace.spec.timeouts.request + Self.margin)
            return SharedStateStore(
                in: try await objects(at: location), workspace: workspace.name, mayCreate: mayBegin, lease: lease)
        } catch {
            throw CommandFailure(.stateUnusable, "the state cannot be reached: \(error.message)")
        }
    }

    private func objects(
        at location: WorkspaceSpec.StateLocation
    ) async throws(StepFailure) -> any SharedObjects {
        switch location {
        case .sqlite: throw StepFailure(.rejected, "a file is not shared")
        case .etcd(let connection, let prefix): try await connections.etcdObjects(of: connection, under: prefix)
        case .s3(let state):
            try await connections.s3Objects(
                of: state.connection, in: state.bucket, under: state.key, region: state.region,
                pathStyle: state.pathStyle, encryption: state.s3Encryption)
        case .kubernetes(let connection, let namespace, let prefix):
            try await connections.kubernetesObjects(of: connection, in: namespace, under: prefix)
        }
    }
}

extension S3State {
    fileprivate var s3Encryption: S3Encryption {
        switch encryption {
        case .none: .bucketDefault
        case .managedKeys: .aes256
        case .kms: .kms(keyID: kmsKeyID)
        }
    }
}
