import Domain
import Execution
import Planning
import Synchronization
import Transport

/// Steps on schema exporters.
struct ExporterSteps: Sendable {
    /// Status reads in a row that show a failure text before the step gives up: an exporter recovers by itself from
    /// what passes.
    private static let failuresTolerated = 10

    let context: StepContext

    func create(_ definition: ExporterDefinition) async throws(StepFailure) {
        let api = try await context.registry(definition.environment)
        let config = try await ExporterConnection(context: context).config(to: definition.destination)
        let result = await outcome {
            try await api.createExporter(definition, config: config.values, secrets: config.secrets)
        }
        if case .failure(let failure) = result {
            guard failure.code == "40960" || failure.saysAlreadyThere else { throw StepFailure(failure) }
            try await compare(definition, config.values["schema.registry.url"], api)
        }
        try await bring(definition.exporter, to: definition.paused ? .paused : .running, api)
    }

    func update(_ definition: ExporterDefinition) async throws(StepFailure) {
        let api = try await context.registry(definition.environment)
        let config = try await ExporterConnection(context: context).config(to: definition.destination)
        try await bring(definition.exporter, to: .paused, api)
        try await context.call {
            try await api.updateExporter(definition, config: config.values, secrets: config.secrets)
        }
        if !definition.paused { try await bring(definition.exporter, to: .running, api) }
    }

    func pause(_ name: String, in environment: String) async throws(StepFailure) {
        try await bring(name, to: .paused, try await context.registry(environment))
    }

    func resume(_ name: String, in environment: String) async throws(StepFailure) {
        try await bring(name, to: .running, try await context.registry(environment))
    }

    func delete(_ name: String, in environment: String) async throws(StepFailure) {
        let api = try await context.registry(environment)
        let paused = await outcome { try await api.pauseExporter(name) }
        if case .failure(let failure) = paused, failure.status != 404, failure.status != 409 {
            throw StepFailure(failure)
        }
        let deleted = await outcome { try await api.deleteExporter(name) }
        if case .failure(let failure) = deleted, failure.status != 404 { throw StepFailure(failure) }
        let poller = await context.pollers.exporter(name, api)
        try await context.wait(
            for: "exporter \(name) to be gone", in: poller, at: api.endpoint, atMost: context.transitionLimit
        ) { $0 == nil ? .reached(()) : .waiting("still there") }
    }

    // MARK: Parts

    private enum Goal: String {
        case running = "RUNNING"
        case paused = "PAUSED"
    }

    /// Pauses or resumes an exporter when it is not there yet, and waits.
    private func bring(_ name: String, to goal: Goal, _ api: SchemaRegistryAPI) async throws(StepFailure) {
        let read = await context.settle(while: { $0.status == 404 }) { try await api.exporterStatus(name) }
        let status = try await context.call { try read.get() }
        let isStarting = status.state == "STARTING"
        if status.state != goal.rawValue, !(goal == .running && isStarting) {
            let result = await outcome {
                switch goal {
                case .running: try await api.resumeExporter(name)
                case .paused: try await api.pauseExporter(name)
                }
            }
            if case .failure(let failure) = result, failure.status != 409 { throw StepFailure(failure) }
        }
        try await wait(for: goal, name, api)
    }

    private func wait(for goal: Goal, _ name: String, _ api: SchemaRegistryAPI) async throws(StepFailure) {
        let failures = Mutex(0)
        let tolerated = Self.failuresTolerated
        let poller = await context.pollers.exporter(name, api)
        try await context.wait(
            for: "exporter \(name) to be \(goal.rawValue)", in: poller, at: api.endpoint,
            atMost: context.transitionLimit
        ) { (status: ExporterStatusWire?) -> PollVerdict<Void> in
            guard let status else { return .failed("exporter \(name) is gone") }
            let state = status.state ?? "UNKNOWN"
            guard goal == .running, let trace = status.failure else {
                return state == goal.rawValue ? .reached(()) : .waiting(state)
            }
            let seen = failures.withLock { count in
                count += 1
                return count
            }
            return seen < tolerated ? .waiting("\(state): \(trace)") : .failed("exporter \(name): \(trace)")
        }
    }

