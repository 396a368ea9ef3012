import Domain
import Foundation
import SimulatorServer
import Testing
import TestSupport

@testable import Bindings

/// A ConfigMap, a Secret, or both, in a simulated cluster, edited as with `kubectl`.
struct KubernetesRig: StoreRig {
    let url: String
    let admin: String
    let token: String
    var configMap: String? = "settings"
    var secret: String? = "credentials"

    /// Runs a test with a cluster of its own, which has the namespace `shop`.
    static func with(
        _ body: @escaping @Sendable (KubernetesRig, ScratchFolder) async throws -> Void
    ) async throws {
        let store = SimulatedStoreConfiguration(.kubernetes, name: "k8s")
        try await Simulator.withRunning(SimulatorConfiguration(stores: [store])) { endpoints in
            let folder = try ScratchFolder()
            let rig = KubernetesRig(
                url: try #require(endpoints.stores["k8s"]), admin: endpoints.admin, token: endpoints.credentials.secret)
            try folder.write(KubeconfigText(server: rig.url, token: rig.token).json, to: "kubeconfig", mode: 0o600)
            var denied = KubeconfigText(server: rig.url, token: "not-the-token")
            denied.context = "denied"
            try folder.write(denied.json, to: "denied", mode: 0o600)
            _ = try await rig.send("POST", "/api/v1/namespaces", #"{"metadata": {"name": "shop"}}"#)
            try await body(rig, folder)
        }
    }

    var target: PublishTarget {
        .kubernetes(KubernetesPlace(connection: "k8s", namespace: "shop", configMap: configMap, secret: secret))
    }

    var connections: [ConnectionSpec] {
        [ConnectionSpec(metadata: Metadata(name: "k8s"), system: .kubernetes(KubernetesSpec()))]
    }

    var environment: [String: String] { ["KUBECONFIG": "kubeconfig"] }
    var deniedEnvironment: [String: String]? { ["KUBECONFIG": "denied"] }

    func values() async throws -> [String: String] {
        var values: [String: String] = [:]
        for (resource, name) in places {
            for (key, value) in try await data(resource, name) ?? [:] { values[key] = value }
        }
        return values
    }

    func set(_ key: String, to value: String) async throws {
        let isSecret = signIn.keys.contains(key) || configMap == nil
        try await set(key, to: value, in: isSecret ? ("secrets", secret ?? "") : ("configmaps", configMap ?? ""))
    }

    /// Sets a key as `kubectl edit` does, in an object that is made when it is not there.
    func set(_ key: String, to value: String, in place: (resource: String, name: String)) async throws {
        let stored = place.resource == "secrets" ? Data(value.utf8).base64EncodedString() : value
        let body = try json(["metadata": ["name": place.name], "data": [key: stored]])
        let path = "/api/v1/namespaces/shop/\(place.resource)"
        let patched = try await send(
            "PATCH", "\(path)/\(place.name)?fieldManager=kubectl-edit", body,
            mediaType: "application/strategic-merge-patch+json")
        if patched.status == 404 { try #require(try await send("POST", path, body).status == 201) }
    }

    /// Applies keys of the ConfigMap as another manager.
    func apply(_ data: [String: String], as manager: String) async throws {
        let name = configMap ?? ""
        let body = try json(["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": name], "data": data])
        let answer = try await send(
            "PATCH", "/api/v1/namespaces/shop/configmaps/\(name)?fieldManager=\(manager)", body,
            mediaType: "application/apply-patch+yaml")
        try #require(answer.status == 201)
    }

    func wipe() async throws {
        for (resource, name) in places {
            _ = try await send("DELETE", "/api/v1/namespaces/shop/\(resource)/\(name)")
        }
    }

    func version() async throws -> String {
        var versions: [String] = []
        for (resource, name) in places {
            versions.append(try await object(resource, name)["metadata"]["resourceVersion"].string ?? "")
        }
        return versions.joined(separator: " ")
    }

    func setReachable(_ isReachable: Bool) async throws {
        let body = #"{"state": "\#(isReachable ? "up" : "down")"}"#
        _ = try await send("PUT", "\(admin)/regions/k8s", body)
    }

    private var places: [(resource: String, name: String)] {
        [("secrets", secret), ("configmaps", configMap)].compactMap { resource, name in name.map { (resource, $0) } }
    }

    private func data(_ resource: String, _ name: String) async throws -> [String: String]? {
        let object = try await object(resource, name)
        return object["data"].members.mapValues { value in
            let text = value.string ?? ""
            guard resource == "secrets" else { return text }
            return String(decoding: Data(base64Encoded: text) ?? Data(), as: UTF8.self)
        }
    }

    // MARK: Plain calls

    /// An object as the API answers it.
    func object(_ resource: String, _ name: String) async throws -> JSONValue {
        let root = ["deployments", "statefulsets", "daemonsets"].contains(resource) ? "/apis/apps/v1" : "/api/v1"
        let answer = try await send("GET", "\(root)/namespaces/shop/\(resource)/\(name)")
        guard answer.status == 200 else { return .null }
        return try JSONValue(parsing: answer.body)
    }

    /// Sends a request without any code of Spillway.
    func send(
        _ method: String, _ path: String, _ body: String? = nil, mediaType: String = "application/json"
    ) async throws -> (status: Int, body: Data) {
        try await PlainHTTP.send(
            method, path.hasPrefix("http") ? path : url + path, body, mediaType: mediaType, bearer: token)
    }

    private func json(_ value: [String: Any]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self)
    }
}

/// A kubeconfig with one context, as JSON.
struct KubeconfigText {
    var server: String
    var token: String?
    var context = "main"
    var cluster: [String: Any] = [:]
    var user: [String: Any] = [:]
    var isCurrent = true

    init(server: String, token: String? = nil) {
        self.server = server
        self.token = token
    }

    var json: String {
        var user = user
        if let token { user["token"] = token }
        var value: [String: Any] = [
            "apiVersion": "v1", "kind": "Config",
            "clusters": [["name": context, "cluster": cluster.merging(["server": server]) { $1 }]],
            "users": [["name": context, "user": user]],
            "contexts": [["name": context, "context": ["cluster": context, "user": context]]],
        ]
        if isCurrent { value["current-context"] = context }
        let data = try? JSONSerialization.data(withJSONObject: value)
        return String(decoding: data ?? Data(), as: UTF8.self)
    }
}
