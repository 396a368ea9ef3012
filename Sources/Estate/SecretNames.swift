package import Domain

/// Which environment variables hold what signs in where: those that an import reads, and that its manifests refer to.
///
/// Every site has its own, `KAFKA_WEST_KEY`; where that is not set and the common one is, `KAFKA_KEY`, it is the common one.
package struct SecretNames: Sendable {
    /// What is signed in to.
    package enum Service: String, Sendable {
        case cloud = "CLOUD"
        case kafka = "KAFKA"
        case registry = "REGISTRY"
    }

    /// Variables that are set.
    private let set: Set<String>

    package init(set: Set<String>) {
        self.set = set
    }

    /// The API key of the control plane.
    package var cloudKey: (key: SecretReference, secret: SecretReference) { pair(.cloud, nil, "KEY", "SECRET") }

    /// The API key of a site in Confluent Cloud.
    package func apiKey(of service: Service, _ site: String) -> Credentials {
        let (key, secret) = pair(service, site, "KEY", "SECRET")
        return Credentials(signIn: .apiKey(key: key, secret: secret))
    }

    /// User name and password of a site that people run themselves.
    package func user(of service: Service, _ site: String) -> Credentials {
        let (name, password) = pair(service, site, "USERNAME", "PASSWORD")
        return Credentials(signIn: .username(name, password: password, mechanism: .plain))
    }

    private func pair(
        _ service: Service, _ site: String?, _ first: String, _ second: String
    ) -> (SecretReference, SecretReference) {
        let common = service.rawValue
        let own = site.map { "\(common)_\(Self.variable($0))" } ?? common
        let prefix = !set.contains("\(own)_\(first)") && set.contains("\(common)_\(first)") ? common : own
        return (.environment("\(prefix)_\(first)"), .environment("\(prefix)_\(second)"))
    }

    private static func variable(_ name: String) -> String {
        String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
