import Domain
import Execution

/// One base URL with its authorization: what an API's operations are called on.
package struct HTTPEndpoint: Sendable {
    /// Base URL without a trailing slash, query, or user information.
    package let base: String
    /// `scheme://host:port`, what connections and limits are kept by.
    package let server: String
    /// Host of the base, an IPv6 address without brackets.
    package let host: String
    let port: Int
    let isPlain: Bool
    let transport: HTTPTransport
    private(set) var authorization: Authorization
    let tls: TLSMaterial
    let headers: [String: String]
    /// Told of every useful answer and every complaint.
    package var watch: ProgressWatch?
    /// What one attempt may take; `nil` = the transport's.
    package var request: Duration?
    /// No attempt is started when a call has taken this long; `nil` = the transport's.
    package var overall: Duration?
    /// Which failures are tried again; `nil` = the transport's.
    package var retries: RetryPolicy?

    /// An endpoint; `nil` when the base is not an http or https URL. Without a scheme it is https.
    ///
    /// - Parameters:
    ///   - base: Base URL.
    ///   - transport: Sends the calls.
    ///   - authorization: Signs them.
    ///   - tls: Certificates.
    ///   - headers: Added to every call.
    package init?(
        _ base: String, transport: HTTPTransport, authorization: Authorization = .none,
        tls: TLSMaterial = TLSMaterial(), headers: [String: String] = [:]
    ) {
        guard let location = HTTPAddress(base) else { return nil }
        self.base = location.base
        self.server = location.server
        self.host = location.host
        self.port = location.port
        self.isPlain = location.isPlain
        self.transport = transport
        self.authorization = authorization
        self.tls = tls
        self.headers = headers
        authorization.teach(transport.secrets)
        transport.secrets.learn([tls.key].compactMap(\.self))
    }

    /// The same endpoint with calls signed in another way.
    package func authorized(_ authorization: Authorization) -> HTTPEndpoint {
        var copy = self
        copy.authorization = authorization
        authorization.teach(transport.secrets)
        return copy
    }

    /// Sends a call and holds its answer whole.
    ///
    /// - Throws: ``TransportFailure``, also for every status outside 2xx.
    package func send(_ call: HTTPCall) async throws(TransportFailure) -> Reply {
        let reply = try await collect(call)
        watch?.progressed()
        return reply
    }

    /// An answer held whole, of which nobody knows yet whether it can be used.
    func collect(_ call: HTTPCall) async throws(TransportFailure) -> Reply {
        let (head, sink) = try await attempt(call) { CollectedBody(limit: transport.settings.largestBody) }
        return Reply(head: head, body: sink.bytes)
    }

    /// Sends a call and gives the body to a sink as it arrives; every attempt has a sink of its own.
    ///
    /// - Returns: The head, and the sink after its last byte.
    package func stream<Sink: ByteSink>(
        _ call: HTTPCall, into makeSink: @escaping @Sendable () -> Sink
    ) async throws(TransportFailure) -> (head: ReplyHead, sink: Sink) {
        let answer = try await attempt(call, into: makeSink)
        watch?.progressed()
        return answer
    }

    private func attempt<Sink: ByteSink>(
        _ call: HTTPCall, into makeSink: @escaping @Sendable () -> Sink
    ) async throws(TransportFailure) -> (head: ReplyHead, sink: Sink) {
        let pacing = transport.pacing
        let policy = retries ?? transport.settings.retries
        let end = pacing.elapsed() + (overall ?? transport.settings.overall)
        transport.secrets.learn(call.secrets)
        var attempt = 1
        while true {
            let outcome = await limited(call, makeSink, until: end)
            switch outcome.result {
            case .success(let answer): return answer
            case .failure(let failure):
                watch?.complained(failure)
                let wait = policy.wait(
                    after: failure, attempt: attempt, isRepeatable: call.isRepeatable, asked: outcome.askedWait,
                    jitter: pacing.random())
                guard let wait else { throw failure }
                guard pacing.elapsed() + wait < end else { throw failure.asking(outcome.askedWait) }
                do { try await pacing.sleep(wait) } catch { throw self.failure(.cancelled, call) }
                attempt += 1
            }
        }
    }

    /// A failure of a call to this endpoint; nothing of it tells a secret.
    package func failure(_ cause: TransportFailure.Cause, _ call: HTTPCall) -> TransportFailure {
        TransportFailure(
            cause.cleaned(by: transport.secrets), endpoint: base,
            call: "\(call.method.rawValue) \(call.path.withoutQuery)")
    }

    /// One attempt within the server's limit, which is over at a moment of the transport's clock. In a run that is
    /// interrupted a call that is on the wire and may have an effect is finished; a read is given up.
    private func limited<Sink: ByteSink>(
        _ call: HTTPCall, _ makeSink: @escaping @Sendable () -> Sink, until end: Duration
    ) async -> Attempt<Sink> {
        guard !Task.isCancelled else { return Attempt(.failure(failure(.cancelled, call))) }
        let pacing = transport.pacing
        let limiter = transport.limiter(for: server)
        func remaining() -> Duration { max(.zero, end - pacing.elapsed()) }
        func given(up cause: TransportFailure.Cause) -> Attempt<Sink> { Attempt(.failure(failure(cause, call))) }

        guard let ticket = await limiter.acquire(within: remaining()) else {
            return given(up: Task.isCancelled ? .cancelled : .timeout("no answer to earlier calls"))
        }
        let quiet = await limiter.remainingQuiet
        if quiet > .zero {
            guard quiet < remaining() else {
                await limiter.release(ticket, .unknown)
                let refused = failure(.status(429, code: nil, message: ""), call).asking(quiet)
                watch?.complained(refused)
                return Attempt(.failure(refused), askedWait: quiet)
            }
            do {
                try await pacing.sleep(quiet)
            } catch {
                await limiter.release(ticket, .unknown)
                return given(up: .cancelled)
            }
        }
        if call.method != .get, !(await CallShield.permitsSending()) {
            await limiter.release(ticket, .unknown)
            return given(up: .cancelled)
        }
        let limit = min(request ?? transport.settings.request, max(remaining(), .milliseconds(1)))
        let exchange = Exchange(endpoint: self, call: call, limit: limit)
        var attempt =
            call.method == .get
            ? await exchange.run(makeSink) : await CallShield.finishing { await exchange.run(makeSink) }
        if call.method == .get, Task.isCancelled, case .failure = attempt.result {
            attempt = Attempt(.failure(failure(.cancelled, call)))
        }
        attempt.tell(Deeds.ofStep, of: call.effect)
        await limiter.release(ticket, attempt.load)
        if let wait = attempt.askedWait { await limiter.quieten(for: wait) }
        return attempt
    }
}

