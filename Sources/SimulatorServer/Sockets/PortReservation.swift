import SimulatedConfluent
import SimulatorCore

#if canImport(Glibc)
    import Glibc
#endif

/// A port that stays with the simulator while nothing listens there: connections are refused, and nobody else gets it.
///
/// On Linux a socket that is bound and does not listen holds a port, and lets another one of ours listen on it.
final class PortReservation: Sendable {
    let port: Int
    private let descriptor: Int32

    /// Takes a free port of a numeric IPv4 address; `nil` where that cannot be done.
    init?(host: String) {
        #if canImport(Glibc)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return nil }
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { return nil }
            guard Self.bind(descriptor, to: &address) else {
                close(descriptor)
                return nil
            }
            self.descriptor = descriptor
            port = Int(UInt16(bigEndian: address.sin_port))
        #else
            return nil
        #endif
    }

    #if canImport(Glibc)
        /// Binds a socket and fills in the port it got.
        private static func bind(_ descriptor: Int32, to address: inout sockaddr_in) -> Bool {
            var isReused: Int32 = 1
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<Int32>.size))
            return withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                    Glibc.bind(descriptor, general, length) == 0 && getsockname(descriptor, general, &length) == 0
                }
            }
        }
    #endif

    deinit {
        #if canImport(Glibc)
            close(descriptor)
        #endif
    }
}
