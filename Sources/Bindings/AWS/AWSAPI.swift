import Domain
import Execution
import FoundationEssentials
import TextForms
import Transport

/// Signs requests to one service.
struct AWSSigner: RequestSigner {
    let region: String
    let service: String
    let credentials: AWSCredentials

    var secrets: [Secret] { credentials.secrets }

    func headers(signing request: SignableRequest) -> [String: String] {
        let moment = Timestamp.now.rfc3339InSeconds.filter { !"-:".contains($0) }
        return SignatureV4(credentials: credentials, region: region, service: service, moment: moment)
            .headers(signing: request)
    }
}

/// Sends calls to one service of AWS, signed with credentials that are good for now.
struct AWSSender: Sendable {
    let endpoint: HTTPEndpoint
    let region: String
    /// The service as host names and signatures have it: `secretsmanager`, `ssm`, `s3`.
    let service: String
    let chain: AWSCredentialChain

    /// Waits between attempts while the service says that there are too many requests, in milliseconds.
    private static let patience = [100, 400, 1_600]
    /// How services say so (Common Error Types, and those of Secrets Manager and Systems Manager). Those that say it
    /// with status 429 or 503 were asked again when this is looked at.
    private static let throttled: Set<String> = [
        "ThrottlingException", "Throttling", "TooManyRequestsException", "TooManyUpdates", "RequestLimitExceeded",
    ]
    private static let expired: Set<String> = ["ExpiredTokenException", "ExpiredToken", "TokenRefreshRequired"]

    /// Sends a call that has its effect once when it is sent twice.
    ///
    /// - Throws: ``TransportFailure``. Where there are no credentials, what is wrong with the place they were looked for.
    func send(_ call: HTTPCall) async throws(TransportFailure) -> Reply {
        var waits = Self.patience[...]
        var hasRenewed = false
        while true {
            let credentials = try await chain.credentials()
            let signer = AWSSigner(region: region, service: service, credentials: credentials)
            do throws(TransportFailure) {
                return try await endpoint.authorized(.signed(signer)).send(call)
            } catch {
                if error.code.map(Self.expired.contains) ?? false, !hasRenewed {
                    hasRenewed = true
                    await chain.forget(credentials)
                    continue
                }
                guard error.code.map(Self.throttled.contains) ?? false, let wait = waits.popFirst() else { throw error }
                try await pause(.milliseconds(wait), before: call)
            }
        }
    }

    /// Waits before a call is sent again.
    func pause(_ wait: Duration, before call: HTTPCall) async throws(TransportFailure) {
        do { try await Task.sleep(for: wait) } catch { throw endpoint.failure(.cancelled, call) }
    }
}

/// A service of AWS that speaks JSON 1.1: one POST, the operation in a header.
struct AWSService: Sendable {
    let sender: AWSSender
    /// What operations are called with in front: `secretsmanager`, `AmazonSSM`.
    let target: String

    /// Operations that change nothing.
    private static let reads: Set<String> = [
        "GetParameter", "GetParametersByPath", "DescribeSecret", "GetSecretValue",
    ]

    /// Calls an operation.
    ///
    /// - Parameter secrets: What stands in the body and in no message.
    /// - Throws: ``TransportFailure``; the code is the kind of error without its namespace. Where there are no
    ///   credentials, what is wrong with the place they were looked for.
    func call(
        _ operation: String, _ body: [String: JSONTree], hiding secrets: [Secret] = []
    ) async throws(TransportFailure) -> JSONTree {
        // Every write here names what it was made for, or sets a value: sent twice it has its effect once.
        var call = HTTPCall(.post, "/").repeatable().header("X-Amz-Target", "\(target).\(operation)")
        if Self.reads.contains(operation) { call.effect = .none }
        do {
            call = try call.json(body, mediaType: "application/x-amz-json-1.1")
        } catch {
            throw sender.endpoint.failure(.malformed("the request has no JSON form"), call)
        }
        call.secrets = secrets
        call.holdsSecrets = true
        let reply = try await sender.send(call)
        if reply.body.isEmpty { return .null }
        do {
            return try JSONDecoder().decode(JSONTree.self, from: Data(reply.body))
        } catch {
            throw sender.endpoint.failure(.malformed("it does not parse"), call)
        }
    }
}

