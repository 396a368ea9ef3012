import Diagnostics
import Domain

extension RuleContext {
    /// Every name that one manifest uses for another must exist, and lead to the right kind of system.
    func checkReferences(_ findings: inout Findings) {
        for reference in references {
            guard object(reference.kind, reference.name) != nil else {
                if !findings.isIncomplete { reportDangling(reference, &findings) }
                continue
            }
            guard let wanted = reference.connectionType, let actual = workspace.connections[reference.name]?.type,
                wanted != actual
            else { continue }
            let fitting = workspace.connections.values.filter { $0.type == wanted }.map(\.metadata.name).sorted()
            findings.error(
                "wrong-connection-type",
                "Connection `\(reference.name)` leads to \(actual.rawValue); here \(wanted.rawValue) is needed",
                at: reference.place,
                help: fitting.isEmpty
                    ? "declare a Connection with `spec.\(wanted.rawValue)`" : "there is \(listed(fitting))")
        }
    }

    private func reportDangling(_ reference: Reference, _ findings: inout Findings) {
        let kind = reference.kind.rawValue
        let known = names(of: reference.kind)
        let near = Suggestion.nearest(to: reference.name, among: known)
        let others = ManifestKind.allCases.filter { $0 != reference.kind && object($0, reference.name) != nil }
        let help: String =
            if let near {
                "did you mean `\(near)`?"
            } else if let other = others.first {
                "there is a \(other.rawValue) of this name, but a \(kind) is needed"
            } else if known.isEmpty {
                "the workspace declares no \(kind)"
            } else if known.count <= 8 {
                "there is \(listed(known))"
            } else {
                "the workspace declares \(known.count) manifests of kind \(kind), none of this name"
            }
        findings.error(
            "dangling-reference", "there is no \(kind) named `\(reference.name)`", at: reference.place, help: help)
    }
}
