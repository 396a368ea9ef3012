package import SimulatorCore

/// The API keys that exist, and what each opens.
package struct KeyRing: Sendable {
    package struct Grant: Sendable, Equatable {
        var secret: String
        /// What the key was made for: `lkc-…`, `lsrc-…`, or `cloud`.
        package var resource: String
        /// The service account or user that owns it: `sa-…`, `u-…`.
        var owner: String
        /// When the key starts to work.
        var activeFrom: Milliseconds

        package init(secret: String, resource: String, owner: String, activeFrom: Milliseconds) {
            self.secret = secret
            self.resource = resource
            self.owner = owner
            self.activeFrom = activeFrom
        }
    }

    /// Who a request comes from.
    package enum Caller: Sendable, Equatable {
        /// The documented pair that opens everything.
        case simulator
        /// The owner of a key made for the resource.
        case owner(String)
    }

    package private(set) var grants: [String: Grant] = [:]

    package init() {}

    package mutating func add(_ key: String, _ grant: Grant) {
        grants[key] = grant
    }

    package mutating func remove(_ key: String) {
        grants[key] = nil
    }

    /// Who these credentials belong to on a resource; `nil` when they do not open it.
    package func caller(of credentials: Credentials?, on resource: String, at now: Milliseconds) -> Caller? {
        guard let credentials else { return nil }
        if credentials == .everywhere { return .simulator }
        guard let grant = grants[credentials.key], grant.secret == credentials.secret, grant.resource == resource,
            grant.activeFrom <= now
        else { return nil }
        return .owner(grant.owner)
    }
}
