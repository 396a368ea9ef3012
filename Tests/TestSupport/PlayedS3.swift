import Crypto
import Foundation
import Synchronization

/// One bucket as S3's API reference describes it, strict with signatures and conditions, and with the faults that no
/// server of tests shows. Roles can be assumed at it.
package final class PlayedS3: Sendable {
    /// An object as it is kept.
    package struct Object: Sendable {
        package var bytes: [UInt8]
        package var tag: String
        package var encryption: [String: String]
    }

    /// What happens to requests instead of what should.
    package struct Faults: Sendable {
        /// Conditions that are taken for any header, by lower-case name.
        package var ignored: Set<String> = []
        /// How many writes meet another one.
        package var conflicts = 0
        /// How many requests are too many.
        package var throttled = 0
        /// How many answers are lost behind their effect.
        package var lost = 0
        /// Whether nobody is let in any more when an answer was lost.
        package var endsCredentialsWhenLost = false
        /// Whether ETags are left out.
        package var hidesTags = false
        /// What every request is refused with.
        package var refusal: LocalServer.Answer?
        /// Access keys whose time is over.
        package var expired: Set<String> = []
    }

    /// What it knows.
    package struct State: Sendable {
        package var objects: [String: Object] = [:]
        package var faults = Faults()
        /// Secrets by access key.
        package var secrets = ["AKIDEXAMPLE": "wJalrXUtnFEMI/K7MDENG"]
        package var assumed = 0
    }

    /// Its only bucket.
    package static let bucket = "ledgers"
    private let state = Mutex(State())

    package init() {}

    /// Changes what it knows.
    package func change(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
    /// Tells what it knows.
    package func look<Value: Sendable>(_ look: (State) -> Value) -> Value { state.withLock { look($0) } }
    /// Objects by key, as text.
    package var texts: [String: String] { look { $0.objects.mapValues { String(decoding: $0.bytes, as: UTF8.self) } } }

    /// Answers a request; the script of a local server.
    package func answer(_ number: Int, _ seen: LocalServer.Seen) -> LocalServer.Answer? {
        state.withLock { state in
            if seen.method == "POST" { return Self.assume(&state) }
            if let refusal = Self.refusal(of: seen, &state) { return refusal }
            var answer = Self.perform(seen, &state)
            if state.faults.hidesTags { answer.headers["ETag"] = nil }
            if state.faults.lost > 0 {
                state.faults.lost -= 1
                if state.faults.endsCredentialsWhenLost { state.secrets = [:] }
                answer.breaksOff = true
                if answer.status >= 400 { answer.bytes = [] }
            }
            return answer
        }
    }

    private static func refusal(of seen: LocalServer.Seen, _ state: inout State) -> LocalServer.Answer? {
        if let refusal = state.faults.refusal { return refusal }
        if state.faults.throttled > 0 {
            state.faults.throttled -= 1
            return error(503, "SlowDown")
        }
        let signature = SeenSignature(seen)
        guard let signature, let secret = state.secrets[signature.accessKey] else {
            return error(403, "InvalidAccessKeyId")
        }
        if state.faults.expired.contains(signature.accessKey) { return error(400, "ExpiredToken") }
        guard signature.isRight(secret) else { return error(403, "SignatureDoesNotMatch") }
        return signature.bucket == bucket ? nil : error(404, "NoSuchBucket")
    }

    private static func perform(_ seen: LocalServer.Seen, _ state: inout State) -> LocalServer.Answer {
        let key = SeenSignature(seen)?.key ?? ""
        let object = state.objects[key]
        switch seen.method {
        case "GET":
            guard let object else { return error(404, "NoSuchKey") }
            return .init(headers: ["ETag": object.tag], bytes: object.bytes)
        case "DELETE":
            state.objects[key] = nil
            return .init(status: 204, bytes: [])
        case "PUT":
            if state.faults.conflicts > 0 {
                state.faults.conflicts -= 1
                return error(409, "ConditionalRequestConflict")
            }
            func condition(_ name: String) -> String? { state.faults.ignored.contains(name) ? nil : seen.headers[name] }
            if condition("if-none-match") == "*", object != nil { return error(412, "PreconditionFailed") }
            if let wanted = condition("if-match") {
                guard let object else { return error(404, "NoSuchKey") }
                guard object.tag == wanted else { return error(412, "PreconditionFailed") }
            }
            let tag = "\"\(Insecure.MD5.hash(data: seen.bytes).map { String(format: "%02x", $0) }.joined())\""
            state.objects[key] = Object(
                bytes: seen.bytes, tag: tag,
                encryption: seen.headers.filter { $0.key.hasPrefix("x-amz-server-side-encryption") })
            return .init(headers: ["ETag": tag], bytes: [])
        default: return error(405, "MethodNotAllowed")
        }
    }

    /// Credentials of a role: another access key each time.
    private static func assume(_ state: inout State) -> LocalServer.Answer {
        state.assumed += 1
        let (key, secret) = ("ASIA\(state.assumed)", "secret of ASIA\(state.assumed)")
        state.secrets[key] = secret
        return .init(
            headers: ["content-type": "text/xml"],
            body: """
                <AssumeRoleResponse><Credentials><AccessKeyId>\(key)</AccessKeyId>\
                <SecretAccessKey>\(secret)</SecretAccessKey><SessionToken>token of \(key)</SessionToken>\
                <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResponse>
                """)
    }

    /// A refusal as S3 words it.
    package static func error(_ status: Int, _ code: String, _ message: String = "refused") -> LocalServer.Answer {
        .init(
            status: status, headers: ["content-type": "application/xml"],
            body: """
                <?xml version="1.0" encoding="UTF-8"?>
                <Error><Code>\(code)</Code><Message>\(message)</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>
                """)
    }
}

/// The signature of a request, read as S3 reads it (Amazon S3 API Reference, *Signature Calculations for the
/// Authorization Header*).
private struct SeenSignature {
    let accessKey: String
    let bucket: String
    let key: String
    private let seen: LocalServer.Seen
    private let scope: [String]
    private let signed: [String]
    private let signature: String

    init?(_ seen: LocalServer.Seen) {
        let form = /AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})/
        guard let match = seen.headers["authorization"]?.wholeMatch(of: form) else { return nil }
        let credential = match.1.split(separator: "/").map(String.init)
        guard let first = credential.first, credential.count == 5 else { return nil }
        let parts = seen.target.dropFirst().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            .map { String($0).removingPercentEncoding ?? "" }
        accessKey = first
        bucket = parts.first ?? ""
        key = parts.count == 2 ? parts.last ?? "" : ""
        self.seen = seen
        scope = Array(credential.dropFirst())
        signed = match.2.split(separator: ";").map(String.init)
        signature = String(match.3)
    }

    /// Whether the request is what was signed, with everything that decides what it does.
    func isRight(_ secret: String) -> Bool {
        let digest = hexadecimal(SHA256.hash(data: seen.bytes))
        let moment = seen.headers["x-amz-date"] ?? ""
        let mustBeSigned = seen.headers.keys.filter {
            $0 == "host" || $0 == "content-type" || $0.hasPrefix("if-") || $0.hasPrefix("x-amz-")
        }
        guard seen.headers["x-amz-content-sha256"] == digest, signed == signed.sorted(),
            Set(signed).isSuperset(of: mustBeSigned), scope.first == String(moment.prefix(8)), scope[2] == "s3"
        else { return false }
        let path = seen.target.split(separator: "?", maxSplits: 1).first.map(String.init) ?? ""
        var request = "\(seen.method)\n\(path)\n\n"
        for name in signed { request += "\(name):\(seen.headers[name] ?? "")\n" }
        request += "\n\(signed.joined(separator: ";"))\n\(digest)"
        let text =
            "AWS4-HMAC-SHA256\n\(moment)\n\(scope.joined(separator: "/"))\n"
            + hexadecimal(SHA256.hash(data: Data(request.utf8)))
        var key = SymmetricKey(data: Data("AWS4\(secret)".utf8))
        for part in scope {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: key))
        }
        return hexadecimal(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)) == signature
    }

    private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }
}
