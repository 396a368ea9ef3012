import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SimulatorServer
import Testing
import TestSupport

/// A simulator, a copy of `examples/quickstart` that points at it, and the binary.
struct Stage {
    let endpoints: SimulatorEndpoints
    let folder: URL
    var spillway: Spillway
    let http: RawHTTP
    /// A server that writes down what it is asked, where a test has one.
    var recorder: LocalServer?
    /// Flags of an apply that may be the first one.
    var firstFlags: [String] = []

    /// The credentials of the quickstart, as a person would export them.
    static func environment(of endpoints: SimulatorEndpoints) -> [String: String] {
        var environment = [
            "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "CHECKOUT_WEST_KEY": "WESTKEY",
            "CHECKOUT_WEST_SECRET": "west-client-secret", "CHECKOUT_EAST_KEY": "EASTKEY",
            "CHECKOUT_EAST_SECRET": "east-client-secret",
        ]
        for name in ["CLOUD", "KAFKA", "REGISTRY"] {
            environment["\(name)_KEY"] = endpoints.credentials.key
            environment["\(name)_SECRET"] = endpoints.credentials.secret
        }
        return environment
    }

    /// Runs a test on a stage of its own.
    ///
    /// - Parameter stores: Stores of bindings that are there from the start; others come by `POST /_sim/stores`.
    static func with(
        stores: [SimulatedStoreConfiguration] = [], _ body: @escaping @Sendable (Stage) async throws -> Void
    ) async throws {
        let configuration = SimulatorConfiguration(
            provisioning: .init(kafka: 50, registry: 50, key: 10), stores: stores)
        try await StageSlots.shared.with {
            try await Simulator.withRunning(configuration) { endpoints in try await set(endpoints, body) }
        }
    }

    private static func set(
        _ endpoints: SimulatorEndpoints, _ body: @Sendable (Stage) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spillway-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: quickstart, to: folder)
        let http = RawHTTP(credentials: endpoints.credentials)
        let stage = Stage(
            endpoints: endpoints, folder: folder,
            spillway: Spillway(folder: folder, environment: environment(of: endpoints)), http: http)
        try stage.edit("manifests/sites.yaml", "http://127.0.0.1:9400", endpoints.controlPlane)
        try await body(stage)
    }

    private static var quickstart: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("examples/quickstart")
    }

    /// Replaces text in a manifest; the text must be there.
    func edit(_ file: String, _ old: String, _ new: String) throws {
        let url = folder.appendingPathComponent(file)
        let text = try String(contentsOf: url, encoding: .utf8)
        try #require(text.contains(old))
        try text.replacingOccurrences(of: old, with: new).write(to: url, atomically: true, encoding: .utf8)
    }

    /// Text of a file of the workspace.
    func read(_ file: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    }

    /// Applies the workspace as it is. Once there are clusters somebody makes the applications' keys: until they sign in
    /// there, no standby could take over.
    func apply() async throws {
        var outcome = try await spillway.start(["apply", "--auto-approve"] + firstFlags).outcome()
        if outcome.code == 3, outcome.output.contains("refuses its credentials") {
            try await seedClientKeys()
            outcome = try await spillway("apply", "--auto-approve")
        }
        try #require(outcome.code == 0, "\(outcome.output)\n\(outcome.diagnostics)")
    }

    // MARK: Raw reads of the simulator

    /// The simulator's own overview.
    func overview() async throws -> JSONValue {
        try await http.get(endpoints.admin)
    }

    /// Base URL of a cluster's REST API, by display name.
    func kafka(_ name: String) async throws -> String {
        let clusters = try await overview()["clusters"].array
        let cluster = try #require(clusters.first { $0["display_name"].string == name })
        let rest = try #require(cluster["rest"].string)
        let id = try #require(cluster["id"].string)
        return "\(rest)/kafka/v3/clusters/\(id)"
    }

    /// Base URL of the registry in a region.
    func registry(in region: String) async throws -> String {
        let registries = try await overview()["registries"].array
        return try #require(registries.first { $0["region"].string == region }?["url"].string)
    }

    /// Sets the state of a region for every vantage point.
    func set(_ region: String, _ state: String) async throws {
        try await http.send("PUT", "\(endpoints.admin)/regions/\(region)", #"{"state": "\#(state)"}"#)
    }
}

/// Plain HTTP without any code of Spillway.
struct RawHTTP {
    let credentials: SimulatorEndpoints.KeyPair

    /// The header that opens every endpoint of the simulator.
    var signIn: [String: String] {
        ["authorization": "Basic \(Data("\(credentials.key):\(credentials.secret)".utf8).base64EncodedString())"]
    }

    /// Reads JSON.
    func get(_ url: String) async throws -> JSONValue {
        try await send("GET", url, nil)
    }

    /// Sends a request; anything but 2xx fails the test.
    @discardableResult
    func send(_ method: String, _ url: String, _ body: String?) async throws -> JSONValue {
        let text = try await text(method, url, body, headers: signIn)
        guard !text.isEmpty else { return .null }
        return try JSONValue(parsing: text)
    }

    /// Sends a request with headers of its own; anything but 2xx fails the test.
    func text(_ method: String, _ url: String, _ body: String?, headers: [String: String]) async throws -> String {
        let answer = try await answer(method, url, body, headers: headers)
        try #require((200..<300).contains(answer.status), "\(method) \(url): \(answer.status) \(answer.body)")
        return answer.body
    }

    /// Sends a request, and takes any answer.
    func answer(
        _ method: String, _ url: String, _ body: String? = nil, headers: [String: String]
    ) async throws -> (status: Int, body: String) {
        var request = HTTPClientRequest(url: url)
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return (Int(response.status.code), String(buffer: bytes))
    }
}
