import Crypto
import Domain
import TextForms
import Transport

/// Signature Version 4 of a request (AWS General Reference, *Signing AWS API requests*).
struct SignatureV4 {
    let credentials: AWSCredentials
    let region: String
    let service: String
    /// The moment of the signature: `20150830T123600Z`.
    let moment: String

    /// S3 takes paths as they are, `..` and all, and wants the hash of the body in a header.
    private var isS3: Bool { service == "s3" }

    /// Headers that sign a request: `X-Amz-Date`, `X-Amz-Security-Token` for temporary credentials,
    /// `X-Amz-Content-SHA256` for S3, `Authorization`.
    func headers(signing request: SignableRequest) -> [String: String] {
        var headers = ["X-Amz-Date": moment]
        let digest = Hexadecimal.text(SHA256.hash(data: request.body))
        if isS3 { headers["X-Amz-Content-SHA256"] = digest }
        credentials.sessionToken?.reveal { headers["X-Amz-Security-Token"] = $0 }
        let signed = request.headers + [("Host", request.host)] + headers.map { ($0.key, $0.value) }
        let canonical = Self.canonicalHeaders(signed)
        let names = canonical.map(\.name).joined(separator: ";")
        let text = [
            request.method, isS3 ? request.path : Self.canonicalPath(request.path), Self.canonicalQuery(request.query),
            canonical.map { "\($0.name):\($0.value)\n" }.joined(), names, digest,
        ].joined(separator: "\n")
        let toSign = [
            "AWS4-HMAC-SHA256", moment, scope, Hexadecimal.text(SHA256.hash(data: Array(text.utf8))),
        ].joined(separator: "\n")
        let signature = Hexadecimal.text(Self.code(toSign, key: signingKey))
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
        return "/" + segments.map { PercentEncoding.encoded(String($0)) }.joined(separator: "/") + (isFolder ? "/" : "")
    }

    private static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
        query.map { (PercentEncoding.encoded($0.name), PercentEncoding.encoded($0.value)) }.sorted { $0 < $1 }.map {
            "\($0.0)=\($0.1)"
        }
        .joined(separator: "&")
    }
}

/// What requests to AWS are signed with.
struct AWSCredentials: Sendable {
    /// Access key id; no secret, it stands in every signed request.
    let accessKey: String
    let secretKey: Secret
    /// Token of temporary credentials.
    var sessionToken: Secret?
    /// When temporary credentials end; `nil` = never.
    var end: Timestamp?
}
