import Domain

extension RuleContext {
    /// A connection whose secrets are read through itself can never be opened.
    func checkConnections(_ findings: inout Findings) {
        for (name, connection) in workspace.connections {
            var seen: Set<String> = []
            var waiting = connection.system.connectionsOfSecrets
            while let next = waiting.popLast() {
                guard next != name else {
                    findings.error(
                        "secret-cycle", "Connection `\(name)` needs a secret that is read through itself",
                        at: place(.connection, name, "metadata.name"),
                        help: "read one of the secrets on the way from `env` or `file`")
                    break
                }
                guard seen.insert(next).inserted else { continue }
                waiting += workspace.connections[next]?.system.connectionsOfSecrets ?? []
            }
        }
    }
}

extension SecretReference {
    /// Connections needed to read it; those of `firstOf` only when no alternative does without.
    var connections: [String] {
        switch self {
        case .environment, .file: []
        case .vault(let connection, _, _, _), .kubernetes(let connection, _, _, _),
            .awsSecretsManager(let connection, _, _):
            [connection]
        case .firstOf(let alternatives):
            alternatives.contains { $0.connections.isEmpty } ? [] : alternatives.flatMap(\.connections)
        }
    }
}

extension ConnectionSpec.System {
    /// Connections through which the secrets of this one are read.
    fileprivate var connectionsOfSecrets: [String] { settings.secrets.flatMap(\.connections) }
}
