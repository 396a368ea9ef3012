import Domain

extension RuleContext {
    func checkEnvironments(_ findings: inout Findings) {
        for environment in workspace.environments.values {
            checkManagement(of: environment, &findings)
            checkRegistry(of: environment, &findings)
        }
        checkLiveEnvironments(&findings)
    }

    private func place(_ environment: EnvironmentSpec, _ field: String) -> Place? {
        place(.environment, environment.name, field)
    }

    private func checkManagement(of environment: EnvironmentSpec, _ findings: inout Findings) {
        if environment.managementPolicy == .manage && environment.connection == nil {
            findings.error(
                "manage-needs-connection",
                "Environment `\(environment.name)` is to be managed, but has no control plane",
                at: place(environment, "spec.managementPolicy"),
                help: "name a Connection of type confluentCloud in `connection`, or leave `managementPolicy` out")
        }
        if environment.deletionPolicy == .delete && environment.managementPolicy == .observe {
            findings.error(
                "delete-needs-manage",
                "Environment `\(environment.name)` is only observed, so it can never be deleted",
                at: place(environment, "spec.deletionPolicy"),
                help: "set `managementPolicy: Manage`, or `deletionPolicy: Retain`")
        }
    }

    private func checkRegistry(of environment: EnvironmentSpec, _ findings: inout Findings) {
        let isDeclared = object(.environment, environment.name)?.node["spec"]?["schemaRegistry"] != nil
        guard environment.connection == nil else { return }
        if isDeclared && environment.schemaRegistry.endpoint == nil {
            findings.error(
                "missing-endpoint",
                "the registry of Environment `\(environment.name)` has no `endpoint`, and no control plane tells it",
                at: place(environment, "spec.schemaRegistry"),
                help: "write its URL, or name the control plane in `connection`")
        }
        if environment.governance != nil {
            findings.error(
                "field-not-applicable", "a self-managed Environment has no Stream Governance package",
                at: place(environment, "spec.streamGovernance"), help: "remove it, or name a `connection`")
        }
    }

    /// Two manifests must not mean one live environment.
    private func checkLiveEnvironments(_ findings: inout Findings) {
        var owners: [String: String] = [:]
        for environment in workspace.environments.values.sorted(by: { $0.name < $1.name }) {
            let identity: String
            let field: String
            if let id = environment.id {
                (identity, field) = (id, "spec.id")
            } else if let connection = environment.connection {
                (identity, field) = ("\(connection)\n\(environment.displayName)", "spec.displayName")
            } else {
                continue
            }
            if let first = owners.updateValue(environment.name, forKey: identity) {
                findings.error(
                    "same-live-object",
                    "Environments `\(first)` and `\(environment.name)` mean the same live environment",
                    at: place(environment, field),
                    notes: place(.environment, first, field).map { [("the other is here", $0)] } ?? [],
                    help: "keep one of them")
            }
        }
    }
}
