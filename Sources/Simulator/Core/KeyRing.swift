/// The API keys that exist, and what each opens.
struct KeyRing: Sendable {
    struct Grant: Sendable, Equatable {
        var secret: String
        /// What the key was made for: `lkc-…`, `lsrc-…`, or `cloud`.
        var resource: String
        /// The service account or user that owns it: `sa-…`, `u-…`.
        var owner: String
        /// When the key starts to work.
        var activeFrom: Milliseconds
    }

    /// Who a request comes from.
    enum Caller: Sendable, Equatable {
        /// The documented pair that opens everything.
        case simulator
        /// The owner of a key made for the resource.
        case owner(String)
    }

    private(set) var grants: [String: Grant] = [:]

    mutating func add(_ key: String, _ grant: Grant) {
        grants[key] = grant
    }

    mutating func remove(_ key: String) {
        grants[key] = nil
    }

    /// Who these credentials belong to on a resource; `nil` when they do not open it.
    func caller(of credentials: Credentials?, on resource: String, at now: Milliseconds) -> Caller? {
        guard let credentials else { return nil }
        if credentials == .everywhere { return .simulator }
        guard let grant = grants[credentials.key], grant.secret == credentials.secret, grant.resource == resource,
            grant.activeFrom <= now
        else { return nil }
        return .owner(grant.owner)
    }
}
