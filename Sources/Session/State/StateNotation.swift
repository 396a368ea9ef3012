import Domain
import Execution

/// A place for state as the command line names it, where it is not the one of the manifests.
package enum StateNotation: Hashable, Sendable {
    /// A file that holds a copy of a ledger, only to be read.
    case snapshot(String)
    /// `sqlite:PATH`, `etcd:CONNECTION[/PREFIX]`, `s3:CONNECTION/BUCKET[/KEY]`, `kubernetes:CONNECTION/NAMESPACE[/PREFIX]`.
    case place(scheme: Scheme, rest: String)

    package enum Scheme: String, CaseIterable, Sendable {
        case sqlite
        case etcd
        case s3
        case kubernetes

        /// How a place of this kind is written.
        var form: String {
            switch self {
            case .sqlite: "sqlite:PATH"
            case .etcd: "etcd:CONNECTION[/PREFIX]"
            case .s3: "s3:CONNECTION/BUCKET[/KEY]"
            case .kubernetes: "kubernetes:CONNECTION/NAMESPACE[/PREFIX]"
            }
        }
    }

    /// Reads what was given: text without one of the schemes is the path of a snapshot.
    package init(_ text: String) {
        if let colon = text.firstIndex(of: ":"), let scheme = Scheme(rawValue: String(text[..<colon])) {
            self = .place(scheme: scheme, rest: String(text[text.index(after: colon)...]))
        } else {
            self = .snapshot(text)
        }
    }

    /// The forms of all kinds.
    package static let forms = Scheme.allCases.map(\.form).joined(separator: ", ")

    /// The place in a workspace.
    ///
    /// - Throws: Exit 64 when it does not name what its kind needs, or names a connection that there is not.
    func location(in workspace: Workspace) throws(CommandFailure) -> WorkspaceSpec.StateLocation? {
        guard case .place(let scheme, let rest) = self else { return nil }
        let parts = rest.split(separator: "/", maxSplits: scheme == .etcd ? 1 : 2).map(String.init)
        func part(_ index: Int, _ what: String) throws(CommandFailure) -> String {
            guard parts.indices.contains(index), !parts[index].isEmpty else {
                throw CommandFailure(.usage, "'\(scheme.rawValue):\(rest)' names no \(what); write \(scheme.form)")
            }
            return parts[index]
        }
        func connection(_ fits: (ConnectionSpec.System) -> Bool) throws(CommandFailure) -> String {
            let name = try part(0, "connection")
            guard let system = workspace.connections[name]?.system, fits(system) else {
                let known = workspace.connections.filter { fits($0.value.system) }.keys.sorted()
                throw CommandFailure(
                    .usage,
                    "there is no Connection '\(name)' for state in \(scheme.rawValue)"
                        + (known.isEmpty ? "" : "; there is \(known.joined(separator: ", "))"))
            }
            return name
        }
        switch scheme {
        case .sqlite:
            guard !rest.isEmpty else { throw CommandFailure(.usage, "'sqlite:' names no path") }
            return .sqlite(path: rest)
        case .etcd:
            let name = try connection { if case .etcd = $0 { true } else { false } }
            return .etcd(
                connection: name, prefix: parts.count > 1 ? "/\(parts[1])" : "/spillway/\(workspace.name)")
        case .s3:
            let name = try connection { if case .aws = $0 { true } else { false } }
            let bucket = try part(1, "bucket")
            let key = parts.count > 2 ? parts[2] : "spillway/\(workspace.name)"
            if case .s3(let declared) = workspace.spec.state, declared.isAt(name, bucket, key) { return .s3(declared) }
            return .s3(S3State(connection: name, bucket: bucket, key: key))
        case .kubernetes:
            let name = try connection { if case .kubernetes = $0 { true } else { false } }
            return .kubernetes(
                connection: name, namespace: try part(1, "namespace"),
                prefix: parts.count > 2 ? parts[2] : "spillway-\(workspace.name)")
        }
    }
}

extension S3State {
    /// Whether it is the place that a command line names.
    fileprivate func isAt(_ connection: String, _ bucket: String, _ key: String) -> Bool {
        self.connection == connection && self.bucket == bucket && self.key == key
    }
}
