/// The resources of the API that are modelled.
package enum KubernetesResource: String, Sendable, CaseIterable {
    case namespaces
    case configmaps
    case secrets
    case deployments
    case statefulsets
    case daemonsets
    case leases

    package var kind: String {
        switch self {
        case .namespaces: "Namespace"
        case .configmaps: "ConfigMap"
        case .secrets: "Secret"
        case .deployments: "Deployment"
        case .statefulsets: "StatefulSet"
        case .daemonsets: "DaemonSet"
        case .leases: "Lease"
        }
    }

    var singular: String { kind.lowercased() }

    var shortNames: [String] {
        switch self {
        case .namespaces: ["ns"]
        case .configmaps: ["cm"]
        case .secrets, .leases: []
        case .deployments: ["deploy"]
        case .statefulsets: ["sts"]
        case .daemonsets: ["ds"]
        }
    }

    /// The API group; empty for the core.
    var group: String {
        switch self {
        case .namespaces, .configmaps, .secrets: ""
        case .deployments, .statefulsets, .daemonsets: "apps"
        case .leases: "coordination.k8s.io"
        }
    }

    var apiVersion: String { group.isEmpty ? "v1" : "\(group)/v1" }

    /// The groups beside the core.
    static let groups = ["apps", "coordination.k8s.io"]

    var isNamespaced: Bool { self != .namespaces }

    var isWorkload: Bool {
        switch self {
        case .deployments, .statefulsets, .daemonsets: true
        case .namespaces, .configmaps, .secrets, .leases: false
        }
    }

    /// Whether PUT makes an object that is not there, and refuses one that names no version.
    var isMadeByReplacing: Bool { self == .leases }

    var hasScale: Bool { self == .deployments || self == .statefulsets }

    /// How messages name it: `deployments.apps`.
    var qualified: String { group.isEmpty ? rawValue : "\(rawValue).\(group)" }
}

/// One object.
package struct KubernetesKey: Sendable, Hashable, Comparable {
    package var resource: KubernetesResource
    /// Empty for what has no namespace.
    var namespace: String
    package var name: String

    package static func < (left: KubernetesKey, right: KubernetesKey) -> Bool {
        (left.resource.rawValue, left.namespace, left.name) < (right.resource.rawValue, right.namespace, right.name)
    }
}

/// What a path of the API names: `/apis/apps/v1/namespaces/shop/deployments/checkout/scale`.
struct KubernetesTarget: Sendable {
    package var resource: KubernetesResource
    /// `nil` names all namespaces.
    var namespace: String?
    /// `nil` names the collection.
    package var name: String?
    var subresource: String?

    init?(_ path: [String]) {
        let group: String
        var rest: ArraySlice<String>
        if path.starts(with: ["api", "v1"]) {
            (group, rest) = ("", path.dropFirst(2))
        } else if path.count > 2, path[0] == "apis", KubernetesResource.groups.contains(path[1]), path[2] == "v1" {
            (group, rest) = (path[1], path.dropFirst(3))
        } else {
            return nil
        }
        if rest.first == "namespaces", rest.count > 2 {
            namespace = rest[rest.startIndex + 1]
            rest = rest.dropFirst(2)
        }
        guard let resource = rest.popFirst().flatMap(KubernetesResource.init), resource.group == group,
            resource.isNamespaced || namespace == nil, rest.count <= 2
        else { return nil }
        self.resource = resource
        name = rest.popFirst()
        subresource = rest.popFirst()
        if !resource.isNamespaced { namespace = "" }
        if name != nil, namespace == nil { return nil }
    }

    /// The object, when it names one.
    package var key: KubernetesKey? {
        guard let name, let namespace else { return nil }
        return KubernetesKey(resource: resource, namespace: namespace, name: name)
    }
}
