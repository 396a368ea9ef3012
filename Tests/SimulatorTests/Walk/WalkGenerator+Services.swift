@testable import SimulatorCore
@testable import SimulatorServer

extension WalkGenerator {
    /// What goes to the control plane.
    mutating func services() -> WalkStep {
        draw([
            (4, { $0.environment() }), (6, { $0.cloudCluster() }), (4, { $0.apiKey() }), (3, { $0.serviceAccount() }),
            (1, { $0.registries() }), (1, { $0.servicesNonsense() }),
        ])
    }

    private func control(_ method: String, _ target: String, _ body: JSON? = nil) -> WalkStep {
        WalkStep(.control, method, target, body)
    }

    /// One of the environments there are; the first two rarely, as they hold everything.
    private mutating func drawnEnvironment() -> String {
        chance(40) ? any(["env-1", "env-2"]) : "{environment:\(below(9))}"
    }

    private mutating func environment() -> WalkStep {
        let body: JSON = [
            "display_name": .string(any(["one", "three", "four"])),
            "stream_governance_config": ["package": .string(any(["ADVANCED", "ESSENTIALS", "X"]))],
        ]
        switch below(6) {
        case 0, 1: return control("POST", "org/v2/environments", body)
        case 2: return control("GET", "org/v2/environments?page_size=\(any(["1", "2", "100", "0", "x"]))")
        case 3: return control("GET", "org/v2/environments/\(drawnEnvironment())")
        case 4: return control("PATCH", "org/v2/environments/\(drawnEnvironment())", body)
        default:
            let doomed = chance(4) ? "env-2" : "{made-environment:\(below(9))}"
            return control("DELETE", "org/v2/environments/\(doomed)")
        }
    }

    private mutating func cloudCluster() -> WalkStep {
        let place = drawnEnvironment()
        let cluster = chance(8) ? any(WalkedWorld.clusters) : "{made-cluster:\(below(9))}"
        let kind = any(["Dedicated", "Basic", "Enterprise", "Standard", "X"])
        var config: JSON = ["kind": .string(kind)]
        if kind == "Dedicated" { config.append("cku", JSON(any([1, 2, 0]))) }
        let spec: JSON = [
            "display_name": "made", "availability": .string(any(["SINGLE_ZONE", "HIGH"])), "cloud": "AWS",
            "region": .string(any(WalkedWorld.regions)), "config": config, "environment": ["id": .string(place)],
        ]
        switch below(6) {
        case 0, 1: return control("POST", "cmk/v2/clusters", ["spec": spec])
        case 2: return control("GET", "cmk/v2/clusters?environment=\(place)")
        case 3: return control("GET", "cmk/v2/clusters/\(cluster)?environment=\(place)")
        case 4:
            let change: JSON = [
                "environment": ["id": .string(place)], "deletion_protection": JSON(chance(50)), "config": config,
            ]
            return control("PATCH", "cmk/v2/clusters/\(cluster)", ["spec": change])
        default: return control("DELETE", "cmk/v2/clusters/\(cluster)?environment=\(place)")
        }
    }

    private mutating func apiKey() -> WalkStep {
        let resource = any(WalkedWorld.clusters + ["lsrc-1", "cloud", "none"])
        let body: JSON = [
            "spec": ["display_name": "key", "owner": ["id": "{account:0}"], "resource": ["id": .string(resource)]]
        ]
        let key = "{key:\(below(9))}"
        switch below(5) {
        case 0, 1: return control("POST", "iam/v2/api-keys", body)
        case 2: return control("GET", "iam/v2/api-keys?spec.resource=\(resource)")
        case 3: return control("GET", "iam/v2/api-keys/\(key)")
        default: return control("DELETE", "iam/v2/api-keys/\(key)")
        }
    }

    private mutating func serviceAccount() -> WalkStep {
        let account = "{account:\(below(9))}"
        switch below(5) {
        case 0, 1: return control("POST", "iam/v2/service-accounts", ["display_name": .string(any(["x", "y", "z"]))])
        case 2: return control("GET", "iam/v2/service-accounts")
        case 3: return control("GET", "iam/v2/service-accounts/\(account)")
        default: return control("DELETE", "iam/v2/service-accounts/\(account)")
        }
    }

    private mutating func registries() -> WalkStep {
        chance(50)
            ? control("GET", "srcm/v3/clusters?environment=\(drawnEnvironment())")
            : control("GET", "srcm/v3/clusters/lsrc-1?environment=\(drawnEnvironment())")
    }

    private mutating func servicesNonsense() -> WalkStep {
        control(
            any(["GET", "POST", "PATCH", "DELETE", "PUT"]),
            any([
                "org/v2/environments", "cmk/v2/clusters", "iam/v2/api-keys", "iam/v2/nothing", "srcm/v3/clusters", "x",
                "cmk/v2/clusters/none?environment=none",
            ]), any([nil, [], ["spec": []], ["spec": ["environment": "e"]], ["display_name": 3]]))
    }
}
