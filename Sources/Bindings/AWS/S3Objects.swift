import Domain
package import Execution
import Transport

/// Shared objects under a key of a bucket, an object each, in any service that speaks S3. A version is the ETag.
struct S3Objects: SharedObjects {
    let sender: AWSSender
    let bucket: String
    let key: String
    /// The path of the bucket at the endpoint.
    let path: RequestPath
    let encryption: S3Encryption

    /// Waits between attempts of writes that met another one (Amazon S3 User Guide, *Conditional writes*: such a write
    /// should be tried again).
    private static let patience: [Duration] = [.milliseconds(100), .milliseconds(400), .milliseconds(1_600)]
    private static let conflicts: Set<String> = ["ConditionalRequestConflict", "OperationAborted"]
    /// An ETag that no object has.
    private static let nobodys = SharedObject.Version("\"00000000000000000000000000000000\"")

    var location: String { key.isEmpty ? "s3:\(bucket)" : "s3:\(bucket)/\(key)" }
    /// One request of moderate size; S3 itself takes more.
    let largestObject = 4 << 20

    func read(_ name: SharedObjectName) async throws(StepFailure) -> SharedObject? {
        let call = HTTPCall(.get, path(of: name))
        let reply: Reply
        do throws(TransportFailure) {
            reply = try await sender.send(call)
        } catch {
            if error.status == 404, error.code == "NoSuchKey" { return nil }
            throw failure(error, of: call)
        }
        return SharedObject(bytes: reply.body, version: try version(in: reply.head, of: call))
    }

    func write(
        _ bytes: [UInt8], to name: SharedObjectName, over seen: SharedObject.Seen
    ) async throws(StepFailure) -> SharedObject.Version? {
        var call = HTTPCall(.put, path(of: name))
        call.ignoresBody = true
        call.body = .init(bytes, mediaType: "application/octet-stream")
        call.headers = encryption.headers
        switch seen {
        case .absent: call.headers["If-None-Match"] = "*"
        case .version(let version): call.headers["If-Match"] = version.text
        }
        let put = call
        return try await Deeds.recorded { () async throws(StepFailure) in try await send(put) }
    }

    func remove(_ name: SharedObjectName) async throws(StepFailure) {
        var delete = HTTPCall(.delete, path(of: name))
        delete.ignoresBody = true
        let call = delete
        try await Deeds.recorded { () async throws(StepFailure) in
            do throws(TransportFailure) {
                _ = try await sender.send(call)
            } catch {
                if error.status == 404, error.code == "NoSuchKey" { return }
                throw failure(error, of: call)
            }
        }
    }

    func proveConditions(on name: SharedObjectName, holding object: SharedObject) async throws(StepFailure) {
        for (header, seen) in [
            ("If-None-Match", SharedObject.Seen.absent), ("If-Match", .version(Self.nobodys)),
        ] {
            guard try await write(object.bytes, to: name, over: seen) == nil else {
                throw StepFailure(
                    .rejected,
                    "this S3 service ignores \(header): two runs could overwrite each other's state; use one with "
                        + "conditional writes", endpoint: sender.endpoint.base)
            }
        }
    }

    // MARK: Calls

    private func path(of name: SharedObjectName) -> RequestPath {
        let whole = key.isEmpty ? name.description : "\(key)/\(name)"
        return whole.split(separator: "/", omittingEmptySubsequences: false).reduce(path) { $0.appending(String($1)) }
    }

    /// Sends a write with its condition; `nil` when the condition was not met.
    private func send(_ call: HTTPCall) async throws(StepFailure) -> SharedObject.Version? {
        var waits = Self.patience[...]
        while true {
            let reply: Reply
            do throws(TransportFailure) {
                reply = try await sender.send(call)
            } catch {
                let isConflict = error.status == 409 && error.code.map(Self.conflicts.contains) ?? false
                if isConflict, let wait = waits.popFirst() {
                    do throws(TransportFailure) { try await sender.pause(wait, before: call) } catch {
                        throw StepFailure(error)
                    }
                    continue
                }
                guard error.status == 412 || isConflict || isGone(error, call) else { throw failure(error, of: call) }
                return nil
            }
            return try version(in: reply.head, of: call)
        }
    }

