import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A local HTTP server that answers as its script says and remembers what it was asked.
final class ScriptedServer: Sendable {
    /// A request as it arrived.
    struct Seen: Sendable {
        let method: String
        let target: String
        let headers: [String: String]
        let body: String
    }

    /// An answer to be given.
    struct Answer: Sendable {
        var status = 200
        var headers: [String: String] = ["content-type": "application/json"]
        var body = "{}"

        static func json(_ body: String, status: Int = 200, headers: [String: String] = [:]) -> Answer {
            Answer(
                status: status, headers: headers.merging(["content-type": "application/json"]) { $1 }, body: body)
        }

        static func html(_ body: String, status: Int = 200) -> Answer {
            Answer(status: status, headers: ["content-type": "text/html; charset=utf-8"], body: body)
        }
    }

    /// Base URL.
    let url: String
    private let log: Mutex<[Seen]>

    private init(url: String) {
        self.url = url
        self.log = Mutex([])
    }

    /// What was asked so far.
    var seen: [Seen] { log.withLock { $0 } }

    private func note(_ seen: Seen) -> Int {
        log.withLock { log in
            log.append(seen)
            return log.count
        }
    }

    /// Runs a body beside a server whose script is asked for the answer to each request, with the request's number from
    /// 1; `nil` = no answer until the server stops.
    static func with<Result: Sendable>(
        _ script: @escaping @Sendable (Int, Seen) -> Answer?,
        _ body: @escaping @Sendable (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let holder = Holder()
        let router = Router()
        for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete] {
            router.on("**", method: method) { request, _ in try await holder.answer(request, script) }
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "scripted", factory: { _ in SwiftLogNoOpLogHandler() }))
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await application.run()
                return nil
            }
            group.addTask {
                for await port in ports {
                    let server = ScriptedServer(url: "http://127.0.0.1:\(port)")
                    holder.server.withLock { $0 = server }
                    return try await body(server)
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    private final class Holder: Sendable {
        let server: Mutex<ScriptedServer?> = Mutex(nil)

        func answer(
            _ request: Request, _ script: @Sendable (Int, Seen) -> Answer?
        ) async throws -> Response {
            let body = try await request.body.collect(upTo: 1 << 20)
            let seen = Seen(
                method: request.method.rawValue, target: request.head.path ?? "",
                headers: Dictionary(request.headers.map { ($0.name.canonicalName, $0.value) }) { first, _ in first },
                body: String(buffer: body))
            let number = server.withLock { $0 }?.note(seen) ?? 0
            guard let answer = script(number, seen) else {
                try await Task.sleep(for: .seconds(60))
                throw CancellationError()
            }
            var headers = HTTPFields()
            for (name, value) in answer.headers {
                if let name = HTTPField.Name(name) { headers[name] = value }
            }
            return Response(
                status: .init(code: answer.status), headers: headers,
                body: .init(byteBuffer: ByteBuffer(string: answer.body)))
        }
    }
}
