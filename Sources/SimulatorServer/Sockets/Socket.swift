import HTTPTypes
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import SimulatedConfluent
import SimulatorCore
import Synchronization

/// One HTTP server on one port.
struct Socket: Sendable {
    let listener: Listener
    let host: String
    /// 0 takes a free one.
    let port: Int
    let world: World
    /// Certificates; `nil` speaks plain HTTP.
    var certificates: SimulatedStoreConfiguration.TLS?

    /// Serves until the task is cancelled, then closes the port and every connection.
    ///
    /// The server itself is never cancelled: connections that it has accepted and not looked at yet would be dropped
    /// unfinished. It stops listening, and its connections are closed under it.
    func run(onOpen: @escaping @Sendable (Int) async -> Void) async throws {
        let connections = OpenConnections()
        let protocolHandler = HTTP1Channel { request, writer, channel in
            connections.add(channel)
            defer { connections.remove(channel) }
            let response = await answer(request, on: channel)
            try await writer.write(response: response.head, body: response.body)
        }
        if let certificates {
            let secured = try TLSChannel(protocolHandler, tlsConfiguration: certificates.configuration)
            try await serve(secured, connections, onOpen)
        } else {
            try await serve(protocolHandler, connections, onOpen)
        }
    }

    private func serve(
        _ childChannelSetup: some ServerChildChannel, _ connections: OpenConnections,
        _ onOpen: @escaping @Sendable (Int) async -> Void
    ) async throws {
        let server = Server(
            childChannelSetup: childChannelSetup,
            configuration: ServerConfiguration(address: .hostname(host, port: port), reuseAddress: true),
            onServerRunning: { channel in await onOpen(channel.localAddress?.port ?? port) },
            eventLoopGroup: world.executor.loop,
            logger: Logger(label: "simulator", factory: { _ in SwiftLogNoOpLogHandler() }))
        let serving = Task { [world] in
            try await withTaskExecutorPreference(world.executor) { try await server.run() }
        }
        try await withTaskCancellationHandler {
            try await serving.value
        } onCancel: {
            connections.close()
            Task { try? await server.shutdownGracefully() }
        }
    }

    private func answer(
        _ received: HummingbirdCore.Request, on channel: any Channel
    ) async -> HummingbirdCore.Response {
        do {
            let body = try await received.body.collect(upTo: 256 << 20)
            let request = Request(received, body: Array(buffer: body))
            var outcome = await world.take(request, at: listener)
            if case .late(let due, let sent) = outcome {
                while channel.isActive, await !world.hasReached(due) { try await pause(5, on: channel) }
                outcome = await world.takeLate(request, at: listener, sent: sent)
            }
            return try await carryOut(outcome, on: channel)
        } catch {
            return HummingbirdCore.Response(status: .internalServerError)
        }
    }

    private func carryOut(_ outcome: Outcome, on channel: any Channel) async throws -> HummingbirdCore.Response {
        switch outcome {
        case .respond(let response, let delay):
            try await pause(delay, on: channel)
            return response.sent(on: channel)
        case .truncate(let response, let bytes, let delay):
            try await pause(delay, on: channel)
            var cut = response
            cut.body = Array(response.body.prefix(bytes))
            return cut.sent(announcing: response.body.count)
        case .trickle(let response, let every, let delay):
            try await pause(delay, on: channel)
            return response.trickling(every: every, on: channel)
        case .cutChunks(let response, let bytes, let delay):
            try await pause(delay, on: channel)
            var cut = response
            cut.body = Array(response.body.prefix(bytes))
            return cut.sent(announcing: nil)
        case .ignore:
            while channel.isActive { try await pause(50, on: channel) }
            return HummingbirdCore.Response(status: .gatewayTimeout)
        case .drop(let delay):
            try await pause(delay, on: channel)
            channel.close(promise: nil)
            return HummingbirdCore.Response(status: .internalServerError)
        case .hang, .late:
            while channel.isActive, await world.isSilent(listener) { try await pause(50, on: channel) }
            channel.close(promise: nil)
            return HummingbirdCore.Response(status: .gatewayTimeout)
        }
    }

    /// Waits, at most until the connection is closed.
    private func pause(_ milliseconds: Milliseconds, on channel: any Channel) async throws {
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(milliseconds)
        while channel.isActive, clock.now < end {
            try await Task.sleep(for: min(clock.now.duration(to: end), Self.attention), clock: clock)
        }
    }

    /// How soon a closed connection is noticed.
    private static let attention: Duration = .milliseconds(50)
}

extension SimulatedStoreConfiguration.TLS {
    fileprivate var configuration: TLSConfiguration {
        get throws {
            let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
            if let clientAuthorities {
                configuration.trustRoots = .certificates(
                    try NIOSSLCertificate.fromPEMBytes(Array(clientAuthorities.utf8)))
                configuration.certificateVerification = .noHostnameVerification
            }
            return configuration
        }
    }
}

