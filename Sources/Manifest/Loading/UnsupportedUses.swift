public import Diagnostics
public import Domain
import OrderedCollections

extension LoadedWorkspace {
    /// Uses of what manifests may say and this version cannot do yet, as warnings with their place, in reading order.
    ///
    /// `validate` lets them pass; what would need them is refused. Codes: `unsupported-secret-source`,
    /// `unsupported-publish-target`, `unsupported-state-store`, `unsupported-restart-hook`.
    public var unsupportedUses: [Diagnostic] {
        var findings = findings.withoutDiagnostics
        for object in objects.values {
            var walk = UnsupportedWalk(findings: findings)
            walk.visit(object.node, Shape.document(object.kind))
            findings = walk.findings
        }
        return findings.collector.sorted
    }
}

extension SecretReference {
    /// Whether this version can read the secret: `env`, `file`, and `firstOf` with one of them.
    public var isSupported: Bool {
        switch self {
        case .environment, .file: true
        case .vault, .kubernetes, .awsSecretsManager: false
        case .firstOf(let alternatives): alternatives.contains(where: \.isSupported)
        }
    }
}

/// Walks a document along its shape and reports what cannot be done yet.
private struct UnsupportedWalk {
    var findings: Findings

    mutating func visit(_ node: Node, _ shape: Shape) {
        for entry in node.mapping?.entries ?? [] {
            guard let member = shape.members[entry.key] else { continue }
            switch member.value {
            case .mapping(let inner):
                if entry.key == "state" { visitState(entry.value) }
                visit(entry.value, inner)
            case .leaf(let type): visit(entry.value, type)
            }
        }
    }

    private mutating func visit(_ node: Node, _ type: FieldType) {
        switch type {
        case .secret: visitSecret(node)
        case .textOrSecret: if node.mapping != nil { visitSecret(node) }
        case .structure(.publishTarget):
            report(node, but: ["file"], "unsupported-publish-target", "publishing to", "use `file`")
            visit(node, Shape.structure(.publishTarget))
        case .structure(.restartHook):
            report(
                node, but: ["http", "command"], "unsupported-restart-hook", "restart hooks of type",
                "use `http` or `command`")
            visit(node, Shape.structure(.restartHook))
        case .structure(let name): visit(node, Shape.structure(name))
        case .list(let item): for element in node.sequence ?? [] { visit(element, item) }
        case .map(let value), .mapByName(_, let value):
            for entry in node.mapping?.entries ?? [] { visit(entry.value, value) }
        default: break
        }
    }

    private mutating func visitSecret(_ node: Node) {
        guard let reference = SecretReference(decoding: node), !reference.isSupported else { return }
        report(
            node, but: ["env", "file"], "unsupported-secret-source", "reading secrets from",
            "use `env` or `file`, or put one of them into `firstOf`")
    }

    private mutating func visitState(_ node: Node) {
        for name in ["etcd", "s3"] {
            guard let entry = node.mapping?.entry(name) else { continue }
            findings.warn(
                "unsupported-state-store", "state in \(name) is not supported yet", at: entry.keyPlace,
                help: "use `sqlite`")
        }
    }

    /// Reports the one key of a choice, unless it is among the supported ones.
    private mutating func report(_ node: Node, but supported: [String], _ code: String, _ verb: String, _ help: String)
    {
        let choices = StructureName.allCases.flatMap { Table.of($0).choices }.flatMap(\.fields)
        for entry in node.mapping?.entries ?? []
        where choices.contains(entry.key) && !supported.contains(entry.key) {
            findings.warn(code, "\(verb) \(entry.key) is not supported yet", at: entry.keyPlace, help: help)
        }
    }
}
