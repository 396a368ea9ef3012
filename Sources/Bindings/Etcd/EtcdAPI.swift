import Domain
import Execution
import FoundationEssentials
import Transport

/// etcd's key-value store over its JSON gateway (etcd v3 documentation, *gRPC gateway*).
struct EtcdAPI: Sendable {
    /// A value, with the revision of its last change: what a write compares with.
    struct Entry: Sendable {
        let value: [UInt8]
        let revision: Int64
        /// The lease somebody else has put the key under, which a write would take it from; 0 = none.
        let lease: Int64
    }

    /// A value to be written if the key still has the revision that was read; 0 = if it is not there.
    struct Change: Sendable {
        let key: String
        let value: [UInt8]
        let revision: Int64
        /// The lease that the key stays under; 0 = none.
        let lease: Int64

        init(key: String, value: [UInt8], revision: Int64, lease: Int64 = 0) {
            self.key = key
            self.value = value
            self.revision = revision
            self.lease = lease
        }

        init(key: String, value: [UInt8], held: Entry?) {
            self.init(key: key, value: value, revision: held?.revision ?? 0, lease: held?.lease ?? 0)
        }
    }

    /// The members, as they are tried one after the other.
    let members: [HTTPEndpoint]
    let connection: String
    let user: (name: Secret, password: Secret)?
    let connections: Connections

    /// Reads keys at one moment, in their order; `nil` for a key that is not there.
    func entries(_ keys: [String]) async throws(StepFailure) -> [Entry?] {
        let body = Transaction(
            compare: [], success: keys.map { Request(range: .init(key: Self.wire(Array($0.utf8))), put: nil) })
        let answer: Answer = try await send("/v3/kv/txn", body)
        let responses = answer.responses ?? []
        guard responses.count == keys.count else {
            throw StepFailure(.broken, "etcd answered \(responses.count) of \(keys.count) reads")
        }
        var entries: [Entry?] = []
        for response in responses {
            guard let pair = response.range?.pairs?.first else {
                entries.append(nil)
                continue
            }
            // An empty value is left out of the answer.
            guard let value = Data(base64Encoded: pair.value ?? "") else {
                throw StepFailure(.broken, "etcd answered a value that is not Base64")
            }
            entries.append(
                Entry(value: Array(value), revision: pair.revision.number, lease: pair.lease?.number ?? 0))
        }
        return entries
    }

    /// Writes all of it or nothing.
    ///
    /// - Returns: The revision of all that was written; `nil` when one of the keys has another revision by now.
    func commit(_ changes: [Change]) async throws(StepFailure) -> Int64? {
        let body = Transaction(
            compare: changes.map { Comparison(key: Self.wire(Array($0.key.utf8)), revision: String($0.revision)) },
            success: changes.map {
                Request(
                    range: nil,
                    put: .init(
                        key: Self.wire(Array($0.key.utf8)), value: Self.wire($0.value), lease: String($0.lease)))
            })
        let answer: Answer = try await send("/v3/kv/txn", body, .inAnswer)
        guard answer.succeeded ?? false else { return nil }
        Deeds.ofStep?.happened()
        guard let revision = answer.header?.revision?.number else {
            throw StepFailure(.broken, "etcd answered a write without its revision")
        }
        return revision
    }

    /// Removes a key, whatever it holds; one that is not there is no failure.
    func remove(_ key: String) async throws(StepFailure) {
        let _: Answer = try await send(
            "/v3/kv/deleterange", Request.Range(key: Self.wire(Array(key.utf8))), .byStatus)
    }

    // MARK: Members and tokens

