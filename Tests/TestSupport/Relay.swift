import NIOCore
import NIOPosix
import Synchronization

/// A port that passes everything on to another one, until the line is cut.
package final class Relay: Sendable {
    private struct State {
        var isCut = false
        var lines: [any Channel] = []
        var port = 0
    }

    private let state = Mutex(State())

    /// Base URL of the way through it.
    package var url: String { "http://127.0.0.1:\(state.withLock(\.port))" }

    /// Runs a body beside a relay to a server on this machine.
    package static func with<Result: Sendable>(
        to url: String, _ body: @Sendable (Relay) async throws -> Result
    ) async throws -> Result {
        let relay = Relay()
        let target = Int(url.split(separator: ":").last ?? "") ?? 0
        let listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { near in
                guard relay.takes(near) else { return near.close() }
                return ClientBootstrap(group: near.eventLoop)
                    .channelInitializer { far in
                        far.eventLoop.makeCompletedFuture {
                            try far.pipeline.syncOperations.addHandler(Passing(to: near))
                        }
                    }
                    .connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { far in
                        guard relay.takes(far) else { return far.close(promise: nil) }
                        try near.pipeline.syncOperations.addHandler(Passing(to: far))
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        relay.state.withLock { $0.port = listening.localAddress?.port ?? 0 }
        defer {
            relay.setCut(true)
            listening.close(promise: nil)
        }
        return try await body(relay)
    }

    /// Breaks all connections, and takes none until it is whole again.
    package func setCut(_ isCut: Bool) {
        let lines = state.withLock { state in
            state.isCut = isCut
            defer { if isCut { state.lines = [] } }
            return isCut ? state.lines : []
        }
        for line in lines { line.close(promise: nil) }
    }

    private func takes(_ line: any Channel) -> Bool {
        state.withLock { state in
            if !state.isCut { state.lines.append(line) }
            return !state.isCut
        }
    }

    private final class Passing: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let other: any Channel

        init(to other: any Channel) {
            self.other = other
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            other.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            other.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
