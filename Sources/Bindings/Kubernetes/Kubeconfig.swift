import Execution
import FoundationEssentials

/// The parts of a kubeconfig (API `client.config.k8s.io/v1`, kind Config) that connections use, with the file each
/// entry stands in.
struct Kubeconfig: Sendable {
    struct Cluster: Sendable, Decodable {
        var server: String?
        var certificateAuthority: String?
        var certificateAuthorityData: String?
        var tlsServerName: String?
        var insecureSkipTLSVerify: Bool?
        var proxyURL: String?

        enum CodingKeys: String, CodingKey {
            case server
            case certificateAuthority = "certificate-authority"
            case certificateAuthorityData = "certificate-authority-data"
            case tlsServerName = "tls-server-name"
            case insecureSkipTLSVerify = "insecure-skip-tls-verify"
            case proxyURL = "proxy-url"
        }
    }

    struct User: Sendable, Decodable {
        var clientCertificate: String?
        var clientCertificateData: String?
        var clientKey: String?
        var clientKeyData: String?
        var token: String?
        var tokenFile: String?
        var username: String?
        var password: String?
        var impersonated: String?
        var exec: ExecSpec?
        var authProvider: AuthProvider?

        struct AuthProvider: Sendable, Decodable {
            var name: String?
        }

        enum CodingKeys: String, CodingKey {
            case clientCertificate = "client-certificate"
            case clientCertificateData = "client-certificate-data"
            case clientKey = "client-key"
            case clientKeyData = "client-key-data"
            case token, tokenFile, username, password, exec
            case impersonated = "as"
            case authProvider = "auth-provider"
        }
    }

    /// A program that prints credentials (API `client.authentication.k8s.io`).
    struct ExecSpec: Sendable, Decodable {
        struct Variable: Sendable, Decodable {
            var name: String
            var value: String?
        }

        var apiVersion: String?
        var command: String
        var args: [String]?
        var env: [Variable]?
        var provideClusterInfo: Bool?
        var interactiveMode: String?
    }

    struct Context: Sendable, Decodable {
        var cluster: String
        var user: String?
    }

    /// An entry, and the folder its relative paths start from.
    struct Entry<Value: Sendable>: Sendable {
        let value: Value
        let folder: String
    }

    private(set) var currentContext: String?
    private(set) var contexts: [String: Context] = [:]
    private(set) var clusters: [String: Entry<Cluster>] = [:]
    private(set) var users: [String: Entry<User>] = [:]

    private struct File: Decodable {
        struct NamedContext: Decodable {
            var name: String
            var context: Context?
        }
        struct NamedCluster: Decodable {
            var name: String
            var cluster: Cluster?
        }
        struct NamedUser: Decodable {
            var name: String
            var user: User?
        }

        var currentContext: String?
        var contexts: [NamedContext]?
        var clusters: [NamedCluster]?
        var users: [NamedUser]?

        enum CodingKeys: String, CodingKey {
            case currentContext = "current-context"
            case contexts, clusters, users
        }
    }

    /// Adds what a file says; of two entries of one name the first file's stands, as for kubectl.
    ///
    /// - Throws: `DecodingError` when it is no kubeconfig.
    mutating func merge(json: [UInt8], folder: String) throws {
        let file = try JSONDecoder().decode(File.self, from: Data(json))
        if currentContext?.isEmpty ?? true { currentContext = file.currentContext }
        for named in file.contexts ?? [] where contexts[named.name] == nil { contexts[named.name] = named.context }
        for named in file.clusters ?? [] where clusters[named.name] == nil {
            clusters[named.name] = named.cluster.map { Entry(value: $0, folder: folder) }
        }
        for named in file.users ?? [] where users[named.name] == nil {
            users[named.name] = named.user.map { Entry(value: $0, folder: folder) }
        }
    }
}
