import AsyncHTTPClient
import Domain
import Execution
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// One attempt: request out, head and body in, everything that can go wrong put into a ``TransportFailure``.
struct Exchange: Sendable {
    let endpoint: HTTPEndpoint
    let call: HTTPCall
    /// What it may take, from the first byte out to the last byte in.
    let limit: Duration

    /// Bytes of an error's body that are looked at.
    private static let errorBodyLimit = 64 << 10
    /// How long the words of an error are waited for, once its status is known.
    private static let patienceWithErrors: Duration = .seconds(2)

    func run<Sink: ByteSink>(_ makeSink: @escaping @Sendable () -> Sink) async -> Attempt<Sink> {
        let started = ContinuousClock.now
        let hasBegun = Mutex(false)
        let attempt =
            await withDeadline(limit) {
                await exchange(makeSink) { hasBegun.withLock { $0 = true } }
            } ?? Attempt(.failure(late(hasBegun.withLock { $0 })))
        log(attempt, since: started)
        if case .failure(let failure) = attempt.result, failure.status == 401,
            case .oauth(let tokens) = endpoint.authorization
        {
            await tokens.invalidate()
        }
        return attempt
    }

    private func late(_ hasBegun: Bool) -> TransportFailure {
        if Task.isCancelled { return endpoint.failure(.cancelled, call) }
        let what = hasBegun ? "the answer did not end within" : "no answer within"
        return endpoint.failure(.timeout("\(what) \(limit.inWords)"), call)
    }

    private func exchange<Sink: ByteSink>(
        _ makeSink: @escaping @Sendable () -> Sink, begins: @escaping @Sendable () -> Void
    ) async -> Attempt<Sink> {
        let request: HTTPClientRequest
        do throws(TransportFailure) {
            request = try await signedRequest()
        } catch {
            return Attempt(.failure(error))
        }
        if let known = endpoint.transport.refusals.known(of: endpoint) {
            return Attempt(.failure(endpoint.failure(known, call)))
        }
        endpoint.transport.countRequest(to: endpoint.server)
        return await receive(request, makeSink, begins)
    }

