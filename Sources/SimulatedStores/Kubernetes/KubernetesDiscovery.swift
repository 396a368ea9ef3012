import SimulatorCore

/// What clients ask before they do anything: versions, groups, resources, and whether the server validates fields.
enum KubernetesDiscovery {
    private static let verbs = ["create", "delete", "get", "list", "patch", "update", "watch"]

    /// The answer, when it is such a question. Version and health are told to everybody.
    static func answer(_ request: Request, trusted: Bool) -> Result<Response, KubernetesRefusal>? {
        switch request.path {
        case ["version"]: return .success(.json(version))
        case ["healthz"], ["livez"], ["readyz"]:
            return .success(Response(status: 200, headers: [("content-type", "text/plain")], body: Array("ok".utf8)))
        default: break
        }
        guard let answer = document(request.path) else { return nil }
        guard trusted else { return .failure(.unauthorized) }
        guard request.method == "GET" else { return .failure(.unmodelled("\(request.method) here")) }
        return .success(.json(answer))
    }

    private static func document(_ path: [String]) -> JSON? {
        let groups = KubernetesResource.groups
        switch path {
        case ["api"]: return ["kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []]
        case ["apis"]: return ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(groups.map(described))]
        case ["api", "v1"]: return resources("v1")
        case ["openapi", "v3"]:
            var paths: JSON = [:]
            for place in ["api/v1"] + groups.map({ "apis/\($0)/v1" }) {
                paths.append(place, ["serverRelativeURL": .string("/openapi/v3/\(place)")])
            }
            return ["paths": paths]
        case ["openapi", "v3", "api", "v1"]: return specification("v1")
        default: break
        }
        for group in groups {
            switch path {
            case ["apis", group]: return described(group).adding([("kind", "APIGroup"), ("apiVersion", "v1")])
            case ["apis", group, "v1"]: return resources("\(group)/v1")
            case ["openapi", "v3", "apis", group, "v1"]: return specification("\(group)/v1")
            default: break
            }
        }
        return nil
    }

    private static let version: JSON = [
        "major": "1", "minor": "32", "gitVersion": "v1.32.4", "gitCommit": "", "gitTreeState": "clean",
        "buildDate": "2025-04-22T00:00:00Z", "goVersion": "", "compiler": "gc", "platform": "linux/amd64",
    ]

    private static func described(_ group: String) -> JSON {
        let version: JSON = ["groupVersion": .string("\(group)/v1"), "version": "v1"]
        return ["name": .string(group), "versions": [version], "preferredVersion": version]
    }

    private static func resources(_ apiVersion: String) -> JSON {
        var items: [JSON] = []
        for resource in KubernetesResource.allCases where resource.apiVersion == apiVersion {
            items.append([
                "name": .string(resource.rawValue), "singularName": .string(resource.singular),
                "namespaced": .bool(resource.isNamespaced), "kind": .string(resource.kind),
                "verbs": JSON(verbs), "shortNames": JSON(resource.shortNames),
            ])
            guard resource.isWorkload else { continue }
            items.append([
                "name": .string("\(resource.rawValue)/status"), "singularName": "",
                "namespaced": .bool(true), "kind": .string(resource.kind), "verbs": ["get"],
            ])
            guard resource.hasScale else { continue }
            items.append([
                "name": .string("\(resource.rawValue)/scale"), "singularName": "", "namespaced": .bool(true),
                "group": "autoscaling", "version": "v1", "kind": "Scale", "verbs": ["get", "patch", "update"],
            ])
        }
        return [
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string(apiVersion),
            "resources": .array(items),
        ]
    }

    /// As much of OpenAPI as tells clients that they need not validate fields themselves.
    private static func specification(_ apiVersion: String) -> JSON {
        var paths: JSON = [:]
        for resource in KubernetesResource.allCases where resource.apiVersion == apiVersion {
            let group = resource.group
            let root = group.isEmpty ? "/api/v1" : "/apis/\(group)/v1"
            let place = resource.isNamespaced ? "\(root)/namespaces/{namespace}" : root
            paths.append(
                "\(place)/\(resource.rawValue)/{name}",
                [
                    "patch": [
                        "parameters": [
                            ["name": "fieldManager", "in": "query", "schema": ["type": "string"]],
                            ["name": "fieldValidation", "in": "query", "schema": ["type": "string"]],
                            ["name": "dryRun", "in": "query", "schema": ["type": "string"]],
                            ["name": "force", "in": "query", "schema": ["type": "boolean"]],
                        ],
                        "responses": [:],
                        "x-kubernetes-action": "patch",
                        "x-kubernetes-group-version-kind": [
                            "group": .string(group), "version": "v1", "kind": .string(resource.kind),
                        ],
                    ]
                ])
        }
        return [
            "openapi": "3.0.0", "info": ["title": "Kubernetes", "version": "v1.32.4"], "paths": paths,
            "components": ["schemas": [:]],
        ]
    }
}

extension JSON {
    fileprivate func adding(_ members: [(String, JSON)]) -> JSON {
        var copy = self
        for (name, value) in members { copy.append(name, value) }
        return copy
    }
}
