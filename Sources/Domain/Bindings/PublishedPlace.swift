/// Where a binding is published to, as the ledger remembers it: what is left behind when the place moves has to be
/// found again.
public enum PublishedPlace {
    fileprivate static let prefix = "target."

    /// Whether a field of a row says where something was published, and nothing of its content.
    public static func isPart(_ field: String) -> Bool { field.hasPrefix(prefix) }
}

extension PublishTarget {
    /// The single places it writes to: a ConfigMap and the Secret beside it are two.
    public var parts: [PublishTarget] {
        guard case .kubernetes(let connection, let namespace, let configMap?, let secret?) = self else { return [self] }
        return [
            .kubernetes(connection: connection, namespace: namespace, configMap: configMap, secret: nil),
            .kubernetes(connection: connection, namespace: namespace, configMap: nil, secret: secret),
        ]
    }

    /// What tells a single place from others, by whatever name its connection goes. Where a connection does not say
    /// where it leads, every one leads to the same place: what may be in use is never taken for left.
    public func identity(in workspace: Workspace) -> [String] {
        let system = connection.map { workspace.connections[$0]?.system.destination ?? "" } ?? ""
        return switch self {
        case .file(let path, _, _): ["file", Self.normalized(path)]
        case .consul(_, let key, _): ["consul", system, Self.normalized(key)]
        case .vault(_, let mount, let path, _): ["vault", system, Self.normalized("\(mount)/\(path)")]
        case .kubernetes(_, let namespace, let configMap, let secret):
            ["kubernetes", namespace, configMap ?? "", secret ?? ""]
        case .awsSecretsManager(_, let name, _): ["awsSecretsManager", name]
        case .awsParameterStore(_, let path, _): ["awsParameterStore", Self.normalized(path)]
        case .etcd(_, let key): ["etcd", system, key]
        }
    }

    /// How its content is written there, where that can be chosen.
    public var format: String? {
        switch self {
        case .file(_, let format, _): format.rawValue
        case .consul(_, _, let format): format.rawValue
        case .vault, .kubernetes, .awsSecretsManager, .awsParameterStore, .etcd: nil
        }
    }

    private static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}

extension PublishTarget {
    /// The target as flat fields of a ledger's row.
    public var remembered: [String: String] {
        var fields: [String: String?]
        switch self {
        case .file(let path, let format, let contents):
            fields = ["kind": "file", "path": path, "format": format.rawValue, "contents": contents.rawValue]
        case .consul(let connection, let key, let format):
            fields = ["kind": "consul", "connection": connection, "key": key, "format": format.rawValue]
        case .vault(let connection, let mount, let path, let contents):
            fields = [
                "kind": "vault", "connection": connection, "mount": mount, "path": path, "contents": contents.rawValue,
            ]
        case .kubernetes(let connection, let namespace, let configMap, let secret):
            fields = [
                "kind": "kubernetes", "connection": connection, "namespace": namespace, "configMap": configMap,
                "secret": secret,
            ]
        case .awsSecretsManager(let connection, let name, let contents):
            fields = [
                "kind": "awsSecretsManager", "connection": connection, "name": name, "contents": contents.rawValue,
            ]
        case .awsParameterStore(let connection, let path, let contents):
            fields = [
                "kind": "awsParameterStore", "connection": connection, "path": path, "contents": contents.rawValue,
            ]
        case .etcd(let connection, let key): fields = ["kind": "etcd", "connection": connection, "key": key]
        }
        var prefixed: [String: String] = [:]
        for (field, value) in fields { prefixed[PublishedPlace.prefix + field] = value }
        return prefixed
    }

    /// Reads what ``remembered`` wrote into a row; `nil` for rows of earlier versions.
    public init?(remembered row: [String: String]) {
        func field(_ name: String) -> String? { row[PublishedPlace.prefix + name] }
        let contents = field("contents").flatMap(PublishedContents.init(rawValue:)) ?? .properties
        switch (field("kind"), field("connection")) {
        case ("file", _):
            guard let path = field("path"), let format = field("format").flatMap(FileFormat.init(rawValue:)) else {
                return nil
            }
            self = .file(path: path, format: format, contents: contents)
        case ("consul", let connection?):
            guard let key = field("key"), let format = field("format").flatMap(ConsulFormat.init(rawValue:)) else {
                return nil
            }
            self = .consul(connection: connection, key: key, format: format)
        case ("vault", let connection?):
            guard let mount = field("mount"), let path = field("path") else { return nil }
            self = .vault(connection: connection, mount: mount, path: path, contents: contents)
        case ("kubernetes", let connection?):
            guard let namespace = field("namespace") else { return nil }
            self = .kubernetes(
                connection: connection, namespace: namespace, configMap: field("configMap"), secret: field("secret"))
        case ("awsSecretsManager", let connection?):
            guard let name = field("name") else { return nil }
            self = .awsSecretsManager(connection: connection, name: name, contents: contents)
        case ("awsParameterStore", let connection?):
            guard let path = field("path") else { return nil }
            self = .awsParameterStore(connection: connection, path: path, contents: contents)
        case ("etcd", let connection?):
            guard let key = field("key") else { return nil }
            self = .etcd(connection: connection, key: key)
        default: return nil
        }
    }
}

extension ConnectionSpec.System {
    /// What of a connection tells where it leads; `nil` where it does not tell.
    fileprivate var destination: String? {
        func plain(_ url: String) -> String {
            var url = url[...]
            while url.hasSuffix("/") { url.removeLast() }
            return url.lowercased()
        }
        return switch self {
        case .confluentCloud(let cloud): plain(cloud.endpoint)
        case .consul(let consul):
            [plain(consul.endpoint), consul.datacenter, consul.namespace].compactMap(\.self).joined(separator: " ")
        case .vault(let vault): [plain(vault.endpoint), vault.namespace].compactMap(\.self).joined(separator: " ")
        case .etcd(let etcd): etcd.endpoints.map(plain).sorted().joined(separator: ",")
        case .kubernetes, .aws: nil
        }
    }
}

/// What was last published to a target of a binding.
public struct LastPublication: Hashable, Sendable {
    /// Where.
    public let target: PublishTarget
    /// Keys of plain and secret values.
    public let keys: Set<String>

    /// What a row of the ledger remembers; `nil` for rows of earlier versions.
    public init?(of row: Recorded.Owned) {
        guard let target = PublishTarget(remembered: row.applied) else { return nil }
        self.target = target
        keys = Set(
            row.applied.keys.filter { $0.hasPrefix("properties.") || $0.hasPrefix("secrets.") }
                .map { String($0.drop { $0 != "." }.dropFirst()) })
    }
}

extension Recorded {
    /// What was last published to every target of a binding, as far as the ledger remembers it.
    public var publications: [ResourceAddress: LastPublication] {
        var publications: [ResourceAddress: LastPublication] = [:]
        for (address, row) in owned where address.kind == .binding {
            publications[address] = LastPublication(of: row)
        }
        return publications
    }
}

extension ResourceAddress {
    private static let leftMark = "/left/"

    /// A place a binding was published to before, and still holds what was published.
    public init(placeLeftBy binding: String, _ place: String) {
        self.init(.binding, "\(binding)\(Self.leftMark)\(place)")
    }

    /// The binding and the place in words, when it is one that was left.
    public var leftPlace: (binding: String, place: String)? {
        guard kind == .binding, let mark = name.firstRange(of: Self.leftMark) else { return nil }
        return (String(name[..<mark.lowerBound]), String(name[mark.upperBound...]))
    }
}