    /// An exporter of that name that is there already, maybe from our own lost call, must be the one wanted.
    private func compare(
        _ definition: ExporterDefinition, _ url: String?, _ api: SchemaRegistryAPI
    ) async throws(StepFailure) {
        let name = definition.exporter
        let found = try await context.call { try await api.exporter(name) }
        let isSame =
            (found.contextType ?? "AUTO") == definition.contextType.rawValue
            && Set(found.subjects ?? []) == Set(definition.subjects)
            && found.config?["schema.registry.url"].map(Addresses.base) == url
        guard isSame else {
            throw StepFailure(
                .rejected, "exporter \(name) is there already with another definition", endpoint: api.endpoint.base)
        }
    }
}

/// The config with which an exporter reaches and signs in at its destination, from that environment's
/// `linkCredentials`.
struct ExporterConnection: Sendable {
    struct Config: Sendable {
        var values: [String: String]
        var secrets: [Secret] = []

        fileprivate mutating func set(_ name: String, _ secret: Secret) {
            secret.reveal { values[name] = $0 }
            secrets.append(secret)
        }
    }

    let context: StepContext

    func config(to destination: String) async throws(StepFailure) -> Config {
        guard let url = await context.directory.environment(destination)?.registryEndpoint else {
            throw StepFailure(.unreachable, "the registry endpoint of environment \(destination) is not known")
        }
        guard let credentials = context.workspace.environments[destination]?.schemaRegistry.linkCredentials else {
            throw StepFailure(.rejected, "environment \(destination) declares no schemaRegistry.linkCredentials")
        }
        var config = Config(values: ["schema.registry.url": url])
        switch credentials.signIn {
        case .apiKey(let user, let password), .username(let user, let password, _):
            let user = try await secret(user)
            let password = try await secret(password)
            config.values["basic.auth.credentials.source"] = "USER_INFO"
            config.secrets += [user, password]
            config.set("basic.auth.user.info", user.reveal { user in password.reveal { Secret("\(user):\($0)") } })
        case .oauth(let spec): try await oauth(spec, destination, into: &config)
        case .certificate: break
        }
        if let tls = credentials.tls { try await certificates(tls, into: &config) }
        return config
    }

    private func oauth(
        _ spec: OAuthSpec, _ destination: String, into config: inout Config
    ) async throws(StepFailure) {
        config.values["bearer.auth.credentials.source"] = "OAUTHBEARER"
        config.values["bearer.auth.issuer.endpoint.url"] = spec.tokenEndpoint
        config.values["bearer.auth.scope"] = spec.scope
        config.values["bearer.auth.identity.pool.id"] = spec.identityPool
        config.values["bearer.auth.logical.cluster"] = await context.directory.environment(destination)?.registryID
        config.set("bearer.auth.client.id", try await secret(spec.clientID))
        config.set("bearer.auth.client.secret", try await secret(spec.clientSecret))
    }

    private func certificates(_ tls: TLSSpec, into config: inout Config) async throws(StepFailure) {
        if let ca = tls.ca {
            config.values["schema.registry.ssl.truststore.type"] = "PEM"
            config.set("schema.registry.ssl.truststore.certificates", try await secret(ca))
        }
        guard let certificate = tls.certificate, let key = tls.key else { return }
        config.values["schema.registry.ssl.keystore.type"] = "PEM"
        config.set("schema.registry.ssl.keystore.certificate.chain", try await secret(certificate))
        config.set("schema.registry.ssl.keystore.key", try await secret(key))
    }

    private func secret(_ reference: SecretReference) async throws(StepFailure) -> Secret {
        try await context.call { try await context.endpoints.secret(reference, for: "schema exporter") }
    }
}
