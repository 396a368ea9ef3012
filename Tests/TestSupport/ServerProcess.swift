import Foundation
import Testing

/// A server of a test, beside the tests. It ends with the process of the tests, however that ends.
package final class ServerProcess: Sendable {
    /// What it said until it served.
    package let said: String
    private let number: Int32
    private let ended: AsyncStream<Void>
    private let leash: FileHandle

    /// Runs a server that a second process ends when the leash, its standard input, is let go.
    private static let script = "exec 3<&0; (read _ <&3; kill -9 $$) >/dev/null 2>&1 & exec \"$@\" </dev/null 3<&-"

    private init(said: String, number: Int32, ended: AsyncStream<Void>, leash: FileHandle) {
        self.said = said
        self.number = number
        self.ended = ended
        self.leash = leash
    }

    /// Starts a server, and waits until its output holds one of some texts.
    ///
    /// - Throws: ``Ended`` when it ends without saying any of them.
    package static func start(
        _ program: String, _ arguments: [String], environment: [String: String], untilItSays signs: [String]
    ) async throws -> ServerProcess {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script, "sh", program] + arguments
        process.environment = environment
        let leash = Pipe()
        process.standardInput = leash
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in end.finish() }
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
        try process.run()
        var said = ""
        for await text in lines {
            said += text
            if signs.contains(where: said.contains) {
                return ServerProcess(
                    said: said, number: process.processIdentifier, ended: ended,
                    leash: leash.fileHandleForWriting)
            }
        }
        throw Ended(output: String(said.suffix(500)))
    }

    /// A server that ended before it served.
    package struct Ended: Error {
        /// The end of what it said.
        package let output: String
        /// Whether somebody else has taken its port meanwhile.
        package var foundPortTaken: Bool { output.lowercased().contains("address already in use") }
    }

    /// Ends it at once; it is not waited for.
    package func kill() {
        Foundation.kill(number, SIGKILL)
        try? leash.close()
    }

    /// Waits until it has ended, and its ports are free.
    package func end() async {
        kill()
        for await _ in ended {}
    }
}

/// A port that nobody listens on, for as long as this is kept: connections to it are refused.
package final class SilentPort: Sendable {
    /// The port, of 127.0.0.1.
    package let number: Int
    private let descriptor: Int32

    /// Takes a free port.
    package init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        number = Int(UInt16(bigEndian: address.sin_port))
        try #require(isBound)
    }

    /// Base URL of what is not there.
    package var url: String { "http://127.0.0.1:\(number)" }

    deinit {
        close(descriptor)
    }
}

/// A port that nobody listens on now; somebody else may take it meanwhile.
func freePort() throws -> Int {
    try SilentPort().number
}
