import Domain
import Execution
import FoundationEssentials
import Transport

/// Finds credentials where AWS's own tools find them, in their order: environment, web identity, profile of the shared
/// files, container, instance (AWS SDKs and Tools Reference Guide, *Standardized credential providers*); a role of the
/// connection is assumed with them. Temporary ones are kept until shortly before they end.
actor AWSCredentialChain {
    private enum Standing {
        case searching(Task<Result<AWSCredentials, TransportFailure>, Never>)
        case held(AWSCredentials)
        case unknown
    }

    private let environment: [String: String]
    private let transport: HTTPTransport
    private let role: String?
    private let roles: AWSRoles
    private var standing = Standing.unknown

    private static let instance = "http://169.254.169.254"
    private static let container = "http://169.254.170.2"
    /// Hosts that credentials are fetched from without TLS: this machine, and the agents of ECS and EKS (AWS SDKs and
    /// Tools Reference Guide, *Container credential provider*).
    private static let plainHosts: Set<String> = [
        "localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23",
    ]

    /// A chain.
    ///
    /// - Parameter sts: Where roles are assumed.
    init(
        environment: [String: String], region: String, role: String?, sts: HTTPEndpoint, transport: HTTPTransport
    ) {
        self.environment = environment
        self.role = role
        roles = AWSRoles(sts: sts, region: region)
        self.transport = transport
    }

    /// Credentials that are good for now; everybody who asks meanwhile waits for the same.
    ///
    /// - Throws: ``TransportFailure``: without credentials, with what is wrong with the places that were searched; else
    ///   as STS, a container or an instance failed.
    func credentials() async throws(TransportFailure) -> AWSCredentials {
        switch standing {
        case .held(let held) where held.isUseful: return held
        case .searching(let search): return try await search.value.get()
        case .held, .unknown:
            let search = Task { await find() }
            standing = .searching(search)
            let found = await search.value
            if case .success(let held) = found { transport.secrets.learn(held.secrets) }
            standing = if case .success(let held) = found { .held(held) } else { .unknown }
            return try found.get()
        }
    }

    /// Makes the next caller look for credentials anew, if nobody has since these were refused.
    func forget(_ refused: AWSCredentials) {
        guard case .held(let held) = standing, held.accessKey == refused.accessKey,
            held.secretKey.isSame(as: refused.secretKey)
        else { return }
        standing = .unknown
    }

    private func find() async -> Result<AWSCredentials, TransportFailure> {
        do throws(TransportFailure) {
            let base = try await base()
            guard let role else { return .success(base) }
            return .success(try await roles.assume(role, with: base, session: session))
        } catch {
            return .failure(error)
        }
    }

    // MARK: The chain

    private func base() async throws(TransportFailure) -> AWSCredentials {
        if let found = fromEnvironment() { return found }
        if let file = value("AWS_WEB_IDENTITY_TOKEN_FILE"), let role = value("AWS_ROLE_ARN") {
            return try await assume(role, byTokenIn: file, session: session)
        }
        if let found = try await fromProfile() { return found }
        if let found = try await fromContainer() { return found }
        if let found = try await fromInstance() { return found }
        throw missing(
            "no AWS credentials were found: not in the environment, a web identity, the shared files, a container or an "
                + "instance")
    }

    private func fromEnvironment() -> AWSCredentials? {
        guard let key = value("AWS_ACCESS_KEY_ID"), let secret = value("AWS_SECRET_ACCESS_KEY") else { return nil }
        return AWSCredentials(
            accessKey: key, secretKey: Secret(secret), sessionToken: value("AWS_SESSION_TOKEN").map(Secret.init))
    }

    private func value(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func missing(_ reason: String) -> TransportFailure {
        let unresolved = UnresolvedSecret(reference: .firstOf([]), reason: reason)
        return TransportFailure(.withoutCredentials(unresolved), endpoint: roles.sts.base, call: "credentials of AWS")
    }

    private func text(of file: String, _ what: String) throws(TransportFailure) -> String {
        guard case .success(let bytes) = SmallFile.read(file, limit: SecretReader.largestFile),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw missing("\(what) \(file) cannot be read") }
        return text.droppingOneTrailingNewline
    }

    // MARK: Shared files

    private func fromProfile() async throws(TransportFailure) -> AWSCredentials? {
        let files = AWSConfigFiles(of: environment)
        let name = value("AWS_PROFILE")
        if let name, files.profile(name) == nil {
            throw missing("no profile \(name) is in the shared files of AWS, which AWS_PROFILE names")
        }
        var visited: Set<String> = []
        return try await fromProfile(name ?? "default", files, &visited)
    }

    private func fromProfile(
        _ name: String, _ files: AWSConfigFiles, _ visited: inout Set<String>
    ) async throws(TransportFailure) -> AWSCredentials? {
        guard let profile = files.profile(name) else { return nil }
        guard visited.insert(name).inserted else {
            throw missing("the AWS profile \(name) is its own source_profile")
        }
        if let role = profile["role_arn"] {
            if let file = profile["web_identity_token_file"] {
                return try await assume(role, byTokenIn: file, session: profile["role_session_name"])
            }
            let base = try await source(of: profile, name, files, &visited)
            return try await roles.assume(role, with: base, session: session, externalID: profile["external_id"])
        }
        if let fixed = Self.fixed(profile) { return fixed }
        for unsupported in ["credential_process", "sso_session", "sso_start_url"] where profile[unsupported] != nil {
            throw missing(
                "the AWS profile \(name) uses \(unsupported), which Spillway does not run; export credentials into the "
                    + "environment instead (aws configure export-credentials)")
        }
        return nil
    }

    /// What the role of a profile is assumed with.
    private func source(
        of profile: [String: String], _ name: String, _ files: AWSConfigFiles, _ visited: inout Set<String>
    ) async throws(TransportFailure) -> AWSCredentials {
        let found: AWSCredentials?
        switch (profile["source_profile"], profile["credential_source"]) {
        case (let source?, _) where source == name: found = Self.fixed(profile)
        case (let source?, _): found = try await fromProfile(source, files, &visited)
        case (nil, "Environment"): found = fromEnvironment()
        case (nil, "EcsContainer"): found = try await fromContainer()
        case (nil, "Ec2InstanceMetadata"): found = try await fromInstance()
        case (nil, let source?):
            throw missing(
                "the AWS profile \(name) has the credential_source \(source); known are Environment, EcsContainer and "
                    + "Ec2InstanceMetadata")
        case (nil, nil):
            throw missing("the AWS profile \(name) has a role_arn without source_profile or credential_source")
        }
        guard let found else {
            let source = profile["source_profile"] ?? profile["credential_source"] ?? ""
            throw missing("the source \(source) of the AWS profile \(name) has no credentials")
        }
        return found
    }

    private static func fixed(_ profile: [String: String]) -> AWSCredentials? {
        guard let key = profile["aws_access_key_id"], let secret = profile["aws_secret_access_key"] else { return nil }
        return AWSCredentials(
            accessKey: key, secretKey: Secret(secret), sessionToken: profile["aws_session_token"].map(Secret.init))
    }

    private var session: String? { value("AWS_ROLE_SESSION_NAME") }

    private func assume(
        _ role: String, byTokenIn file: String, session: String?
    ) async throws(TransportFailure) -> AWSCredentials {
        try await roles.assume(role, by: Secret(try text(of: file, "the web identity token")), session: session)
    }

    // MARK: Containers and instances

    private struct Found: Decodable, Sendable {
        let key: String
        let secret: String
        let token: String?
        let end: Timestamp?

        enum CodingKeys: String, CodingKey {
            case key = "AccessKeyId"
            case secret = "SecretAccessKey"
            case token = "Token"
            case end = "Expiration"
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            key = try fields.decode(String.self, forKey: .key)
            secret = try fields.decode(String.self, forKey: .secret)
            token = try fields.decodeIfPresent(String.self, forKey: .token)
            end = try fields.decodeIfPresent(String.self, forKey: .end).map { text in
                guard let end = Timestamp(rfc3339: text) else {
                    throw DecodingError.dataCorruptedError(
                        forKey: .end, in: fields, debugDescription: "it is no time as AWS writes it")
                }
                return end
            }
        }

        var credentials: AWSCredentials {
            AWSCredentials(
                accessKey: key, secretKey: Secret(secret), sessionToken: token.map(Secret.init), end: end)
        }
    }

    private func fromContainer() async throws(TransportFailure) -> AWSCredentials? {
        let url: String
        if let relative = value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            guard relative.hasPrefix("/") else {
                throw missing("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with /")
            }
            url = Self.container + relative
        } else if let full = value("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            url = full
        } else {
            return nil
        }
        guard let endpoint = HTTPEndpoint(url, transport: transport) else {
            throw missing("the address of container credentials is no URL")
        }
        let isLoopback = endpoint.host.hasPrefix("127.") && endpoint.host.allSatisfy { $0.isNumber || $0 == "." }
        guard endpoint.base.hasPrefix("https://") || isLoopback || Self.plainHosts.contains(endpoint.host) else {
            throw missing("AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor this machine")
        }
        var token = value("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        if let file = value("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            token = try text(of: file, "the token for container credentials")
        }
        var call = HTTPCall(.get, "")
        call.holdsSecrets = true
        if let token {
            call.headers["Authorization"] = token
            call.secrets = [Secret(token)]
        }
        return try await endpoint.send(call, as: Found.self).credentials
    }

    /// Instance metadata, version 2. Silence means that this is no instance.
    private func fromInstance() async throws(TransportFailure) -> AWSCredentials? {
        if value("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" { return nil }
        let base = value("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? Self.instance
        guard var endpoint = HTTPEndpoint(base, transport: transport) else { return nil }
        let seconds = value("AWS_METADATA_SERVICE_TIMEOUT").flatMap(Double.init) ?? 1
        endpoint.request = .seconds(seconds > 0 ? min(seconds, 60) : 1)
        endpoint.retries = .never
        do throws(TransportFailure) {
            var asked = HTTPCall(.put, "/latest/api/token").having(.none)
                .header("X-aws-ec2-metadata-token-ttl-seconds", "21600")
            asked.holdsSecrets = true
            let token = Secret(String(decoding: try await endpoint.send(asked).body, as: UTF8.self))
            func call(_ path: RequestPath) -> HTTPCall {
                var call = HTTPCall(.get, path)
                call.secrets = [token]
                call.holdsSecrets = true
                token.reveal { call.headers["X-aws-ec2-metadata-token"] = $0 }
                return call
            }
            let list = try await endpoint.send(call("/latest/meta-data/iam/security-credentials/"))
            guard let role = String(decoding: list.body, as: UTF8.self).split(whereSeparator: \.isNewline).first else {
                return nil
            }
            let path = RequestPath("/latest/meta-data/iam/security-credentials").appending(String(role))
            return try await endpoint.send(call(path), as: Found.self).credentials
        } catch {
            switch error.cause {
            case .unreachable, .timeout, .interrupted, .status(404, _, _): return nil
            default: throw error
            }
        }
    }
}

extension AWSCredentials {
    /// What must not be told of them.
    var secrets: [Secret] { [secretKey, sessionToken].compactMap(\.self) }

    /// Whether they live long enough to sign a request.
    fileprivate var isUseful: Bool { end.map { $0.since(.now) > .seconds(120) } ?? true }
}

extension AWSConfigFiles {
    /// The files that an environment names, or those of the user.
    init(of environment: [String: String]) {
        func text(_ variable: String, _ standard: String) -> String? {
            let path = environment[variable] ?? environment["HOME"].map { "\($0)/.aws/\(standard)" }
            guard let path, case .success(let bytes) = SmallFile.read(path, limit: SecretReader.largestFile) else {
                return nil
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        self.init(
            config: text("AWS_CONFIG_FILE", "config"), credentials: text("AWS_SHARED_CREDENTIALS_FILE", "credentials"))
    }
}
