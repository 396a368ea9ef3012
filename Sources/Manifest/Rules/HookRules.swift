import Domain

/// Restart hooks: what could never run, or never succeed, is told before clients have been moved.
extension RuleContext {
    func checkHooks(_ findings: inout Findings) {
        for binding in workspace.clientBindings.values {
            guard let object = object(.clientBinding, binding.name) else { continue }
            for (index, hook) in binding.restart.enumerated() {
                check(hook, of: binding, object, "spec.restart[\(index)]", &findings)
            }
        }
    }

    private func check(
        _ hook: RestartHook, of binding: ClientBindingSpec, _ object: RawObject, _ path: String,
        _ findings: inout Findings
    ) {
        if let site = hook.when, workspace.clusters[site] != nil, let sites = sites(of: binding),
            site != sites.now, !sites.later.contains(site)
        {
            findings.warn(
                "hook-never-runs", "this hook never runs: the binding never points at `\(site)`",
                at: object.place(of: "\(path).when"),
                help: "it points at \(listed([sites.now] + sites.later, "or"))")
        }
        if hook.timeout == .zero {
            findings.error(
                "out-of-range", "a deadline of no time is over before the hook begins",
                at: object.place(of: "\(path).timeout"), help: "write for how long it may run, or remove the line")
        }
        switch hook.action {
        case .command(let arguments):
            if arguments.isEmpty {
                findings.error("missing-field", "the command is empty", at: object.place(of: "\(path).command"))
            }
            if !workspace.spec.policy.allowCommands {
                findings.error(
                    "command-not-allowed", "commands on the machine that applies are not allowed in this workspace",
                    at: object.place(of: "\(path).command"),
                    help: "set `policy.allowCommands: true` in spillway.yaml, or use `kubernetes` or `http`")
            }
        case .kubernetes(_, _, .daemonSet, _, .some):
            findings.error(
                "field-not-applicable", "a DaemonSet has no `replicas`",
                at: object.place(of: "\(path).kubernetes.replicas"),
                help: "remove it")
        case .http(let call):
            checkStatuses(of: call, object, "\(path).http.expectStatus", &findings)
            checkHeaders(of: call, object, "\(path).http.headers", &findings)
        case .kubernetes: break
        }
    }

    private func checkStatuses(
        of call: RestartHook.HTTPCall, _ object: RawObject, _ path: String, _ findings: inout Findings
    ) {
        if call.expectStatus.isEmpty {
            findings.error(
                "missing-field", "no status means success: the hook could only fail", at: object.place(of: path),
                help: "name the statuses, or remove the line")
        }
        // An answer of 1xx is followed by the one that counts (RFC 9110, 15.2).
        for (position, status) in call.expectStatus.enumerated() where !(200...599).contains(status) {
            findings.error(
                "out-of-range", "\(status) is no status that an answer ends with",
                at: object.place(of: "\(path)[\(position)]"), help: "200 to 599")
        }
    }

    private func checkHeaders(
        of call: RestartHook.HTTPCall, _ object: RawObject, _ path: String, _ findings: inout Findings
    ) {
        var seen: [String: String] = [:]
        for (name, value) in call.headers.sorted(by: { $0.key < $1.key }) {
            let place = object.keyPlace(name, in: path)
            if !HTTPField.isName(name) {
                findings.error(
                    "invalid-header", "`\(name)` cannot be the name of a header", at: place,
                    help: "letters, digits and !#$%&'*+-.^_`|~, without blanks")
            } else if HTTPField.areSetByTheClient.contains(name.lowercased()) {
                findings.error(
                    "invalid-header", "`\(name)` follows from the call itself, and is not sent as written", at: place,
                    help: "remove it")
            } else if let other = seen[name.lowercased()] {
                findings.error(
                    "invalid-header", "`\(name)` and `\(other)` are one header, of which one value would be sent",
                    at: place, help: "keep one of them")
            }
            seen[name.lowercased()] = name
            if case .text(let text) = value, !HTTPField.isValue(text) {
                findings.error(
                    "invalid-header", "the value of `\(name)` holds a line break or another control character",
                    at: place, help: "write it on one line")
            }
        }
    }
}

/// What a header may look like (RFC 9110, 5.1 and 5.5).
private enum HTTPField {
    static let areSetByTheClient: Set<String> = [
        "connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 == UInt8(ascii: "\t") || $0 >= 0x20 && $0 != 0x7F }
    }
}
