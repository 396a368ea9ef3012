package import Diagnostics

extension LoadedWorkspace {
    /// Uses of what manifests may say and this version cannot do yet, as warnings with their place.
    ///
    /// `validate` lets them pass; what would need them is refused. Code: `unsupported-state-store`.
    package var unsupportedUses: [Diagnostic] {
        var findings = findings.withoutDiagnostics
        for object in objects.values where object.kind == .workspace {
            guard let state = object.node.mapping?["spec"]?.mapping?["state"]?.mapping else { continue }
            for name in ["etcd", "s3", "kubernetes"] {
                guard let entry = state.entry(name) else { continue }
                findings.warn(
                    "unsupported-state-store", "state in \(name) is not supported yet", at: entry.keyPlace,
                    help: "use `sqlite`")
            }
        }
        return findings.collector.sorted
    }
}
