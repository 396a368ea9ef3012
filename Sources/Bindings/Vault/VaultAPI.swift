import Domain
import Execution
import FoundationEssentials
import TextForms
import Transport

/// Vault's HTTP API as far as KV secrets need it (Vault API documentation, *KV secrets engine v1*, *v2*).
struct VaultAPI: Sendable {
    /// Version of a KV engine.
    enum Engine: Sendable {
        case v1
        case v2
    }

    /// A secret of an engine of version 2.
    struct Secret2: Sendable {
        /// Fields of the newest version; empty when there is none, or it was deleted.
        var fields: [String: JSONTree] = [:]
        /// Number of the newest version, deleted or not; 0 when the secret never existed.
        var version = 0
        /// Whether the newest version can be patched.
        var isThere = false
        /// Custom metadata, which belongs to no version.
        var metadata: [String: String] = [:]
    }

    let endpoint: HTTPEndpoint
    let session: VaultSession

    // MARK: Engines

    /// The version of an engine; 2 where the token may not see the mount.
    func engine(_ mount: String) async throws(StepFailure) -> Engine {
        struct Mount: Decodable, Sendable {
            struct Details: Decodable, Sendable {
                let type: String?
                let options: [String: String]?
            }

            let data: Details
        }
        if let known = await session.engine(of: mount) { return known }
        let found: Engine
        do throws(TransportFailure) {
            let path = Self.path("/v1/sys/internal/ui/mounts", mount)
            let details = try await send(HTTPCall(.get, path), as: Mount.self).data
            found = details.options?["version"] == "2" ? .v2 : .v1
        } catch {
            guard error.status == 403 || error.status == 404 else { throw StepFailure(error) }
            found = .v2
        }
        await session.keep(found, of: mount)
        return found
    }

    // MARK: Version 2

    /// Reads a secret and its metadata.
    func secret(_ mount: String, _ path: String) async throws(StepFailure) -> Secret2 {
        struct Answer: Decodable, Sendable {
            struct Body: Decodable, Sendable {
                let data: [String: JSONTree]?
                let metadata: Version
            }

            struct Version: Decodable, Sendable {
                let version: Int
                let custom: [String: String]?

                enum CodingKeys: String, CodingKey {
                    case version
                    case custom = "custom_metadata"
                }
            }

            let data: Body
        }
        do throws(TransportFailure) {
            let answer = try await send(HTTPCall(.get, Self.path("/v1", mount, "data", path)), as: Answer.self).data
            return Secret2(
                fields: answer.data ?? [:], version: answer.metadata.version, isThere: answer.data != nil,
                metadata: answer.metadata.custom ?? [:])
        } catch {
            guard error.status == 404 else { throw StepFailure(error) }
        }
        return try await deletedSecret(mount, path)
    }

    /// A secret without a newest version: deleted ones keep their count, which a write has to name.
    private func deletedSecret(_ mount: String, _ path: String) async throws(StepFailure) -> Secret2 {
        struct Answer: Decodable, Sendable {
            struct Body: Decodable, Sendable {
                let version: Int
                let custom: [String: String]?

                enum CodingKeys: String, CodingKey {
                    case version = "current_version"
                    case custom = "custom_metadata"
                }
            }

            let data: Body
        }
        do throws(TransportFailure) {
            let answer = try await send(HTTPCall(.get, Self.path("/v1", mount, "metadata", path)), as: Answer.self).data
            return Secret2(version: answer.version, metadata: answer.custom ?? [:])
        } catch {
            guard error.status == 404 || error.status == 403 else { throw StepFailure(error) }
            return Secret2()
        }
    }

    /// Sets fields of the version that was read, and removes some; other fields stay.
    ///
    /// - Returns: Whether it was written; `false` when there is another version by now: somebody else's, or this one,
    ///   whose answer was lost before it was sent again.
    func write(
        _ fields: [String: Secret], removing dropped: [String], over read: Secret2, at mount: String, _ path: String
    ) async throws(StepFailure) -> Bool {
        let target = Self.path("/v1", mount, "data", path)
        if read.isThere {
            var patch: [String: JSONTree] = fields.mapValues { .text($0.reveal { $0 }) }
            for key in dropped { patch[key] = .null }
            do throws(TransportFailure) {
                let call = try Self.call(
                    .patch, target, Write(cas: read.version, data: patch), "application/merge-patch+json",
                    hiding: fields)
                try await send(call.repeatable())
                return true
            } catch {
                // Deleted meanwhile: there is nothing to patch any more.
                if error.saysOtherVersion || error.status == 404 { return false }
                // Policies without `patch`, and versions of Vault before 1.9.
                guard error.status == 403 || error.status == 405 else { throw StepFailure(error) }
            }
        }
        var whole = read.fields.merging(fields.mapValues { .text($0.reveal { $0 }) }) { $1 }
        for key in dropped { whole[key] = nil }
        do throws(TransportFailure) {
            let call = try Self.call(.post, target, Write(cas: read.version, data: whole), hiding: fields)
            try await send(call.repeatable())
            return true
        } catch {
            if error.saysOtherVersion { return false }
            throw StepFailure(error)
        }
    }

