import Foundation

/// An address at which nobody answers, not even to refuse: its queue of connections is full, and nothing is taken from it.
package struct DeafServer: Sendable {
    /// It could not be set up.
    package struct Failure: Error {}

    /// Base URL, by address.
    package let url: String
    private let sockets: [Int32]

    /// Listens on a free port of the loopback, and fills the queue.
    package init() throws {
        let listener = Self.socket()
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 0) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard isListening else { throw Failure() }
        var sockets = [listener]
        for _ in 0..<4 {
            let caller = Self.socket()
            _ = fcntl(caller, F_SETFL, fcntl(caller, F_GETFL) | O_NONBLOCK)
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(caller, $0, length) }
            }
            sockets.append(caller)
        }
        self.sockets = sockets
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    }

    /// Gives the port back.
    package func close() {
        for socket in sockets { _ = Foundation.close(socket) }
    }

    private static func socket() -> Int32 {
        #if canImport(Glibc)
            Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            Foundation.socket(AF_INET, SOCK_STREAM, 0)
        #endif
    }
}
