import Domain

/// Deadlines: one of no time is over before anything has begun, and every endpoint would count as silent.
extension RuleContext {
    func checkTimeouts(_ findings: inout Findings) {
        let timeouts = workspace.spec.timeouts
        let spans: [(field: String, span: Duration)] = [
            ("connect", timeouts.connect), ("request", timeouts.request),
            ("unreachableAfter", timeouts.unreachableAfter), ("drain", timeouts.drain),
            ("transition", timeouts.transition), ("reprotect", timeouts.reprotect),
            ("provision", timeouts.provision), ("restart", timeouts.restart),
        ]
        for (field, span) in spans where span <= .zero {
            findings.error(
                "out-of-range", "a deadline of no time is over before anything has begun",
                at: place(.workspace, workspace.name, "spec.timeouts.\(field)"),
                help: "write a span, or remove the line: the default holds then")
        }
    }
}