    /// Sets one entry of custom metadata; the others stay as they were read.
    func note(
        _ name: String, _ value: String, beside read: Secret2, at mount: String, _ path: String
    ) async throws(StepFailure) {
        let target = Self.path("/v1", mount, "metadata", path)
        do throws(TransportFailure) {
            let body = ["custom_metadata": [name: value]]
            try await send(try Self.call(.patch, target, body, "application/merge-patch+json").repeatable())
            return
        } catch {
            guard [403, 404, 405].contains(error.status) else { throw StepFailure(error) }
        }
        do throws(TransportFailure) {
            let body = ["custom_metadata": read.metadata.merging([name: value]) { $1 }]
            try await send(try Self.call(.post, target, body).repeatable())
        } catch {
            throw StepFailure(error)
        }
    }

    // MARK: Version 1

    /// Reads a secret of an engine without versions; `nil` when there is none.
    func plainSecret(_ mount: String, _ path: String) async throws(StepFailure) -> [String: JSONTree]? {
        struct Answer: Decodable, Sendable {
            let data: [String: JSONTree]
        }
        do throws(TransportFailure) {
            return try await send(HTTPCall(.get, Self.path("/v1", mount, path)), as: Answer.self).data
        } catch {
            guard error.status == 404 else { throw StepFailure(error) }
            return nil
        }
    }

    /// Replaces a secret of an engine without versions.
    func replace(
        _ fields: [String: JSONTree], at mount: String, _ path: String, hiding secrets: [String: Secret]
    ) async throws(StepFailure) {
        do throws(TransportFailure) {
            let call = try Self.call(.post, Self.path("/v1", mount, path), fields, hiding: secrets)
            try await send(call.repeatable())
        } catch {
            throw StepFailure(error)
        }
    }

    // MARK: Calls

    private struct Write: Encodable {
        struct Options: Encodable {
            let cas: Int
        }

        let options: Options
        let data: [String: JSONTree]

        init(cas: Int, data: [String: JSONTree]) {
            options = Options(cas: cas)
            self.data = data
        }
    }

    private func send<Value: Decodable & Sendable>(
        _ call: HTTPCall, as type: Value.Type
    ) async throws(TransportFailure) -> Value {
        try await session.signed(call, for: endpoint) { signed async throws(TransportFailure) in
            try await endpoint.send(signed, as: type)
        }
    }

    private func send(_ call: HTTPCall) async throws(TransportFailure) {
        _ = try await session.signed(call, for: endpoint) { signed async throws(TransportFailure) in
            try await endpoint.send(signed)
        }
    }

    static func call(
        _ method: HTTPCall.Method, _ path: RequestPath, _ body: some Encodable,
        _ mediaType: String = "application/json", hiding secrets: [String: Secret] = [:]
    ) throws(TransportFailure) -> HTTPCall {
        var call = HTTPCall(method, path)
        do {
            call = try call.json(body, mediaType: mediaType)
        } catch {
            throw TransportFailure(
                .malformed("the request has no JSON form"), endpoint: "",
                call: "\(method.rawValue) \(path.withoutQuery)")
        }
        call.secrets = Array(secrets.values)
        return call
    }

    /// A path of parts that may themselves have several segments.
    static func path(_ root: StaticString, _ parts: String...) -> RequestPath {
        parts.flatMap { $0.split(separator: "/") }.reduce(RequestPath(root)) { $0.appending(String($1)) }
    }
}

extension TransportFailure {
    /// Whether a write named another version than the newest.
    fileprivate var saysOtherVersion: Bool {
        status == 400 && message.contains("check-and-set parameter did not match")
    }
}
