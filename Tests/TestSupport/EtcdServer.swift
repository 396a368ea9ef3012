import Foundation
import Synchronization
import Testing

/// A real etcd of one test, on free loopback ports and with a folder of its own.
package final class EtcdServer: Sendable {
    /// Where clients and the gateway are served.
    package let url: String
    private let folder: URL
    private let arguments: [String]
    private let process = Mutex<ServerProcess?>(nil)

    private static let program = ["/usr/bin/etcd", "/usr/local/bin/etcd"]
        .first(where: FileManager.default.isExecutableFile)

    /// Whether tests with it run.
    package static let isInstalled = OptionalProgram.isUsable(
        "etcd", at: program, remedy: "scripts/install-dependencies --tests")

    private init(url: String, folder: URL, arguments: [String]) {
        self.url = url
        self.folder = folder
        self.arguments = arguments
    }

    /// How clients and the server know each other.
    package enum Security: Sendable {
        /// Not at all.
        case none
        /// By the server's certificate.
        case server
        /// By certificates of both. The gateway dials its own server with the server's certificate.
        case mutual
    }

    /// Starts one, and waits until it says that it serves.
    package static func start(_ security: Security = .none) async throws -> EtcdServer {
        try await portsBeingFree {
            let server = try member("default", security, peer: try freePort())
            try await server.run()
            return server
        }
    }

    /// Starts the members of one cluster, and waits until each says that it serves.
    package static func startCluster(of count: Int) async throws -> [EtcdServer] {
        try await portsBeingFree {
            let peers = try (0..<count).map { (name: "member\($0)", port: try freePort()) }
            let cluster = peers.map { "\($0.name)=http://127.0.0.1:\($0.port)" }.joined(separator: ",")
            let servers = try peers.map { try member($0.name, .none, peer: $0.port, of: cluster) }
            do {
                // A member serves when most of them are there.
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for server in servers { group.addTask { try await server.run() } }
                    try await group.waitForAll()
                }
            } catch {
                for server in servers { server.stop() }
                throw error
            }
            return servers
        }
    }

    private static func portsBeingFree<Started>(_ start: () async throws -> Started) async throws -> Started {
        while true {
            do { return try await start() } catch let ended as ServerProcess.Ended {
                guard ended.foundPortTaken else { throw ended }
            }
        }
    }

    private static func member(
        _ name: String, _ security: Security, peer: Int, of cluster: String? = nil
    ) throws -> EtcdServer {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("etcd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let scheme = security == .none ? "http" : "https"
        let url = "\(scheme)://127.0.0.1:\(try freePort())"
        let peerURL = "http://127.0.0.1:\(peer)"
        var arguments = [
            "--name", name, "--data-dir", folder.appendingPathComponent("data").path, "--listen-client-urls", url,
            "--advertise-client-urls", url, "--listen-peer-urls", peerURL, "--initial-advertise-peer-urls", peerURL,
            "--initial-cluster", cluster ?? "\(name)=\(peerURL)", "--log-level", "info", "--unsafe-no-fsync",
        ]
        func file(_ name: String, _ text: String) throws -> String {
            let url = folder.appendingPathComponent(name)
            try text.write(to: url, atomically: true, encoding: .utf8)
            return url.path
        }
        switch security {
        case .none: break
        case .server:
            arguments += [
                "--cert-file", try file("cert", TestAuthority.server), "--key-file",
                try file("key", TestAuthority.serverKey),
            ]
        case .mutual:
            arguments += [
                "--cert-file", try file("cert", TestAuthority.otherMember), "--key-file",
                try file("key", TestAuthority.otherMemberKey), "--client-cert-auth", "--trusted-ca-file",
                try file("ca", TestAuthority.otherAuthority),
            ]
        }
        return EtcdServer(url: url, folder: folder, arguments: arguments)
    }

    /// Stops it or starts it again with what it held.
    package func setAwake(_ isAwake: Bool) async throws {
        if isAwake { try await run() } else { await process.withLock { $0 }?.end() }
    }

    /// Ends it and removes its folder.
    package func stop() {
        process.withLock { $0?.kill() }
        try? FileManager.default.removeItem(at: folder)
    }

    private func run() async throws {
        let program = try #require(Self.program)
        let started = try await ServerProcess.start(
            program, arguments, environment: ["PATH": "/usr/bin:/bin"],
            untilItSays: ["serving client traffic", "serving insecure client requests", "serving client requests"])
        process.withLock { $0 = started }
    }
}
