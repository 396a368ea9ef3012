import Foundation
import Testing

/// A server of a test, beside the tests.
public final class ServerProcess: Sendable {
    private let number: Int32
    private let ended: AsyncStream<Void>

    private init(number: Int32, ended: AsyncStream<Void>) {
        self.number = number
        self.ended = ended
    }

    /// Starts a server, and waits until its output holds one of some texts.
    ///
    /// - Throws: ``Ended`` when it ends without saying any of them.
    public static func start(
        _ program: String, _ arguments: [String], environment: [String: String], untilItSays signs: [String]
    ) async throws -> ServerProcess {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
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
        let server = ServerProcess(number: process.processIdentifier, ended: ended)
        var said = ""
        for await text in lines {
            said += text
            if signs.contains(where: said.contains) { return server }
        }
        throw Ended(output: String(said.suffix(500)))
    }

    /// A server that ended before it served.
    public struct Ended: Error {
        /// The end of what it said.
        public let output: String
    }

    /// Ends it at once; it is not waited for.
    public func kill() {
        Foundation.kill(number, SIGKILL)
    }

    /// Waits until it has ended, and its ports are free.
    public func end() async {
        kill()
        for await _ in ended {}
    }
}

/// A port that nobody listens on now.
public func freePort() throws -> Int {
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
