import AsyncHTTPClient
package import Domain
package import Execution
package import Logging
import NIOCore
import Synchronization

/// The process's HTTP client: connections, one limiter per server, and counts of what was sent.
///
/// Make one per command and shut it down at the end.
package final class HTTPTransport: Sendable {
    /// Deadlines and limits of every endpoint.
    package struct Settings: Sendable {
        /// One connection attempt.
        package var connect: Duration = .seconds(3)
        /// One request, from sending to the last byte of a body that is held whole; for streamed bodies, the longest
        /// pause between two pieces.
        package var request: Duration = .seconds(30)
        /// No attempt is started when a call has taken this long.
        package var overall: Duration = .seconds(120)
        /// Greatest number of requests in flight to one server.
        package var requestsPerServer = 16
        /// Largest body that is held whole, in bytes.
        package var largestBody = 64 << 20
        /// Which failures are tried again.
        package var retries = RetryPolicy()
        /// A PEM file of authorities to trust in place of the system's, where nothing else is said; `nil` = the system's.
        package var authorities: String?
        /// Proxies that connections go through.
        package var proxies = ProxySettings()

        /// The default deadlines and limits.
        package init() {}

        package init(_ workspace: WorkspaceSpec) {
            connect = workspace.timeouts.connect
            request = workspace.timeouts.request
            overall = workspace.timeouts.request * 4
            requestsPerServer = workspace.requestsPerEndpoint
        }
    }

    private static let longestClosing: Duration = .seconds(1)

    /// Deadlines and limits.
    package let settings: Settings
    let pacing: Pacing
    let logger: Logger
    /// Secrets that must not be told; every text from outside is cleaned of them.
    package let secrets: KnownSecrets
    /// Who was silent a moment ago.
    package let silences = RememberedSilence()
    let refusals = RememberedRefusals()
    private let pool: HTTPClient
    private let others: Mutex<[ClientKey: HTTPClient]> = Mutex([:])
    private let limiters: Mutex<[String: AdaptiveLimiter]> = Mutex([:])
    private let counts: Mutex<[String: Int]> = Mutex([:])

    /// A transport.
    ///
    /// - Parameters:
    ///   - pacing: How waits between attempts pass; tests inject one that does not wait.
    ///   - logger: Gets one debug line per request: method, URL without query, status, time; never headers or bodies.
    ///   - secrets: Secrets that must not be told.
    package init(
        settings: Settings = Settings(), pacing: Pacing = .realTime, logger: Logger = Logger(label: "http"),
        secrets: KnownSecrets = KnownSecrets()
    ) {
        self.settings = settings
        self.pacing = pacing
        self.logger = logger
        self.secrets = secrets
        self.pool = HTTPClient(
            eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: Self.configuration(settings))
    }

    /// Closes all connections. Nothing can be sent afterwards. An attempt to connect that nobody waits for any more cannot
    /// be taken back: it ends by itself, and is not waited for.
    package func shutdown() async {
        let clients = others.withLock { Array($0.values) } + [pool]
        _ = await withDeadline(Self.longestClosing) { [logger] in
            for client in clients {
                do {
                    try await client.shutdown()
                } catch {
                    logger.debug("closing connections: \(error)")
                }
            }
        }
    }

    /// Requests sent so far, retries included.
    package var requestCount: Int { counts.withLock { $0.values.reduce(0, +) } }

    /// Requests sent so far to one server, given as `scheme://host:port`.
    package func requestCount(to server: String) -> Int { counts.withLock { $0[server, default: 0] } }

    func countRequest(to server: String) {
        counts.withLock { $0[server, default: 0] += 1 }
    }

    func limiter(for server: String) -> AdaptiveLimiter {
        limiters.withLock { limiters in
            if let limiter = limiters[server] { return limiter }
            let limiter = AdaptiveLimiter(
                maximum: settings.requestsPerServer, startsAlone: server.hasPrefix("https:"), elapsed: pacing.elapsed)
            limiters[server] = limiter
            return limiter
        }
    }

    private struct ClientKey: Hashable {
        /// Name that the certificate has to have, where it is told.
        let serverName: String?
        /// That name and the host to connect to, where they differ.
        let override: [String: String]
        let proxy: ProxySettings.Proxy?
    }

    /// The client for an endpoint: one whose certificate carries another name than its host needs a client of its own,
    /// which connects to the host and expects the name; so does one that is reached through a proxy.
    func client(for endpoint: HTTPEndpoint) -> HTTPClient {
        let proxy = proxy(for: endpoint)
        var override: [String: String] = [:]
        let name = endpoint.isPlain ? nil : endpoint.tls.serverName
        if let name, name != endpoint.host { override[name] = endpoint.host }
        guard proxy != nil || name != nil else { return pool }
        return others.withLock { others in
            let key = ClientKey(serverName: name, override: override, proxy: proxy)
            if let client = others[key] { return client }
            var configuration = Self.configuration(settings)
            configuration.dnsOverride = override
            configuration.proxy = proxy?.configuration
            if let name {
                let check: @Sendable (any Channel) -> EventLoopFuture<Void> = ServerName(name).check
                configuration.http1_1ConnectionDebugInitializer = check
                configuration.http2ConnectionDebugInitializer = check
            }
            let client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
            others[key] = client
            return client
        }
    }

    /// The proxy that an endpoint is reached through; `nil` = none.
    func proxy(for endpoint: HTTPEndpoint) -> ProxySettings.Proxy? {
        settings.proxies.proxy(forHost: endpoint.host, port: endpoint.port, isPlain: endpoint.isPlain)
    }

    /// Waits are bounded by each call, not by the connection.
    private static func configuration(_ settings: Settings) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .init(settings.connect)),
            ignoreUncleanSSLShutdown: true)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.requestsPerServer
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        self = .milliseconds(max(1, duration.wholeMilliseconds))
    }
}

/// How time passes between attempts and between polls.
package struct Pacing: Sendable {
    /// Time since some fixed moment.
    package let elapsed: @Sendable () -> Duration
    /// Waits; throws when the task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void
    /// A random number in 0...1, for jitter.
    package let random: @Sendable () -> Double

    package init(
        elapsed: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double
    ) {
        self.elapsed = elapsed
        self.sleep = sleep
        self.random = random
    }

    /// The machine's clock and real randomness.
    package static var realTime: Pacing {
        let start = ContinuousClock.now
        return Pacing(
            elapsed: { start.duration(to: .now) }, sleep: { try await Task.sleep(for: $0) },
            random: { Double.random(in: 0...1) })
    }
}