    private func send<Value: Decodable & Sendable>(
        _ path: RequestPath, _ body: some Encodable & Sendable, _ effect: HTTPCall.Effect = .none
    ) async throws(StepFailure) -> Value {
        do throws(TransportFailure) {
            return try await sendOnce(path, body, effect)
        } catch {
            guard user != nil, error.saysTokenIsUnknown else { throw failure(error) }
            await connections.forgetEtcdToken(of: connection)
        }
        do throws(TransportFailure) {
            return try await sendOnce(path, body, effect)
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: TransportFailure) -> StepFailure {
        let failure = error.etcdFailure
        guard error.isSilence, members.count > 1 else { return failure }
        return StepFailure(
            failure.kind, "none of the \(members.count) members answers; of the last: \(failure.message)",
            endpoint: error.endpoint)
    }

    /// Sends it to the first member that can be reached, beginning with the one that answered last. A write is compared
    /// with a revision, so that sending it twice has its effect once.
    private func sendOnce<Value: Decodable & Sendable>(
        _ path: RequestPath, _ body: some Encodable & Sendable, _ effect: HTTPCall.Effect
    ) async throws(TransportFailure) -> Value {
        var last: TransportFailure?
        let known = await connections.etcdMembers[connection]
        for member in members.filter({ $0.base == known }) + members.filter({ $0.base != known }) {
            do throws(TransportFailure) {
                var call = try Self.call(path, body, to: member).having(effect)
                if let user { try await sign(&call, as: user, at: member) }
                let answer = try await member.send(call, as: Value.self)
                await connections.keep(etcdMember: member.base, of: connection)
                return answer
            } catch {
                guard error.isSilence else { throw error }
                last = error
            }
        }
        throw last ?? TransportFailure(.unreachable("the connection names no member"), endpoint: connection, call: "")
    }

    private func sign(
        _ call: inout HTTPCall, as user: (name: Secret, password: Secret), at member: HTTPEndpoint
    ) async throws(TransportFailure) {
        var known = await connections.etcdTokens[connection]
        if known == nil {
            let body = user.name.reveal { name in
                user.password.reveal { SignIn(name: name, password: $0) }
            }
            var signIn = try Self.call("/v3/auth/authenticate", body, to: member)
            signIn.secrets = [user.name, user.password]
            let token = Secret(try await member.send(signIn, as: SignedIn.self).token)
            await connections.keep(etcdToken: token, of: connection)
            known = token
        }
        guard let known else { return }
        call.secrets.append(known)
        known.reveal { call.headers["Authorization"] = $0 }
    }

    private static func call(
        _ path: RequestPath, _ body: some Encodable, to member: HTTPEndpoint
    ) throws(TransportFailure) -> HTTPCall {
        let call = HTTPCall(.post, path).repeatable().having(.none)
        do {
            return try call.json(body)
        } catch {
            throw member.failure(.malformed("the request has no JSON form"), call)
        }
    }

    // MARK: Wire

    private static func wire(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    private struct Comparison: Encodable, Sendable {
        let key: String
        let target = "MOD"
        let result = "EQUAL"
        let revision: String

        enum CodingKeys: String, CodingKey {
            case key, target, result
            case revision = "mod_revision"
        }
    }

    private struct Request: Encodable, Sendable {
        struct Range: Encodable, Sendable {
            let key: String
        }

        struct Put: Encodable, Sendable {
            let key: String
            let value: String
            let lease: String
        }

        let range: Range?
        let put: Put?

        enum CodingKeys: String, CodingKey {
            case range = "request_range"
            case put = "request_put"
        }
    }

    private struct Transaction: Encodable, Sendable {
        let compare: [Comparison]
        let success: [Request]
    }

    private struct Answer: Decodable, Sendable {
        struct Response: Decodable, Sendable {
            let range: Range?

            enum CodingKeys: String, CodingKey {
                case range = "response_range"
            }
        }

        struct Range: Decodable, Sendable {
            let pairs: [Pair]?

            enum CodingKeys: String, CodingKey {
                case pairs = "kvs"
            }
        }

        struct Pair: Decodable, Sendable {
            let value: String?
            let revision: WireNumber
            let lease: WireNumber?

            enum CodingKeys: String, CodingKey {
                case value, lease
                case revision = "mod_revision"
            }
        }

        struct Header: Decodable, Sendable {
            let revision: WireNumber?
        }

        let header: Header?
        let succeeded: Bool?
        let responses: [Response]?
    }

    /// A 64-bit number, which the gateway writes as text.
    private struct WireNumber: Decodable, Sendable {
        let number: Int64

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            guard let number = Int64(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a number")
            }
            self.number = number
        }
    }

    private struct SignIn: Encodable, Sendable {
        let name: String
        let password: String
    }

    private struct SignedIn: Decodable, Sendable {
        let token: String
    }
}

extension TransportFailure {
    /// Whether the member said nothing, so that another may be asked.
    fileprivate var isSilence: Bool {
        switch cause {
        case .unreachable, .timeout, .interrupted: true
        case .status(let status, _, _): status == 503
        default: false
        }
    }

    /// A token that has expired, or is older than the last change of users and roles.
    fileprivate var saysTokenIsUnknown: Bool {
        status == 401 || message.contains("invalid auth token") || message.contains("auth store is old")
    }

    /// What etcd says: a member without its leader is out of reach (gRPC code 14), and refused credentials are a bad
    /// request, too (gRPC code 3).
    fileprivate var etcdFailure: StepFailure {
        let refusals = ["authentication failed", "user name is empty", "permission denied", "invalid auth token"]
        let words = message.isEmpty ? reason : "HTTP \(status.map(String.init) ?? "error"): \(message)"
        if refusals.contains(where: message.contains) { return StepFailure(.denied, words, endpoint: endpoint) }
        if status == 503 { return StepFailure(.unreachable, words, endpoint: endpoint) }
        return StepFailure(StepFailure(self).kind, words, endpoint: endpoint)
    }
}

extension Connections {
    func forgetEtcdToken(of connection: String) {
        etcdTokens[connection] = nil
    }

    func keep(etcdToken token: Secret, of connection: String) {
        etcdTokens[connection] = token
    }

    func keep(etcdMember base: String, of connection: String) {
        etcdMembers[connection] = base
    }

    func etcd(_ name: String) async throws(StepFailure) -> EtcdAPI {
        guard case .etcd(let spec)? = specs[name]?.system else {
            throw StepFailure(.rejected, "there is no connection \(name) to etcd")
        }
        let material = try await material(spec.tls)
        var members: [HTTPEndpoint] = []
        for url in spec.endpoints {
            var member = try endpoint(url, tls: material)
            // Where there are others, they are asked before the same one is asked again.
            if spec.endpoints.count > 1 {
                member.retries = .never
                // Members that are silent leave time for the others.
                member.overall = timeouts.unreachableAfter / spec.endpoints.count
            }
            members.append(member)
        }
        var user: (name: Secret, password: Secret)?
        if let name = spec.username, let password = spec.password {
            user = (try await secret(name), try await secret(password))
        }
        return EtcdAPI(members: members, connection: name, user: user, connections: self)
    }
}
