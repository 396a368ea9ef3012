import Foundation
import Synchronization
import TestSupport
import Testing

/// A real etcd of one test, on free loopback ports and with a folder of its own.
final class EtcdServer: Sendable {
    let url: String
    private let folder: URL
    private let arguments: [String]
    private let process = Mutex<Process?>(nil)

    private static let program = ["/usr/bin/etcd", "/usr/local/bin/etcd"]
        .first(where: FileManager.default.isExecutableFile)

    /// Whether there is an etcd. Says on stderr, once, when there is none, since its tests are skipped then.
    static let isInstalled: Bool = {
        if program != nil { return true }
        FileHandle.standardError.write(Data("Tests with etcd are skipped: it is not installed.\n".utf8))
        return false
    }()

    var http: PlainHTTP { PlainHTTP(base: url) }

    private init(url: String, folder: URL, arguments: [String]) {
        self.url = url
        self.folder = folder
        self.arguments = arguments
    }

    /// Starts one, and waits until it says that it serves.
    static func start(isSecure: Bool = false) async throws -> EtcdServer {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("etcd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let scheme = isSecure ? "https" : "http"
        let (client, peer) = (try freePort(), try freePort())
        let url = "\(scheme)://127.0.0.1:\(client)"
        var arguments = [
            "--data-dir", folder.appendingPathComponent("data").path, "--listen-client-urls", url,
            "--advertise-client-urls", url, "--listen-peer-urls", "http://127.0.0.1:\(peer)",
            "--initial-advertise-peer-urls", "http://127.0.0.1:\(peer)", "--initial-cluster",
            "default=http://127.0.0.1:\(peer)", "--log-level", "info", "--unsafe-no-fsync",
        ]
        if isSecure {
            for (name, text) in [
                ("cert", TestAuthority.server), ("key", TestAuthority.serverKey),
            ] {
                try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
            }
            arguments += [
                "--cert-file", folder.appendingPathComponent("cert").path, "--key-file",
                folder.appendingPathComponent("key").path,
            ]
        }
        let server = EtcdServer(url: url, folder: folder, arguments: arguments)
        try await server.run()
        return server
    }

    /// Stops it or starts it again with what it held.
    func setAwake(_ isAwake: Bool) async throws {
        if isAwake { try await run() } else { end() }
    }

    /// Ends it and removes its folder.
    func stop() {
        end()
        try? FileManager.default.removeItem(at: folder)
    }

    private func end() {
        process.withLock { running in
            running?.terminate()
            running?.waitUntilExit()
            running = nil
        }
    }

    private func run() async throws {
        let program = try #require(Self.program)
        let output = Pipe()
        let child = Process()
        child.executableURL = URL(fileURLWithPath: program)
        child.arguments = arguments
        child.environment = ["PATH": "/usr/bin:/bin", "ETCD_UNSUPPORTED_ARCH": "arm64"]
        child.standardInput = FileHandle.nullDevice
        child.standardOutput = FileHandle.nullDevice
        child.standardError = output
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        output.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty {
                handle.readabilityHandler = nil
                continuation.finish()
            } else {
                continuation.yield(String(decoding: data, as: UTF8.self))
            }
        }
        try child.run()
        process.withLock { $0 = child }
        var said = ""
        for await text in lines {
            said += text
            if said.contains("serving client traffic") || said.contains("serving insecure client requests") { return }
            if said.contains("serving client requests") { return }
        }
        Issue.record("etcd ended: \(said.suffix(500))")
    }
}

/// A port that nobody listens on now.
private func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    try #require(isBound)
    return Int(UInt16(bigEndian: address.sin_port))
}
