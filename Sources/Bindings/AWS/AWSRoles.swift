import Domain
import FoundationEssentials
import Transport

/// Assumes roles at the Security Token Service.
struct AWSRoles: Sendable {
    let sts: HTTPEndpoint
    let region: String

    /// Assumes a role with the token of a web identity.
    func assume(
        _ role: String, by token: Secret, session: String?
    ) async throws(TransportFailure) -> AWSCredentials {
        try await assume(
            [
                "Action": "AssumeRoleWithWebIdentity", "RoleArn": role, "RoleSessionName": session ?? "spillway",
                "WebIdentityToken": token.reveal { $0 },
            ], role, with: nil, hiding: [token])
    }

    /// Assumes a role with credentials.
    func assume(
        _ role: String, with base: AWSCredentials, session: String?, externalID: String? = nil
    ) async throws(TransportFailure) -> AWSCredentials {
        var form = ["Action": "AssumeRole", "RoleArn": role, "RoleSessionName": session ?? "spillway"]
        form["ExternalId"] = externalID
        return try await assume(form, role, with: base, hiding: [])
    }

    private func assume(
        _ form: [String: String], _ role: String, with base: AWSCredentials?, hiding secrets: [Secret]
    ) async throws(TransportFailure) -> AWSCredentials {
        let items = form.merging(["Version": "2011-06-15"]) { $1 }.sorted { $0.key < $1.key }
            .reduce(RequestPath("")) { $0.querying($1.key, $1.value) }
        var call = HTTPCall(.post, "/").repeatable().having(.none)
        call.headers["Accept"] = "text/xml"
        call.body = .init(
            Array(items.description.dropFirst().utf8), mediaType: "application/x-www-form-urlencoded; charset=utf-8")
        call.secrets = secrets
        call.holdsSecrets = true
        var endpoint = sts
        if let base {
            endpoint = sts.authorized(.signed(AWSSigner(region: region, service: "sts", credentials: base)))
        }
        let reply: Reply
        do throws(TransportFailure) {
            reply = try await endpoint.send(call)
        } catch {
            throw error.assuming(role)
        }
        let text = String(decoding: reply.body, as: UTF8.self)
        guard let key = text.element("AccessKeyId"), let secret = text.element("SecretAccessKey"),
            let token = text.element("SessionToken")
        else { throw endpoint.failure(.malformed("STS gave no credentials"), call) }
        guard let end = text.element("Expiration").flatMap(Timestamp.init(rfc3339:)) else {
            throw endpoint.failure(.malformed("STS does not say when its credentials end"), call)
        }
        return AWSCredentials(accessKey: key, secretKey: Secret(secret), sessionToken: Secret(token), end: end)
    }
}

extension TransportFailure {
    /// The failure, with the role in its words. STS refuses with status 400 as well.
    fileprivate func assuming(_ role: String) -> TransportFailure {
        let words = "the role \(role) cannot be assumed: "
        let cause: Cause =
            switch cause {
            case .denied(let status, let code, let message):
                .denied(status: status, code: code, message: words + message)
            case .status(let status, let code, let message) where isDenial:
                .denied(status: status, code: code, message: words + message)
            case .status(let status, let code, let message):
                .status(status, code: code, message: words + message)
            case .unreachable(let reason): .unreachable(words + reason)
            case .timeout(let reason): .timeout(words + reason)
            case .interrupted(let reason): .interrupted(words + reason)
            default: cause
            }
        return TransportFailure(cause, endpoint: endpoint, call: call)
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