    /// Whether an object that was to be written over is not there any more.
    private func isGone(_ refusal: TransportFailure, _ call: HTTPCall) -> Bool {
        refusal.status == 404 && refusal.code != "NoSuchBucket" && call.headers["If-Match"] != nil
    }

    private func version(in head: ReplyHead, of call: HTTPCall) throws(StepFailure) -> SharedObject.Version {
        guard let tag = head.headers["etag"], !tag.isEmpty else {
            throw StepFailure(
                .broken, "\(call.method.rawValue) \(call.path): answered without an ETag",
                endpoint: sender.endpoint.base)
        }
        return .init(tag)
    }

    private func failure(_ error: TransportFailure, of call: HTTPCall) -> StepFailure {
        switch error.code {
        case "NoSuchBucket":
            return StepFailure(
                .rejected, "there is no bucket \(bucket) at \(sender.endpoint.base)", endpoint: error.endpoint)
        case "NotImplemented":
            return StepFailure(
                .rejected, "\(error); state needs an S3 service with conditional writes", endpoint: error.endpoint)
        case "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed":
            return StepFailure(
                .rejected, "\(error); is the bucket \(bucket) in the region \(sender.region)?", endpoint: error.endpoint
            )
        case "AccessDenied" where call.method == .get:
            return error.awsFailure.saying(
                "\(error); S3 says so of an object that is not there as well, to credentials without s3:ListBucket")
        default:
            return error.isDenial ? StepFailure(.denied, "\(error)", endpoint: error.endpoint) : StepFailure(error)
        }
    }
}

/// How S3 encrypts objects where they lie.
package enum S3Encryption: Sendable, Hashable {
    /// As the bucket is set to.
    case bucketDefault
    /// With keys of S3: `AES256`.
    case aes256
    /// With a key of the Key Management Service: `aws:kms`; without an id it is the account's own for S3.
    case kms(keyID: String?)

    /// Headers of a write.
    var headers: [String: String] {
        switch self {
        case .bucketDefault: return [:]
        case .aes256: return ["x-amz-server-side-encryption": "AES256"]
        case .kms(let keyID):
            var headers = ["x-amz-server-side-encryption": "aws:kms"]
            headers["x-amz-server-side-encryption-aws-kms-key-id"] = keyID
            return headers
        }
    }
}

/// Where a bucket is: in the path of an endpoint of one's own, in the host name at AWS.
struct S3Address {
    let base: String
    let path: RequestPath

    /// - Parameter pathStyle: Where the bucket has to be; `nil` = in the path where there is an endpoint.
    init(bucket: String, region: String, endpoint: String?, pathStyle: Bool? = nil) {
        let host = "s3.\(AWSAccess.domain(of: region))"
        // Certificates of AWS's hosts hold for one more label only.
        let isLabel = bucket.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "-")
        }
        let whole = endpoint ?? "https://\(host)"
        if !(pathStyle ?? (endpoint != nil)), isLabel, let scheme = whole.firstRange(of: "://") {
            base = "\(whole[..<scheme.upperBound])\(bucket).\(whole[scheme.upperBound...])"
            path = ""
        } else {
            (base, path) = (whole, RequestPath("").appending(bucket))
        }
    }
}

extension Connections {
    /// Shared objects in S3.
    ///
    /// - Parameters:
    ///   - connection: Connection of type aws.
    ///   - key: What their keys begin with, before a `/`; may be empty.
    ///   - region: Region of the bucket; `nil` = that of the connection.
    ///   - pathStyle: Whether the bucket stands in the path of URLs; `nil` = where the connection names an endpoint.
    package func s3Objects(
        of connection: String, in bucket: String, under key: String, region: String? = nil, pathStyle: Bool? = nil,
        encryption: S3Encryption = .bucketDefault
    ) async throws(StepFailure) -> any SharedObjects {
        var access = try await awsAccess(connection)
        access.region = region ?? access.region
        let address = S3Address(
            bucket: bucket, region: access.region, endpoint: access.spec.endpoint, pathStyle: pathStyle)
        var endpoint = try endpoint(address.base, tls: access.tls)
        // Objects of megabytes take longer than silence is borne.
        (endpoint.request, endpoint.overall) = (nil, nil)
        return S3Objects(
            sender: access.sender("s3", at: endpoint), bucket: bucket, key: key, path: address.path,
            encryption: encryption
        ).bounded(by: connection, of: self)
    }
}
