import Foundation
import Testing
import TestSupport

/// Machines that have nothing but what is committed, and an etcd between them.
struct SharedStage {
    let stage: Stage
    let etcd: EtcdServer

    /// Runs a test with the quickstart, whose state is in an etcd of its own, and whose applications read files.
    static func with(_ body: @escaping @Sendable (SharedStage) async throws -> Void) async throws {
        try await Stage.with { stage in
            let etcd = try await EtcdServer.start()
            defer { etcd.stop() }
            let shared = SharedStage(stage: stage, etcd: etcd)
            try shared.commit()
            try await body(shared)
        }
    }

    private func commit() throws {
        try stage.edit("spillway.yaml", "spec:\n", "spec:\n  state: {etcd: {connection: shared}}\n")
        let connection = """
            apiVersion: spillway/v1
            kind: Connection
            metadata: {name: shared}
            spec: {etcd: {endpoints: ["\(etcd.url)"]}}

            """
        try connection.write(
            to: stage.folder.appendingPathComponent("manifests/state.yaml"), atomically: true, encoding: .utf8)
    }

    /// A fresh checkout on another machine; what applications read lies where the first one wrote it.
    func machine(_ name: String, isPipeline: Bool = false) throws -> Spillway {
        let folder = stage.folder.appendingPathComponent(name)
        let manager = FileManager.default
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in ["spillway.yaml", "manifests", "out"] {
            let committed = stage.folder.appendingPathComponent(file)
            guard manager.fileExists(atPath: committed.path) else { continue }
            try manager.copyItem(at: committed, to: folder.appendingPathComponent(file))
        }
        var environment = stage.spillway.environment
        if isPipeline { environment["CI"] = "true" }
        return Spillway(folder: folder, environment: environment)
    }

    /// Begins the ledger, and makes everything of the quickstart.
    func begin() async throws {
        let first = try await stage.spillway("apply", "--auto-approve", "--init-state")
        try #require(first.code == 3, "\(first.output)\(first.diagnostics)")
        try await stage.seedClientKeys()
        let second = try await stage.spillway("apply", "--auto-approve")
        try #require(second.code == 0, "\(second.output)\(second.diagnostics)")
    }
}