extension TransportFailure {
    /// The failure with the moment until which the service asks to be left alone.
    fileprivate func asking(_ wait: Duration?) -> TransportFailure {
        guard let wait else { return self }
        var copy = self
        copy.quietUntil = Timestamp.now.advanced(by: wait)
        return copy
    }
}

extension TransportFailure.Cause {
    /// The cause without anything that must not be told: all its text may come from outside.
    fileprivate func cleaned(by secrets: KnownSecrets) -> Self {
        switch self {
        case .unreachable(let reason): .unreachable(secrets.clean(reason))
        case .untrusted(let reason): .untrusted(secrets.clean(reason))
        case .timeout(let reason): .timeout(secrets.clean(reason))
        case .interrupted(let reason): .interrupted(secrets.clean(reason))
        case .denied(let status, let code, let message):
            .denied(status: status, code: code.map(secrets.clean), message: secrets.clean(message))
        case .status(let status, let code, let message):
            .status(status, code: code.map(secrets.clean), message: secrets.clean(message))
        case .notJSON(let mediaType, let excerpt):
            .notJSON(mediaType: secrets.clean(mediaType), excerpt: secrets.clean(excerpt))
        case .malformed(let what): .malformed(secrets.clean(what))
        case .identity(let found, let expected):
            .identity(found: secrets.clean(found), expected: secrets.clean(expected))
        case .tooLarge, .withoutCredentials, .cancelled: self
        }
    }
}

/// How one attempt of a call ended.
struct Attempt<Sink: ByteSink>: Sendable {
    let result: Result<(head: ReplyHead, sink: Sink), TransportFailure>
    let askedWait: Duration?

    init(_ result: Result<(head: ReplyHead, sink: Sink), TransportFailure>, askedWait: Duration? = nil) {
        self.result = result
        self.askedWait = askedWait
    }

    /// Tells what a call has done.
    func tell(_ deeds: Deeds?, of effect: HTTPCall.Effect) {
        switch (effect, result) {
        case (.none, _), (.inAnswer, .success): break
        case (.byStatus, .success): deeds?.happened()
        case (_, .failure(let failure)) where failure.mayHaveHappened || failure.cause == .cancelled:
            deeds?.mayHaveHappened()
        case (_, .failure): break
        }
    }

    var load: LimiterState.Outcome {
        switch result {
        case .success: .answered
        case .failure(let failure):
            switch failure.cause {
            case .status(let status, _, _): status == 429 || status >= 500 ? .overloaded : .answered
            case .denied: .answered
            default: .unknown
            }
        }
    }
}
