import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Exchange {
    /// What an error of the HTTP client means, in words that hold no secret.
    static func cause(of error: any Error, limit: Duration) -> TransportFailure.Cause {
        switch error {
        case is CancellationError: .cancelled
        case let error as HTTPClientError: cause(of: error, limit: limit)
        case let error as NIOConnectionError: .unreachable(words(for: error))
        case let error as IOError: cause(of: error)
        case let error as ChannelError:
            if case .connectTimeout = error {
                .unreachable("connect timed out")
            } else {
                .interrupted("the connection was closed")
            }
        default: .interrupted("the connection failed: \(type(of: error))")
        }
    }

    private static func cause(of error: HTTPClientError, limit: Duration) -> TransportFailure.Cause {
        switch error {
        case .cancelled: .cancelled
        case .connectTimeout, .getConnectionFromPoolTimeout: .unreachable("connect timed out")
        case .tlsHandshakeTimeout: .unreachable("TLS handshake timed out")
        case .deadlineExceeded, .readTimeout, .writeTimeout: .timeout("no answer within \(limit.inWords)")
        case .invalidURL, .emptyHost, .emptyScheme: .unreachable("the URL is not valid")
        default: .interrupted("the connection broke: \(error.shortDescription)")
        }
    }

    private static func cause(of error: IOError) -> TransportFailure.Cause {
        isRefusal(error) ? .unreachable("connection refused") : .interrupted("the connection broke")
    }

    private static func words(for error: NIOConnectionError) -> String {
        let causes = error.connectionErrors.map(\.error)
        if causes.isEmpty {
            return "host \(error.host) is not known"
        }
        if causes.contains(where: { ($0 as? IOError).map(isRefusal) ?? false }) { return "connection refused" }
        if causes.contains(where: { if case .connectTimeout? = $0 as? ChannelError { true } else { false } }) {
            return "connect timed out"
        }
        if let first = causes.first as? IOError {
            return "no connection: \(String(cString: strerror(first.errnoCode)))"
        }
        return "no connection"
    }

    private static func isRefusal(_ error: IOError) -> Bool {
        error.errnoCode == ECONNREFUSED
    }
}
