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

/// A service of AWS that speaks JSON 1.1: one POST, the operation in a header.
struct AWSService: Sendable {
    let endpoint: HTTPEndpoint
    let region: String
    /// The service as host names and signatures have it: `secretsmanager`, `ssm`.
    let name: String
    /// What operations are called with in front: `secretsmanager`, `AmazonSSM`.
    let target: String
    let chain: AWSCredentialChain

    /// Waits between attempts while the service says that there are too many requests, in milliseconds.
    private static let patience = [100, 400, 1_600]
    /// Operations that change nothing.
    private static let reads: Set<String> = [
        "GetParameter", "GetParametersByPath", "DescribeSecret", "GetSecretValue",
    ]
    /// How services say so (Common Error Types, and those of Secrets Manager and Systems Manager).
    private static let throttled: Set<String> = [
        "ThrottlingException", "Throttling", "TooManyRequestsException", "TooManyUpdates", "RequestLimitExceeded",
    ]

    /// Calls an operation.
    ///
    /// - Parameter secrets: What stands in the body and in no message.
    /// - Throws: ``TransportFailure``; the code is the kind of error without its namespace. Where there are no
    ///   credentials, what is wrong with the place they were looked for.
    func call(
        _ operation: String, _ body: [String: JSONTree], hiding secrets: [Secret] = []
    ) async throws(TransportFailure) -> JSONTree {
        var waits = Self.patience[...]
        var hasRenewed = false
        while true {
            let credentials = try await chain.credentials()
            let signer = AWSSigner(region: region, service: name, credentials: credentials)
            do throws(TransportFailure) {
                return try await once(operation, body, secrets, at: endpoint.authorized(.signed(signer)))
            } catch {
                if error.code == "ExpiredTokenException", !hasRenewed {
                    hasRenewed = true
                    await chain.forget(credentials)
                    continue
                }
                guard error.code.map(Self.throttled.contains) ?? false, let wait = waits.popFirst() else { throw error }
                do { try await Task.sleep(for: .milliseconds(wait)) } catch {
                    throw endpoint.failure(.cancelled, HTTPCall(.post, "/"))
                }
            }
        }
    }

    private func once(
        _ operation: String, _ body: [String: JSONTree], _ secrets: [Secret], at endpoint: HTTPEndpoint
    ) async throws(TransportFailure) -> JSONTree {
        // Every write here names what it was made for, or sets a value: sent twice it has its effect once.
        var call = HTTPCall(.post, "/").repeatable().header("X-Amz-Target", "\(target).\(operation)")
        if Self.reads.contains(operation) { call.effect = .none }
        do {
            call = try call.json(body, mediaType: "application/x-amz-json-1.1")
        } catch {
            throw endpoint.failure(.malformed("the request has no JSON form"), call)
        }
        call.secrets = secrets
        call.holdsSecrets = true
        let reply = try await endpoint.send(call)
        if reply.body.isEmpty { return .null }
        do {
            return try JSONDecoder().decode(JSONTree.self, from: Data(reply.body))
        } catch {
            throw endpoint.failure(.malformed("it does not parse"), call)
        }
    }
}

extension TransportFailure {
    /// Whether AWS refused who asked: such answers have status 400 as often as 403.
    var isDenial: Bool {
        if case .denied = cause { return true }
        return [
            "AccessDeniedException", "AccessDenied", "UnrecognizedClientException", "InvalidSignatureException",
            "InvalidClientTokenId", "IncompleteSignature", "ExpiredTokenException", "ExpiredToken", "NotAuthorized",
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

extension Connections {
    /// A service of AWS.
    ///
    /// - Parameters:
    ///   - name: Connection.
    ///   - service: The service as host names and signatures have it: `secretsmanager`, `ssm`.
    ///   - target: What its operations are called with in front.
    func aws(_ name: String, service: String, target: String) async throws(StepFailure) -> AWSService {
        guard case .aws(let spec)? = specs[name]?.system else {
            throw StepFailure(.rejected, "there is no connection \(name) to AWS")
        }
        let region = try region(of: spec, name)
        func url(_ service: String) -> String {
            spec.endpoint ?? "https://\(service).\(region).amazonaws.com\(region.hasPrefix("cn-") ? ".cn" : "")"
        }
        let bundle = environment["AWS_CA_BUNDLE"].flatMap { $0.isEmpty ? nil : $0 }
        let tls = try await material(bundle.map { TLSSpec(ca: .file($0)) })
        let chain: AWSCredentialChain
        if let known = awsChains[name] {
            chain = known
        } else {
            chain = AWSCredentialChain(
                environment: environment, region: region, role: spec.roleARN, sts: try endpoint(url("sts"), tls: tls),
                transport: transport)
            awsChains[name] = chain
        }
        return AWSService(
            endpoint: try endpoint(url(service), tls: tls), region: region, name: service, target: target, chain: chain)
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
