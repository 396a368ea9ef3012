import Domain
import Execution

/// One base URL with its authorization: what an API's operations are called on.
public struct HTTPEndpoint: Sendable {
    /// Base URL without a trailing slash, query, or user information.
    public let base: String
    /// `scheme://host:port`, what connections and limits are kept by.
    public let server: String
    /// Host of the base, an IPv6 address without brackets.
    public let host: String
    let isPlain: Bool
    let transport: HTTPTransport
    private(set) var authorization: Authorization
    let tls: TLSMaterial
    let headers: [String: String]
    /// Told of every useful answer and every complaint.
    public var watch: ProgressWatch?
    /// What one attempt may take; `nil` = the transport's.
    public var request: Duration?
    /// No attempt is started when a call has taken this long; `nil` = the transport's.
    public var overall: Duration?
    /// Which failures are tried again; `nil` = the transport's.
    public var retries: RetryPolicy?

    /// An endpoint; `nil` when the base is not an http or https URL. Without a scheme it is https.
    ///
    /// - Parameters:
    ///   - base: Base URL.
    ///   - transport: Sends the calls.
    ///   - authorization: Signs them.
    ///   - tls: Certificates.
    ///   - headers: Added to every call.
    public init?(
        _ base: String, transport: HTTPTransport, authorization: Authorization = .none,
        tls: TLSMaterial = TLSMaterial(), headers: [String: String] = [:]
    ) {
        guard let location = Location(base) else { return nil }
        self.base = location.base
        self.server = location.server
        self.host = location.host
        self.isPlain = location.isPlain
        self.transport = transport
        self.authorization = authorization
        self.tls = tls
        self.headers = headers
    }

    /// The same endpoint with calls signed in another way.
    public func authorized(_ authorization: Authorization) -> HTTPEndpoint {
        var copy = self
        copy.authorization = authorization
        return copy
    }

    /// Sends a call and holds its answer whole.
    ///
    /// - Throws: ``TransportFailure``, also for every status outside 2xx.
    public func send(_ call: HTTPCall) async throws(TransportFailure) -> Reply {
        let (head, sink) = try await stream(call) { CollectedBody(limit: transport.settings.largestBody) }
        return Reply(head: head, body: sink.bytes)
    }

    /// Sends a call and gives the body to a sink as it arrives; every attempt has a sink of its own.
    ///
    /// - Returns: The head, and the sink after its last byte.
    public func stream<Sink: ByteSink>(
        _ call: HTTPCall, into makeSink: @escaping @Sendable () -> Sink
    ) async throws(TransportFailure) -> (head: ReplyHead, sink: Sink) {
        let pacing = transport.pacing
        let started = pacing.elapsed()
        let policy = retries ?? transport.settings.retries
        let budget = overall ?? transport.settings.overall
        var attempt = 1
        while true {
            let outcome = await limited(call, makeSink)
            switch outcome.result {
            case .success(let answer):
                watch?.progressed()
                return answer
            case .failure(let failure):
                watch?.complained(failure)
                let wait = policy.wait(
                    after: failure, attempt: attempt, isRepeatable: call.isRepeatable, asked: outcome.askedWait,
                    jitter: pacing.random())
                guard let wait, pacing.elapsed() - started + wait < budget else { throw failure }
                do { try await pacing.sleep(wait) } catch { throw self.failure(.cancelled, call) }
                attempt += 1
            }
        }
    }

    /// A failure of a call to this endpoint.
    public func failure(_ cause: TransportFailure.Cause, _ call: HTTPCall) -> TransportFailure {
        TransportFailure(cause, endpoint: base, call: "\(call.method.rawValue) \(call.path.withoutQuery)")
    }

    /// One attempt within the server's limit. In a run that is interrupted a call that is on the wire and may have an
    /// effect is finished; a read is given up.
    private func limited<Sink: ByteSink>(
        _ call: HTTPCall, _ makeSink: @escaping @Sendable () -> Sink
    ) async -> Attempt<Sink> {
        guard !Task.isCancelled else { return Attempt(.failure(failure(.cancelled, call))) }
        let limiter = transport.limiter(for: server)
        guard let ticket = await limiter.acquire() else { return Attempt(.failure(failure(.cancelled, call))) }
        let quiet = await limiter.remainingQuiet
        if quiet > .zero {
            do {
                try await transport.pacing.sleep(quiet)
            } catch {
                await limiter.release(ticket, .unknown)
                return Attempt(.failure(failure(.cancelled, call)))
            }
        }
        let exchange = Exchange(endpoint: self, call: call)
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

/// The parts of a base URL.
private struct Location {
    let base: String
    let server: String
    let host: String
    let isPlain: Bool

    init?(_ text: String) {
        var rest = text.trimmingSpaces()[...]
        isPlain = rest.lowercased().hasPrefix("http://")
        let scheme = isPlain ? "http" : "https"
        if let separator = rest.firstRange(of: "://") {
            guard rest[..<separator.lowerBound].lowercased() == scheme else { return nil }
            rest = rest[separator.upperBound...]
        }
        if let end = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) { rest = rest[..<end] }
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var authority = rest[..<slash]
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        guard let (host, port) = Self.hostAndPort(authority, isPlain: isPlain) else { return nil }
        self.host = host
        self.base = "\(scheme)://\(authority)\(rest[slash...])"
        self.server = "\(scheme)://\(host):\(port)"
    }

    private static func hostAndPort(_ authority: Substring, isPlain: Bool) -> (host: String, port: Int)? {
        let standard = isPlain ? 80 : 443
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let host = authority[authority.index(after: authority.startIndex)..<end]
            let port = authority[authority.index(after: end)...].dropFirst()
            guard !host.isEmpty, port.isEmpty || Int(port) != nil else { return nil }
            return (String(host), Int(port) ?? standard)
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2 else { return nil }
        guard parts.count == 2 else { return (String(host), standard) }
        guard let port = Int(parts[1]), (1...65535).contains(port) else { return nil }
        return (String(host), port)
    }
}