    private func signedRequest() async throws(TransportFailure) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: call.method.rawValue)
        do throws(TLSMaterial.Unusable) {
            request.tlsConfiguration =
                endpoint.isPlain
                ? nil : try endpoint.tls.configuration(trusting: endpoint.transport.settings.authorities)
        } catch {
            throw endpoint.failure(.untrusted(error.reason), call)
        }
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "spillway")
        if endpoint.tls.serverName != nil { request.headers.add(name: "Host", value: authority) }
        if let body = call.body {
            request.headers.replaceOrAdd(name: "Content-Type", value: body.mediaType)
            request.body = .bytes(ByteBuffer(bytes: body.bytes))
        }
        // What somebody has written goes before what is supposed.
        for (name, value) in endpoint.headers.merging(call.headers, uniquingKeysWith: { $1 }) {
            request.headers.replaceOrAdd(name: name, value: value)
        }
        switch endpoint.authorization {
        case .none: break
        case .basic(let user, let password):
            user.reveal { user in
                password.reveal { request.setBasicAuth(username: user, password: $0) }
            }
        case .bearer(let token):
            token.reveal { request.headers.replaceOrAdd(name: "Authorization", value: "Bearer \($0)") }
        case .oauth(let tokens):
            let token = try await tokens.current()
            token.reveal { request.headers.replaceOrAdd(name: "Authorization", value: "Bearer \($0)") }
        case .signed(let signer):
            for (name, value) in signer.headers(signing: signable(request)) {
                request.headers.replaceOrAdd(name: name, value: value)
            }
        }
        return request
    }

    private func signable(_ request: HTTPClientRequest) -> SignableRequest {
        let path = endpoint.base.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" } + call.path.withoutQuery
        return SignableRequest(
            method: call.method.rawValue, host: authority, path: path.isEmpty ? "/" : String(path),
            query: call.path.query.map { ($0.name, $0.value) },
            headers: request.headers.filter { Self.isSigned($0.name.lowercased()) }.map { ($0.name, $0.value) },
            body: call.body?.bytes ?? [])
    }

    /// Whether a signature covers a header, by its lower-case name: what AWS asks for, and conditions, so that nobody in
    /// between takes them out.
    private static func isSigned(_ header: String) -> Bool {
        ["content-type", "if-match", "if-none-match"].contains(header) || header.hasPrefix("x-amz-")
    }

    /// The URL to connect to: with another server name than the host, that name stands in the host's place and is
    /// resolved to the host.
    private var url: String {
        guard let name = endpoint.tls.serverName, name != endpoint.host, !endpoint.isPlain,
            let range = endpoint.base.firstRange(of: endpoint.host)
        else { return endpoint.base + call.path.description }
        return endpoint.base[..<range.lowerBound] + name + endpoint.base[range.upperBound...] + call.path.description
    }

    /// Host and port as the client sends them: without the scheme's own port.
    private var authority: String {
        let rest = endpoint.base.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
        let standard = endpoint.isPlain ? ":80" : ":443"
        return String(rest.hasSuffix(standard) ? rest.dropLast(standard.count) : rest)
    }

    private func receive<Sink: ByteSink>(
        _ request: HTTPClientRequest, _ makeSink: @escaping @Sendable () -> Sink, _ begins: @Sendable () -> Void
    ) async -> Attempt<Sink> {
        let transport = endpoint.transport
        let response: HTTPClientResponse
        do {
            response = try await transport.client(for: endpoint).execute(request, timeout: TimeAmount(limit))
        } catch {
            return Attempt(.failure(endpoint.failure(await cause(of: error), call)))
        }
        begins()
        endpoint.watch?.began()
        await transport.limiter(for: endpoint.server).opened()
        let head = ReplyHead(response)
        guard head.answers(call) else { return await refusal(head, response) }
        return await accept(head, response, makeSink())
    }

    private func accept<Sink: ByteSink>(
        _ head: ReplyHead, _ response: HTTPClientResponse, _ sink: Sink
    ) async -> Attempt<Sink> {
        var sink = sink
        let asked = head.askedWait(at: .now)
        if call.ignoresBody { return Attempt(.success((head, sink)), askedWait: asked) }
        if head.mediaType.hasSuffix("html"), !call.holdsSecrets {
            let excerpt = ServiceError.excerpt(of: await beginning(of: response), clean)
            return Attempt(.failure(endpoint.failure(.notJSON(mediaType: head.mediaType, excerpt: excerpt), call)))
        }
        do {
            for try await chunk in response.body {
                try chunk.withUnsafeReadableBytes { bytes throws(SinkFailure) in
                    do { try sink.receive(bytes) } catch { throw SinkFailure(error) }
                }
            }
            do { try sink.finish() } catch { throw SinkFailure(error) }
            return Attempt(.success((head, sink)), askedWait: asked)
        } catch let failure as SinkFailure {
            return Attempt(.failure(endpoint.failure(failure.cause, call)))
        } catch {
            return Attempt(.failure(endpoint.failure(Self.cause(of: error, limit: limit), call)))
        }
    }

    private func refusal<Sink: ByteSink>(_ head: ReplyHead, _ response: HTTPClientResponse) async -> Attempt<Sink> {
        let body = await beginning(of: response)
        let error = ServiceError(body: body, mediaType: head.mediaType, clean)
        var message = error.message
        if (300..<400).contains(head.status), let target = head.location(seenFrom: endpoint.server) {
            message = "it points to \(clean(target)), and redirects are not followed: name that address instead"
        }
        let cause: TransportFailure.Cause =
            head.status == 401 || head.status == 403
            ? .denied(status: head.status, code: error.code, message: message)
            : .status(head.status, code: error.code, message: message)
        return Attempt(.failure(endpoint.failure(cause, call)), askedWait: head.askedWait(at: .now))
    }

    /// The beginning of a body; what comes too late or breaks off is left out.
    private func beginning(of response: HTTPClientResponse) async -> [UInt8] {
        let kept = Mutex<[UInt8]>([])
        _ = await withDeadline(min(limit, Self.patienceWithErrors)) {
            do {
                for try await chunk in response.body {
                    let count = kept.withLock { bytes in
                        bytes.append(contentsOf: chunk.readableBytesView.prefix(Self.errorBodyLimit - bytes.count))
                        return bytes.count
                    }
                    if count >= Self.errorBodyLimit { break }
                }
            } catch {}
        }
        return kept.withLock { $0 }
    }

    private func clean(_ text: String) -> String { endpoint.transport.secrets.clean(text) }

    /// What an error of the HTTP client means. A certificate that was refused is looked at once more, to be able to say
    /// why, and is remembered: it does not change from call to call.
    private func cause(of error: any Error) async -> TransportFailure.Cause {
        guard let fault = TLSFault(error) else {
            let cause = Self.cause(of: error, limit: limit)
            guard let proxy = endpoint.transport.proxy(for: endpoint) else { return cause }
            return cause.through(proxy, error)
        }
        let cause = TransportFailure.Cause.untrusted(await fault.words(for: endpoint))
        endpoint.transport.refusals.remember(cause, of: endpoint)
        return cause
    }

    private func log<Sink: ByteSink>(_ attempt: Attempt<Sink>, since started: ContinuousClock.Instant) {
        let outcome =
            switch attempt.result {
            case .success(let answer): String(answer.head.status)
            case .failure(let failure): failure.status.map(String.init) ?? failure.reason
            }
        let time = started.duration(to: .now).wholeMilliseconds
        endpoint.transport.logger.debug(
            "\(call.method.rawValue) \(endpoint.base)\(call.path.withoutQuery): \(outcome), \(time) ms")
    }
}

/// An error of a sink, told apart from those of the connection.
private struct SinkFailure: Error {
    let cause: TransportFailure.Cause

    init(_ error: any Error) {
        switch error {
        case let error as SinkFailure: self.cause = error.cause
        case let error as CollectedBody.TooLarge: self.cause = .tooLarge(limit: error.limit)
        default: self.cause = .malformed("\(error)")
        }
    }
}

extension ReplyHead {
    init(_ response: HTTPClientResponse) {
        var headers: [String: String] = [:]
        for (name, value) in response.headers where headers[name.lowercased()] == nil {
            headers[name.lowercased()] = value
        }
        self.init(status: Int(response.status.code), headers: headers)
    }

    /// Where a redirect points to, without user information and query; `nil` when it says nothing.
    func location(seenFrom server: String) -> String? {
        guard let text = headers["location"]?.trimmingSpaces(), !text.isEmpty else { return nil }
        let path = text.prefix { $0 != "?" && $0 != "#" }
        guard !path.hasPrefix("//"), path.hasPrefix("/") else { return HTTPAddress(String(path))?.base ?? String(path) }
        return server + path
    }
}
