@testable import SimulatorCore
@testable import SimulatorServer

extension WalkGenerator {
    static let subjects = ["s", "t", ":.dr:s", ":.dr:t", ":.lsrc-1:s"]
    private static let scopes = ["", "", "/:.dr:", "/:.__GLOBAL:", "/s", "/:.dr:s"]

    /// What goes to Schema Registries.
    mutating func schemas() -> WalkStep {
        draw([
            (14, { $0.register() }), (5, { $0.deleteSchema() }), (6, { $0.mode() }), (2, { $0.config() }),
            (8, { $0.exporter() }),
            (6, { $0.readSchemas() }), (1, { $0.registryNonsense() }),
        ])
    }

    private mutating func registry(_ method: String, _ target: String, _ body: JSON? = nil) -> WalkStep {
        WalkStep(.registry(region: any(["r1", "r1", "r2"])), method, target, body)
    }

    private mutating func schema() -> JSON {
        let fields = any([["id:long"], ["id:long", "a:string="], ["id:string"], ["id:long", "b:string"]])
        return .string(RegistryBench.record(fields))
    }

    private mutating func register() -> WalkStep {
        let subject = any(Self.subjects)
        var body: JSON = ["schema": schema()]
        if chance(35) { body.append("id", JSON(any([1, 2, 100_001, 100_002]))) }
        if chance(15) { body.append("version", JSON(1 + below(3))) }
        if chance(8) {
            body = [
                "schema": .string(any([#"{"type":"object"}"#, "{", ""])), "schemaType": .string(any(["JSON", "X"])),
            ]
        }
        if chance(8) {
            body = [
                "schema": #"{"type":"record","name":"Cart","fields":[{"name":"order","type":"Order"}]}"#,
                "references": [["name": "Order", "subject": "s", "version": JSON(any([1, 2, -1]))]],
            ]
        }
        if chance(10) {
            return registry("POST", "compatibility/subjects/\(subject)/versions/latest?verbose=true", body)
        }
        if chance(10) { return registry("POST", "subjects/\(subject)", body) }
        let prefix = chance(10) ? "contexts/.dr/" : ""
        return registry("POST", "\(prefix)subjects/\(subject)/versions", body)
    }

    private mutating func deleteSchema() -> WalkStep {
        let flags = chance(40) ? "?permanent=true" : ""
        if chance(10) { return registry("DELETE", "contexts/.dr") }
        if chance(40) {
            return registry("DELETE", "subjects/\(any(Self.subjects))/versions/\(any(["1", "2", "latest"]))\(flags)")
        }
        return registry("DELETE", "subjects/\(any(Self.subjects))\(flags)")
    }

    private mutating func mode() -> WalkStep {
        let scope = any(Self.scopes)
        switch below(6) {
        case 0: return registry("GET", "mode\(scope)\(any(["", "?defaultToGlobal=true"]))")
        case 1: return registry("DELETE", "mode\(scope)")
        default:
            let mode = any(["IMPORT", "IMPORT", "READWRITE", "READWRITE", "READWRITE", "READONLY", "FORWARD", "X"])
            return registry("PUT", "mode\(scope)\(chance(40) ? "?force=true" : "")", ["mode": .string(mode)])
        }
    }

    private mutating func config() -> WalkStep {
        let scope = any(Self.scopes)
        switch below(3) {
        case 0: return registry("GET", "config\(scope)\(any(["", "?defaultToGlobal=true"]))")
        case 1: return registry("DELETE", "config\(scope)")
        default:
            return registry("PUT", "config\(scope)", ["compatibility": .string(any(["NONE", "NONE", "FULL", "X"]))])
        }
    }

    private mutating func exporter() -> WalkStep {
        let name = any(["e", "e", "f"])
        let verb = any([
            "create", "create", "pause", "resume", "resume", "reset", "delete", "status", "config", "update",
        ])
        switch verb {
        case "create": return registry("POST", "exporters", definition(name))
        case "delete": return registry("DELETE", "exporters/\(name)")
        case "status": return registry("GET", "exporters/\(name)/status")
        case "config": return registry("GET", any(["exporters/\(name)/config", "exporters/\(name)", "exporters"]))
        case "update": return registry("PUT", "exporters/\(name)", definition(name))
        default: return registry("PUT", "exporters/\(name)/\(verb)")
        }
    }

    private mutating func definition(_ name: String) -> JSON {
        var body: JSON = [
            "name": .string(name), "contextType": .string(any(["NONE", "NONE", "AUTO", "CUSTOM"])),
            "subjects": JSON(any([["*"], [":*:"], ["s"], [":.dr:*"]])),
            "config": [
                "schema.registry.url": .string(any(["{registry:lsrc-1}", "{registry:lsrc-2}", "{registry:lsrc-2}"])),
                "basic.auth.credentials.source": "USER_INFO",
                "basic.auth.user.info": .string(chance(90) ? "SIMULATOR:simulator-secret" : "[hidden]"),
            ],
        ]
        if chance(70) { body.append("context", "dr") }
        return body
    }

    private mutating func readSchemas() -> WalkStep {
        let subject = any(Self.subjects)
        return registry(
            "GET",
            any([
                "subjects", "subjects?deleted=true", "subjects/\(subject)/versions",
                "subjects/\(subject)/versions/latest",
                "subjects/\(subject)/versions/1?deleted=true", "subjects/\(subject)/versions/1/referencedby", "schemas",
                "schemas?subjectPrefix=:*:&latestOnly=true", "schemas/ids/100001", "schemas/ids/1/versions",
                "schemas/ids/100001/subjects?subject=\(subject)", "contexts", "schemas/types", "clusterconfig",
                "subjects/\(subject)/metadata?key=a&value=b", "subjects?offset=1&limit=1",
            ]))
    }

    private mutating func registryNonsense() -> WalkStep {
        registry(
            any(["GET", "POST", "PUT", "DELETE"]),
            any([
                "subjects/s/versions/0", "subjects/s/versions/x", "schemas/ids/x", "mode/a/b", "config/a/b",
                "exporters/e/x",
                "nothing", "contexts/:.x:/subjects", "subjects/:.__GLOBAL:x/versions", "dek-registry/v1/keks",
            ]), any([nil, [], ["schema": 3], ["schema": "\"int\"", "normalize": true]]))
    }
}
