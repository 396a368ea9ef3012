import Crypto
import Domain
import Transport

/// Signature Version 4 of a request (AWS General Reference, *Signing AWS API requests*).
struct SignatureV4 {
    let credentials: AWSCredentials
    let region: String
    let service: String
    /// The moment of the signature: `20150830T123600Z`.
    let moment: String

    /// Headers that sign a request: `X-Amz-Date`, `X-Amz-Security-Token` for temporary credentials, `Authorization`.
    func headers(signing request: SignableRequest) -> [String: String] {
        var headers = ["X-Amz-Date": moment]
        credentials.sessionToken?.reveal { headers["X-Amz-Security-Token"] = $0 }
        let signed = request.headers + [("Host", request.host)] + headers.map { ($0.key, $0.value) }
        let canonical = Self.canonicalHeaders(signed)
        let names = canonical.map(\.name).joined(separator: ";")
        let text = [
            request.method, Self.canonicalPath(request.path), Self.canonicalQuery(request.query),
            canonical.map { "\($0.name):\($0.value)\n" }.joined(), names,
            Self.hexadecimal(SHA256.hash(data: request.body)),
        ].joined(separator: "\n")
        let toSign = [
            "AWS4-HMAC-SHA256", moment, scope, Self.hexadecimal(SHA256.hash(data: Array(text.utf8))),
        ].joined(separator: "\n")
        let signature = Self.hexadecimal(Self.code(toSign, key: signingKey))
        headers["Authorization"] =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
        return headers
    }

    private var day: String { String(moment.prefix(8)) }
    private var scope: String { "\(day)/\(region)/\(service)/aws4_request" }

    private var signingKey: SymmetricKey {
        let start = credentials.secretKey.reveal { SymmetricKey(data: Array("AWS4\($0)".utf8)) }
        return [day, region, service, "aws4_request"].reduce(start) { key, part in
            SymmetricKey(data: Self.code(part, key: key))
        }
    }

    private static func code(_ text: String, key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    }

    // MARK: Canonical forms

    /// Names in lower case and in order; of equal names the values in their order; runs of spaces as one.
    private static func canonicalHeaders(
        _ headers: [(name: String, value: String)]
    ) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in headers {
            values[name.lowercased(), default: []].append(
                value.split(whereSeparator: { $0 == " " || $0.isNewline }).joined(separator: " "))
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined(separator: ",")) }
    }

    /// The path without `.` and `..` and empty segments, every segment encoded once more (all services but S3).
    private static func canonicalPath(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        let isFolder = path.hasSuffix("/") && !segments.isEmpty
        return "/" + segments.map { encoded(String($0)) }.joined(separator: "/") + (isFolder ? "/" : "")
    }

    private static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
        query.map { (encoded($0.name), encoded($0.value)) }.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isUnreserved =
                byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5A || byte >= 0x61 && byte <= 0x7A
                || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
            return isUnreserved
                ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// What requests to AWS are signed with.
struct AWSCredentials: Sendable {
    /// Access key id; no secret, it stands in every signed request.
    let accessKey: String
    let secretKey: Secret
    /// Token of temporary credentials.
    var sessionToken: Secret?
    /// When temporary credentials end, in seconds since 1970; `nil` = never.
    var end: Double?
}
