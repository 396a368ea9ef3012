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
        while true {
            do { return try await startOnce(security) } catch let ended as ServerProcess.Ended {
                guard ended.foundPortTaken else { throw ended }
            }
        }
    }

    private static func startOnce(_ security: Security) async throws -> EtcdServer {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("etcd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let scheme = security == .none ? "http" : "https"
        let (client, peer) = (try freePort(), try freePort())
        let url = "\(scheme)://127.0.0.1:\(client)"
        var arguments = [
            "--data-dir", folder.appendingPathComponent("data").path, "--listen-client-urls", url,
            "--advertise-client-urls", url, "--listen-peer-urls", "http://127.0.0.1:\(peer)",
            "--initial-advertise-peer-urls", "http://127.0.0.1:\(peer)", "--initial-cluster",
            "default=http://127.0.0.1:\(peer)", "--log-level", "info", "--unsafe-no-fsync",
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
        let server = EtcdServer(url: url, folder: folder, arguments: arguments)
        try await server.run()
        return server
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
