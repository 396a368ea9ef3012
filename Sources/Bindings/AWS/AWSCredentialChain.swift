import Domain
import Execution
import FoundationEssentials
import Transport

/// Finds credentials where AWS's own tools find them, in their order: environment, web identity, profile of the shared
/// files, container, instance (AWS SDKs and Tools Reference Guide, *Standardized credential providers*); a role of the
/// connection is assumed with them. Temporary ones are kept until shortly before they end.
actor AWSCredentialChain {
    private let environment: [String: String]
    private let transport: HTTPTransport
    private let region: String
    private let role: String?
    private let sts: HTTPEndpoint
    private var current: Task<Result<AWSCredentials, UnresolvedSecret>, Never>?

    /// Seconds before their end in which credentials are not used any more.
    private static let margin: Double = 120
    private static let instance = "http://169.254.169.254"
    private static let container = "http://169.254.170.2"

    /// A chain.
    ///
    /// - Parameter sts: Where roles are assumed.
    init(
        environment: [String: String], region: String, role: String?, sts: HTTPEndpoint, transport: HTTPTransport
    ) {
        self.environment = environment
        self.region = region
        self.role = role
        self.sts = sts
        self.transport = transport
    }

    /// Credentials that are good for now; everybody who asks meanwhile waits for the same.
    func credentials() async throws(UnresolvedSecret) -> AWSCredentials {
        if let current, case .success(let held) = await current.value, held.isUseful { return held }
        if let current, case .failure = await current.value { self.current = nil }
        if let current, case .success(let held) = await current.value, !held.isUseful { self.current = nil }
        let task = current ?? Task { await find() }
        current = task
        return try await task.value.get()
    }

    /// Makes the next caller look for credentials anew.
    func forget() {
        current = nil
    }

    private func find() async -> Result<AWSCredentials, UnresolvedSecret> {
        do throws(StepFailure) {
            let base = try await base()
            guard let role else { return .success(base) }
            return .success(try await assume(role, with: base))
        } catch {
            return .failure(UnresolvedSecret(reference: .firstOf([]), reason: error.message))
        }
    }

    // MARK: The chain

    private func base() async throws(StepFailure) -> AWSCredentials {
        if let key = value("AWS_ACCESS_KEY_ID"), let secret = value("AWS_SECRET_ACCESS_KEY") {
            return AWSCredentials(
                accessKey: key, secretKey: Secret(secret), sessionToken: value("AWS_SESSION_TOKEN").map(Secret.init))
        }
        if let file = value("AWS_WEB_IDENTITY_TOKEN_FILE"), let role = value("AWS_ROLE_ARN") {
            return try await assume(role, byTokenIn: file, session: value("AWS_ROLE_SESSION_NAME"))
        }
        if let found = try await fromProfile(value("AWS_PROFILE") ?? "default") { return found }
        if let name = value("AWS_PROFILE") {
            throw StepFailure(.rejected, "the profile \(name) has no credentials in the shared files of AWS")
        }
        if let found = try await fromContainer() { return found }
        if let found = try await fromInstance() { return found }
        throw StepFailure(
            .rejected,
            "no AWS credentials were found: not in the environment, a web identity, the shared files, a container or an "
                + "instance")
    }

    private func value(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    // MARK: Shared files

    private func fromProfile(_ name: String) async throws(StepFailure) -> AWSCredentials? {
        var visited: Set<String> = []
        return try await fromProfile(name, files(), &visited)
    }

    private func fromProfile(
        _ name: String, _ files: AWSConfigFiles, _ visited: inout Set<String>
    ) async throws(StepFailure) -> AWSCredentials? {
        guard let profile = files.profile(name) else { return nil }
        guard visited.insert(name).inserted else {
            throw StepFailure(.rejected, "the AWS profile \(name) is its own source_profile")
        }
        if let role = profile["role_arn"] {
            if let file = profile["web_identity_token_file"] {
                return try await assume(role, byTokenIn: file, session: profile["role_session_name"])
            }
            guard let source = profile["source_profile"] else {
                throw StepFailure(.rejected, "the AWS profile \(name) has a role_arn without source_profile")
            }
            if source != name, let base = try await fromProfile(source, files, &visited) {
                return try await assume(role, with: base, externalID: profile["external_id"])
            }
            if source == name, let base = Self.fixed(profile) {
                return try await assume(role, with: base, externalID: profile["external_id"])
            }
            throw StepFailure(.rejected, "the source_profile \(source) of the AWS profile \(name) has no credentials")
        }
        if let fixed = Self.fixed(profile) { return fixed }
        for unsupported in ["credential_process", "sso_session", "sso_start_url"] where profile[unsupported] != nil {
            throw StepFailure(
                .rejected,
                "the AWS profile \(name) uses \(unsupported), which Spillway does not run; export credentials into the "
                    + "environment instead (aws configure export-credentials)")
        }
        return nil
    }

    private static func fixed(_ profile: [String: String]) -> AWSCredentials? {
        guard let key = profile["aws_access_key_id"], let secret = profile["aws_secret_access_key"] else { return nil }
        return AWSCredentials(
            accessKey: key, secretKey: Secret(secret), sessionToken: profile["aws_session_token"].map(Secret.init))
    }

    private func files() -> AWSConfigFiles { AWSConfigFiles(of: environment) }

    // MARK: Roles

    private func assume(
        _ role: String, byTokenIn file: String, session: String?
    ) async throws(StepFailure) -> AWSCredentials {
        guard case .success(let bytes) = SmallFile.read(file, limit: SecretReader.largestFile),
            let token = String(validating: bytes, as: UTF8.self)
        else { throw StepFailure(.rejected, "the web identity token \(file) cannot be read") }
        let secret = Secret(token.droppingOneTrailingNewline)
        return try await assume(
            [
                "Action": "AssumeRoleWithWebIdentity", "RoleArn": role, "RoleSessionName": session ?? "spillway",
                "WebIdentityToken": secret.reveal { $0 },
            ], with: nil, hiding: [secret])
    }

    private func assume(
        _ role: String, with base: AWSCredentials, externalID: String? = nil
    ) async throws(StepFailure) -> AWSCredentials {
        var form = [
            "Action": "AssumeRole", "RoleArn": role, "RoleSessionName": value("AWS_ROLE_SESSION_NAME") ?? "spillway",
        ]
        form["ExternalId"] = externalID
        return try await assume(form, with: base, hiding: [])
    }

    private func assume(
        _ form: [String: String], with base: AWSCredentials?, hiding secrets: [Secret]
    ) async throws(StepFailure) -> AWSCredentials {
        let items = form.merging(["Version": "2011-06-15"]) { $1 }.sorted { $0.key < $1.key }
            .reduce(RequestPath("")) { $0.querying($1.key, $1.value) }
        var call = HTTPCall(.post, "/").repeatable()
        call.headers["Accept"] = "text/xml"
        call.body = .init(
            Array(items.description.dropFirst().utf8), mediaType: "application/x-www-form-urlencoded; charset=utf-8")
        call.secrets = secrets
        var endpoint = sts
        if let base {
            endpoint = sts.authorized(.signed(AWSSigner(region: region, service: "sts", source: .fixed(base))))
        }
        let reply: Reply
        do throws(TransportFailure) {
            reply = try await endpoint.send(call)
        } catch {
            throw StepFailure(
                error.isDenial ? .denied : .unreachable,
                "the role \(form["RoleArn"] ?? "") cannot be assumed: \(error.reason)",
                endpoint: sts.base)
        }
        let text = String(decoding: reply.body, as: UTF8.self)
        guard let key = text.element("AccessKeyId"), let secret = text.element("SecretAccessKey"),
            let token = text.element("SessionToken")
        else { throw StepFailure(.broken, "STS answered without credentials", endpoint: sts.base) }
        return AWSCredentials(
            accessKey: key, secretKey: Secret(secret), sessionToken: Secret(token),
            end: text.element("Expiration").flatMap(Self.seconds))
    }

    // MARK: Containers and instances

    private struct Found: Decodable, Sendable {
        let key: String
        let secret: String
        let token: String?
        let end: String?

        enum CodingKeys: String, CodingKey {
            case key = "AccessKeyId"
            case secret = "SecretAccessKey"
            case token = "Token"
            case end = "Expiration"
        }

        var credentials: AWSCredentials {
            AWSCredentials(
                accessKey: key, secretKey: Secret(secret), sessionToken: token.map(Secret.init),
                end: end.flatMap(AWSCredentialChain.seconds))
        }
    }

    private func fromContainer() async throws(StepFailure) -> AWSCredentials? {
        let url: String
        if let relative = value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            url = Self.container + relative
        } else if let full = value("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            let isLocal = ["http://127.", "http://localhost", "http://[::1]", "http://169.254.170.23", "https://"]
                .contains(where: full.hasPrefix)
            guard isLocal else {
                throw StepFailure(.rejected, "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor this machine")
            }
            url = full
        } else {
            return nil
        }
        var token = value("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        if let file = value("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
            case .success(let bytes) = SmallFile.read(file, limit: SecretReader.largestFile)
        {
            token = String(decoding: bytes, as: UTF8.self).droppingOneTrailingNewline
        }
        guard let endpoint = HTTPEndpoint(url, transport: transport) else {
            throw StepFailure(.rejected, "the address of container credentials is no URL")
        }
        var call = HTTPCall(.get, "")
        if let token {
            call.headers["Authorization"] = token
            call.secrets = [Secret(token)]
        }
        do throws(TransportFailure) {
            return try await endpoint.send(call, as: Found.self).credentials
        } catch {
            throw StepFailure(error)
        }
    }

    /// Instance metadata, version 2. Silence means that this is no instance.
    private func fromInstance() async throws(StepFailure) -> AWSCredentials? {
        if value("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" { return nil }
        let base = value("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? Self.instance
        guard var endpoint = HTTPEndpoint(base, transport: transport) else { return nil }
        endpoint.overall = .seconds(1)
        endpoint.retries = .never
        do throws(TransportFailure) {
            let asked = HTTPCall(.put, "/latest/api/token").header("X-aws-ec2-metadata-token-ttl-seconds", "21600")
            let token = Secret(String(decoding: try await endpoint.send(asked).body, as: UTF8.self))
            func call(_ path: RequestPath) -> HTTPCall {
                var call = HTTPCall(.get, path)
                call.secrets = [token]
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
            case .unreachable, .timeout, .interrupted: return nil
            case .status(404, _, _): return nil
            default: throw StepFailure(error)
            }
        }
    }

    fileprivate static func seconds(_ text: String) -> Double? {
        (try? Date(text, strategy: .iso8601))?.timeIntervalSince1970
            ?? (try? Date(text, strategy: .iso8601.time(includingFractionalSeconds: true)))?.timeIntervalSince1970
    }
}

extension AWSCredentials {
    /// Whether they live long enough to sign a request.
    fileprivate var isUseful: Bool { end.map { $0 - Date().timeIntervalSince1970 > 120 } ?? true }
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

extension String {
    /// The text of the first element of a name, in the flat XML of STS.
    fileprivate func element(_ name: String) -> String? {
        guard let start = firstRange(of: "<\(name)>"),
            let end = self[start.upperBound...].firstRange(of: "</\(name)>")
        else { return nil }
        return String(self[start.upperBound..<end.lowerBound])
    }
}
