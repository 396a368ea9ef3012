import SimulatorServer
import TestSupport

extension FieldChapters {
    /// Hooks, as the services hear them that they call.
    static let hooks = FieldChapter(
        name: "Restart hooks", estate: Sites.estate(),
        documents: { stage in
            [Documents.of("Workspace", "quickstart", ["manifests": ["manifests/"]])]
                + Sites.documents(stage, of: ["west", "east"])
                + ["a", "b", "c", "d", "e"].map { name in
                    Documents.of(
                        "ClientBinding", name,
                        [
                            "cluster": "west", "publish": [["file": ["path": .text("out/\(name).properties")]]],
                            "restart": [name == "e" ? [:] : ["http": ["url": .text("<recorder>/hooks/\(name)")]]],
                        ])
                }
        },
        entries: hookEntries, environment: ["TOKEN_A": "token-a"], mode: .appliedWithHooks)

    private static func called(_ name: String, _ part: @escaping @Sendable (LocalServer.Seen) -> JSONValue)
        -> FieldEntry.Wire
    {
        { stage in (stage.recorder?.seen.last { $0.target.hasPrefix("/hooks/\(name)") }).map(part) ?? .null }
    }

    private static func said(_ stage: Stage) -> JSONValue {
        (try? stage.read("said")).map { .text($0) } ?? .null
    }

    private static let hookEntries = [
        FieldEntry(
            "RestartHook http.method", of: "ClientBinding/a", at: "spec.restart.0.http.method",
            set: .shows("PUT", "PUT"), changed: .shows("GET", "GET"), removed: .shows(nil, "POST"),
            wire: called("a") { .text($0.method) }),
        FieldEntry(
            "RestartHook http.url", of: "ClientBinding/b", at: "spec.restart.0.http.url",
            set: .shows("<recorder>/hooks/b?x=1", "/hooks/b?x=1"),
            changed: .shows("<recorder>/hooks/b/2?at=1%2B2&name=a+b", "/hooks/b/2?at=1%2B2&name=a+b"),
            removed: .refused(nil, by: "missing-field"), wire: called("b") { .text($0.target) }),
        FieldEntry(
            "RestartHook http.headers", of: "ClientBinding/b", at: "spec.restart.0.http.headers",
            set: .shows(["X-Team": "one"], "one"), changed: .shows(["X-Team": ["env": "TOKEN_A"]], "token-a"),
            removed: .shows(nil, .null), wire: called("b") { $0.headers["x-team"].map { .text($0) } ?? .null }),
        FieldEntry(
            "RestartHook http.body", of: "ClientBinding/c", at: "spec.restart.0.http.body",
            set: .shows("one ${cluster.name}", "one west"), changed: .shows("two ${cluster.name}", "two west"),
            removed: .shows(nil, ""), wire: called("c") { .text($0.body) }),
        FieldEntry(
            "RestartHook when", of: "ClientBinding/d", at: "spec.restart.0.when", set: .shows("west", 1),
            changed: .shows("east", 1), removed: .shows(nil, 2)
        ) { stage in .integer(stage.recorder?.seen.filter { $0.target == "/hooks/d" }.count ?? 0) },
        FieldEntry(
            "RestartHook command", of: "ClientBinding/e", at: "spec.restart.0.command",
            set: .shows(["sh", "-c", "printf one > said"], "one"),
            changed: .shows(["sh", "-c", "printf two > said"], "two"), removed: .refused(nil, by: "missing-choice")
        ) { said($0) },
        FieldEntry(
            "Workspace spec.policy.allowCommands", of: "Workspace/quickstart", set: .shows(true, "one"),
            changed: .refused(false, by: "command-not-allowed"), removed: .refused(nil, by: "command-not-allowed")
        ) { said($0) },
    ]
}