extension TransportFailure {
    /// Whether AWS refused who asked: such answers have status 400 as often as 403.
    var isDenial: Bool {
        if case .denied = cause { return true }
        return [
            "AccessDeniedException", "AccessDenied", "UnrecognizedClientException", "InvalidSignatureException",
            "InvalidClientTokenId", "InvalidToken", "TokenRefreshRequired", "IncompleteSignature",
            "ExpiredTokenException", "ExpiredToken", "NotAuthorized",
            "SignatureDoesNotMatch", "MissingAuthenticationToken", "OptInRequired", "InvalidIdentityToken",
            "IDPRejectedClaim",
        ].contains(code)
    }

    /// What it means for a step that publishes to AWS.
    var awsFailure: StepFailure {
        isDenial ? StepFailure(.denied, reason, endpoint: endpoint) : StepFailure(self)
    }
}

extension JSONTree {
    subscript(name: String) -> JSONTree {
        if case .object(let members) = self { members[name] ?? .null } else { .null }
    }

    var string: String? { if case .text(let text) = self { text } else { nil } }
    var items: [JSONTree] { if case .list(let items) = self { items } else { [] } }
    var integer: Int64? { if case .int(let number) = self { number } else { nil } }
}

/// What all calls through one connection to AWS share.
struct AWSAccess: Sendable {
    let spec: AWSSpec
    var region: String
    let tls: TLSMaterial
    let chain: AWSCredentialChain

    /// Where the names of AWS's hosts end.
    static func domain(of region: String) -> String { "\(region).amazonaws.com\(region.hasPrefix("cn-") ? ".cn" : "")" }

    func sender(_ service: String, at endpoint: HTTPEndpoint) -> AWSSender {
        AWSSender(endpoint: endpoint, region: region, service: service, chain: chain)
    }
}

extension Connections {
    /// A service of AWS.
    ///
    /// - Parameters:
    ///   - name: Connection.
    ///   - service: The service as host names and signatures have it: `secretsmanager`, `ssm`.
    ///   - target: What its operations are called with in front.
    func aws(_ name: String, service: String, target: String) async throws(StepFailure) -> AWSService {
        let access = try await awsAccess(name)
        let endpoint = try endpoint(
            access.spec.endpoint ?? "https://\(service).\(AWSAccess.domain(of: access.region))", tls: access.tls)
        return AWSService(sender: access.sender(service, at: endpoint), target: target)
    }

    func awsAccess(_ name: String) async throws(StepFailure) -> AWSAccess {
        guard case .aws(let spec)? = specs[name]?.system else {
            throw StepFailure(.rejected, "there is no connection \(name) to AWS")
        }
        let region = try region(of: spec, name)
        let bundle = environment["AWS_CA_BUNDLE"].flatMap { $0.isEmpty ? nil : $0 }
        let tls = try await material(spec.tls ?? bundle.map { TLSSpec(ca: .file($0)) })
        let chain: AWSCredentialChain
        if let known = awsChains[name] {
            chain = known
        } else {
            let sts = try endpoint(spec.endpoint ?? "https://sts.\(AWSAccess.domain(of: region))", tls: tls)
            chain = AWSCredentialChain(
                environment: environment, region: region, role: spec.roleARN, sts: sts, transport: transport)
            awsChains[name] = chain
        }
        return AWSAccess(spec: spec, region: region, tls: tls, chain: chain)
    }

    private func region(of spec: AWSSpec, _ name: String) throws(StepFailure) -> String {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let profile = AWSConfigFiles(of: environment).profile(variable("AWS_PROFILE") ?? "default")
        let region = spec.region ?? variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? profile?["region"]
        guard let region, !region.isEmpty else {
            throw StepFailure(
                .rejected, "connection \(name) names no AWS region; set `aws.region` or AWS_REGION")
        }
        return region
    }
}
