import AsyncHTTPClient
import Domain
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL

/// One attempt: request out, head and body in, everything that can go wrong put into a ``TransportFailure``.
struct Exchange: Sendable {
    let endpoint: HTTPEndpoint
    let call: HTTPCall

    /// Bytes of an error's body that are looked at.
    private static let errorBodyLimit = 64 << 10

    func run<Sink: ByteSink>(_ makeSink: @escaping @Sendable () -> Sink) async -> Attempt<Sink> {
        let request: HTTPClientRequest
        do throws(TransportFailure) {
            request = try await signedRequest()
        } catch {
            return Attempt(.failure(error))
        }
        endpoint.transport.countRequest(to: endpoint.server)
        let limit = endpoint.request ?? endpoint.transport.settings.request
        let started = ContinuousClock.now
        let attempt = await receive(request, makeSink, limit: limit)
        log(attempt, since: started)
        if case .failure(let failure) = attempt.result, failure.status == 401,
            case .oauth(let tokens) = endpoint.authorization
        {
            await tokens.invalidate()
        }
        return attempt
    }

    private func signedRequest() async throws(TransportFailure) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: call.method.rawValue)
        do throws(TLSMaterial.Unusable) {
            request.tlsConfiguration = endpoint.isPlain ? nil : try endpoint.tls.configuration()
        } catch {
            throw endpoint.failure(.unreachable(error.reason), call)
        }
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "spillway")
        if endpoint.tls.serverName != nil { request.headers.add(name: "Host", value: authority) }
        for (name, value) in endpoint.headers.merging(call.headers, uniquingKeysWith: { $1 }) {
            request.headers.replaceOrAdd(name: name, value: value)
        }
        if let body = call.body {
            request.headers.replaceOrAdd(name: "Content-Type", value: body.mediaType)
            request.body = .bytes(ByteBuffer(bytes: body.bytes))
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
            headers: request.headers.filter { ["content-type", "x-amz-target"].contains($0.name.lowercased()) }
                .map { ($0.name, $0.value) },
            body: call.body?.bytes ?? [])
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
        _ request: HTTPClientRequest, _ makeSink: @escaping @Sendable () -> Sink, limit: Duration
    ) async -> Attempt<Sink> {
        let serverName = endpoint.isPlain ? nil : endpoint.tls.serverName
        let client = endpoint.transport.client(host: endpoint.host, serverName: serverName)
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, timeout: TimeAmount(limit))
        } catch {
            return Attempt(.failure(endpoint.failure(Self.cause(of: error, limit: limit), call)))
        }
        let head = ReplyHead(response)
        endpoint.watch?.began()
        guard head.isSuccess else { return await refusal(head, response, limit: limit) }
        let bodyLimit = Sink.self == CollectedBody.self ? limit : endpoint.transport.settings.overall
        let accepted = await withDeadline(bodyLimit) { await accept(head, response, makeSink(), limit: limit) }
        let reason = "the answer did not end within \(bodyLimit.inWords)"
        return accepted ?? Attempt(.failure(endpoint.failure(.timeout(reason), call)))
    }

    private func accept<Sink: ByteSink>(
        _ head: ReplyHead, _ response: HTTPClientResponse, _ sink: Sink, limit: Duration
    ) async -> Attempt<Sink> {
        var sink = sink
        if head.mediaType.hasSuffix("html"), !call.holdsSecrets {
            let body = await beginning(of: response, limit: limit)
            let excerpt = Redaction(secrets).clean(ServiceError.excerpt(of: body))
            return Attempt(.failure(endpoint.failure(.notJSON(mediaType: head.mediaType, excerpt: excerpt), call)))
        }
        do {
            for try await chunk in response.body {
                try chunk.withUnsafeReadableBytes { bytes throws(SinkFailure) in
                    do { try sink.receive(bytes) } catch { throw SinkFailure(error) }
                }
            }
            do { try sink.finish() } catch { throw SinkFailure(error) }
            return Attempt(.success((head, sink)), askedWait: head.askedWait)
        } catch let failure as SinkFailure {
            return Attempt(.failure(endpoint.failure(failure.cause, call)))
        } catch {
            return Attempt(.failure(endpoint.failure(Self.cause(of: error, limit: limit), call)))
        }
    }

    private func refusal<Sink: ByteSink>(
        _ head: ReplyHead, _ response: HTTPClientResponse, limit: Duration
    ) async -> Attempt<Sink> {
        let body = await beginning(of: response, limit: limit)
        let error = ServiceError(body: body, mediaType: head.mediaType)
        let message = Redaction(secrets).clean(error.message)
        let cause: TransportFailure.Cause =
            head.status == 401 || head.status == 403
            ? .denied(status: head.status, code: error.code, message: message)
            : .status(head.status, code: error.code, message: message)
        return Attempt(.failure(endpoint.failure(cause, call)), askedWait: head.askedWait)
    }

    /// The beginning of a body; what comes too late or breaks off is left out.
    private func beginning(of response: HTTPClientResponse, limit: Duration) async -> [UInt8] {
        await withDeadline(limit) {
            var bytes: [UInt8] = []
            do {
                for try await chunk in response.body {
                    bytes.append(contentsOf: chunk.readableBytesView.prefix(Self.errorBodyLimit - bytes.count))
                    if bytes.count >= Self.errorBodyLimit { break }
                }
            } catch {
                return bytes
            }
            return bytes
        } ?? []
    }

    private var secrets: [Secret] { endpoint.authorization.secrets + call.secrets }

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
}