/// The connections of one socket on which a request is being answered.
private final class OpenConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    func add(_ channel: any Channel) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.channels[ObjectIdentifier(channel)] = channel }
            return state.isClosed
        }
        if isClosed { channel.close(promise: nil) }
    }

    func remove(_ channel: any Channel) {
        state.withLock { $0.channels[ObjectIdentifier(channel)] = nil }
    }

    /// Closes them, and every further one.
    func close() {
        let channels = state.withLock { state in
            state.isClosed = true
            return state.channels
        }
        for channel in channels.values { channel.close(promise: nil) }
    }
}

extension Request {
    /// Takes a request over from the framework, with its path and query decoded.
    init(_ received: HummingbirdCore.Request, body: [UInt8]) {
        let method = received.method.rawValue
        let target = (received.head.path ?? "/").utf8
            .split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false).map { Substring($0) }
        let path = (target.first ?? "").utf8.split(separator: UInt8(ascii: "/")).map { Self.decoded(Substring($0)) }
        let endsInSlash = (target.first ?? "").utf8.last == UInt8(ascii: "/")
        let query: [(name: String, value: String)] =
            target.count < 2
            ? []
            : target[1].split(separator: "&").map { item in
                let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let value = parts.count > 1 ? Self.decoded(parts[1], plusIsSpace: true) : ""
                return (Self.decoded(parts[0], plusIsSpace: true), value)
            }
        var headers: [String: String] = [:]
        for field in received.headers { headers[field.name.canonicalName] = field.value }
        self.init(
            method: method, path: path, endsInSlash: endsInSlash, query: query, headers: headers, body: body)
    }

    private static func decoded(_ text: Substring, plusIsSpace: Bool = false) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(text)
        }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Response {
    /// The response as the framework sends it.
    var sent: HummingbirdCore.Response {
        HummingbirdCore.Response(
            status: HTTPResponse.Status(code: status), headers: fields, body: responseBody)
    }

    /// The response as the framework sends it, with what follows for as long as the connection is open.
    func sent(on channel: any Channel) -> HummingbirdCore.Response {
        guard let watch, let news else { return sent }
        return HummingbirdCore.Response(
            status: HTTPResponse.Status(code: status), headers: fields,
            body: ResponseBody { [body] writer in
                if !body.isEmpty { try await writer.write(ByteBuffer(bytes: body)) }
                var cursor: (any Watch)? = watch
                while channel.isActive, let current = cursor {
                    let (lines, next) = await news(current)
                    cursor = next
                    if lines.isEmpty {
                        try await Task.sleep(for: Self.newsInterval)
                    } else {
                        try await writer.write(ByteBuffer(bytes: lines))
                    }
                }
                try await writer.finish(nil)
            })
    }

    /// How often there may be something new for a watcher.
    private static let newsInterval: Duration = .milliseconds(50)

    private var responseBody: ResponseBody {
        if let rest {
            return ResponseBody { [body] writer in
                try await writer.write(ByteBuffer(bytes: body))
                for index in 0..<rest.count { try await writer.write(ByteBuffer(bytes: rest.make(index))) }
                try await writer.finish(nil)
            }
        }
        guard body.count > Self.largestPiece else {
            return body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        }
        return ResponseBody(contentLength: body.count) { [body] writer in
            var rest = body[...]
            while !rest.isEmpty {
                try await writer.write(ByteBuffer(bytes: rest.prefix(Self.largestPiece)))
                rest = rest.dropFirst(Self.largestPiece)
            }
            try await writer.finish(nil)
        }
    }

    /// Longer bodies are sent as the client reads them, in pieces of this many bytes.
    private static let largestPiece = 1 << 18

    /// The response whose body comes byte by byte for as long as the connection is open.
    func trickling(every pause: Milliseconds, on channel: any Channel) -> HummingbirdCore.Response {
        HummingbirdCore.Response(
            status: HTTPResponse.Status(code: status), headers: fields,
            body: ResponseBody(contentLength: body.count) { [body] writer in
                for byte in body {
                    guard channel.isActive else { throw CancellationError() }
                    try await writer.write(ByteBuffer(bytes: [byte]))
                    try await Task.sleep(for: .milliseconds(pause))
                }
                try await writer.finish(nil)
            })
    }

    /// The response with a length it does not keep; without one it comes in chunks, of which the last is missing.
    func sent(announcing length: Int?) -> HummingbirdCore.Response {
        let part = ByteBuffer(bytes: body)
        return HummingbirdCore.Response(
            status: HTTPResponse.Status(code: status), headers: fields,
            body: ResponseBody(contentLength: length) { writer in
                try await writer.write(part)
                throw CancellationError()
            })
    }

    private var fields: HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return fields
    }
}
