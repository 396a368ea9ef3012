import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL
import Synchronization

/// A local HTTP server that answers as its script says and remembers what it was asked.
package final class LocalServer: Sendable {
    /// A request as it arrived.
    package struct Seen: Sendable {
        /// As it stood in the request.
        package let method: String
        /// As it stood in the request.
        package let target: String
        /// As it stood in the request.
        package let headers: [String: String]
        /// As it stood in the request.
        package let bytes: [UInt8]
        /// The bytes as text.
        package var body: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// An answer to be given.
    package struct Answer: Sendable {
        /// HTTP status.
        package var status: Int
        /// Headers.
        package var headers: [String: String]
        /// Body.
        package var bytes: [UInt8]
        /// Whether the connection is closed in the middle of the body; instead of an answer where there is no body.
        package var breaksOff = false

        /// An answer; the default is an empty object.
        package init(status: Int = 200, headers: [String: String] = [:], body: String = "{}") {
            self.init(status: status, headers: headers, bytes: Array(body.utf8))
        }

        /// An answer of bytes.
        package init(status: Int = 200, headers: [String: String] = [:], bytes: [UInt8]) {
            self.status = status
            self.headers = headers
            self.bytes = bytes
        }

        /// An answer of JSON.
        package static func json(_ body: String, status: Int = 200, headers: [String: String] = [:]) -> Answer {
            Answer(status: status, headers: headers.merging(["content-type": "application/json"]) { $1 }, body: body)
        }

        /// A page.
        package static func html(_ body: String, status: Int = 200) -> Answer {
            Answer(status: status, headers: ["content-type": "text/html; charset=utf-8"], body: body)
        }

        /// The answer with one more header.
        package func with(_ header: String, _ value: String) -> Answer {
            var copy = self
            copy.headers[header] = value
            return copy
        }
    }

    /// Asked for the answer to each request, with the request's number from 1; `nil` = no answer at all.
    package typealias Script = @Sendable (Int, Seen) -> Answer?

    private struct State {
        var seen: [Seen] = []
        var channels: [any Channel] = []
    }

    private let scheme: String
    private let script: Script
    private let state = Mutex(State())

    private init(_ script: @escaping Script, scheme: String) {
        self.script = script
        self.scheme = scheme
    }

    /// Base URL, by address.
    package var url: String {
        let port = state.withLock { $0.channels.first?.localAddress?.port } ?? 0
        return "\(scheme)://127.0.0.1:\(port)"
    }

    /// What was asked so far.
    package var seen: [Seen] { state.withLock { $0.seen } }

    /// Runs a body beside a server.
    ///
    /// - Parameter tls: Serves TLS with this context.
    package static func with<Result: Sendable>(
        _ script: @escaping Script, tls: NIOSSLContext? = nil,
        _ body: @Sendable (LocalServer) async throws -> Result
    ) async throws -> Result {
        let server = LocalServer(script, scheme: tls == nil ? "http" : "https")
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(Answering(server: server))
                    server.state.withLock { $0.channels.append(channel) }
                }
            }
        let listening = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
        server.state.withLock { $0.channels.insert(listening, at: 0) }
        defer { for channel in server.state.withLock({ $0.channels }) { channel.close(promise: nil) } }
        return try await body(server)
    }

    private func answer(_ seen: Seen) -> Answer? {
        let number = state.withLock { state in
            state.seen.append(seen)
            return state.seen.count
        }
        return script(number, seen)
    }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let server: LocalServer
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(server: LocalServer) {
            self.server = server
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body = []
            case .body(let bytes): body += bytes.readableBytesView
            case .end:
                guard let head, let answer = server.answer(seen(head)) else { return }
                write(answer, context)
            }
        }

        private func seen(_ head: HTTPRequestHead) -> Seen {
            Seen(
                method: head.method.rawValue, target: head.uri,
                headers: Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first },
                bytes: body)
        }

        private func write(_ answer: Answer, _ context: ChannelHandlerContext) {
            var headers = HTTPHeaders(answer.headers.map { ($0.key, $0.value) })
            headers.replaceOrAdd(name: "content-length", value: String(answer.bytes.count))
            let status = HTTPResponseStatus(statusCode: answer.status)
            if answer.breaksOff, answer.bytes.isEmpty { return context.close(promise: nil) }
            context.write(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))),
                promise: nil)
            let bytes = answer.breaksOff ? answer.bytes.prefix(answer.bytes.count / 2) : answer.bytes[...]
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            if answer.breaksOff {
                context.flush()
                return context.close(promise: nil)
            }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
