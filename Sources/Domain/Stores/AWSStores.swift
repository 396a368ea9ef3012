/// AWS APIs of one region.
package struct AWSSpec: ConnectedSystem {
    package static let type = ConnectionType.aws

    /// Region; `nil` = `AWS_REGION`.
    package var region: String?
    /// Endpoint override.
    package var endpoint: String?
    /// Role to assume.
    package var roleARN: String?
    /// TLS; `nil` = the authorities of AWS_CA_BUNDLE, else the system's.
    package var tls: TLSSpec?
    /// Whether what goes there may go by plain http, where anybody in between can read it.
    package var allowsPlainHTTP = false

    /// An AWS connection with defaults.
    package init() {}

    package var secrets: [SecretReference] { tls?.secrets ?? [] }
    package var addresses: [(url: String, field: String)] { endpoint.map { [($0, "endpoint")] } ?? [] }
}

/// A secret of AWS Secrets Manager, a JSON object.
package struct AWSSecretPlace: StorePlace {
    package static let word = "awsSecretsManager"
    package static let label = "aws secret"
    package static let system: String? = "AWS Secrets Manager"

    /// Connection of type aws.
    package let connection: String
    package let name: String
    package let contents: PublishedContents

    package init(connection: String, name: String, contents: PublishedContents) {
        self.connection = connection
        self.name = name
        self.contents = contents
    }

    package init?(fields: [String: String]) {
        guard let connection = fields["connection"], let name = fields["name"],
            let contents = fields.word("contents", or: PublishedContents.secrets)
        else { return nil }
        self.init(connection: connection, name: name, contents: contents)
    }

    package var fields: [String: String] {
        ["connection": connection, "name": name, "contents": contents.rawValue]
    }
    package var location: String { name }
    package var target: PublishTarget { .awsSecretsManager(self) }
}

/// The parameters below a path of AWS Systems Manager.
package struct AWSParameterPlace: StorePlace {
    package static let word = "awsParameterStore"
    package static let label = "aws parameters"
    package static let system: String? = "AWS Parameter Store"

    /// Connection of type aws.
    package let connection: String
    /// Path below which each key is a parameter.
    package let path: String
    package let contents: PublishedContents

    package init(connection: String, path: String, contents: PublishedContents) {
        self.connection = connection
        self.path = path
        self.contents = contents
    }

    package init?(fields: [String: String]) {
        guard let connection = fields["connection"], let path = fields["path"],
            let contents = fields.word("contents", or: PublishedContents.properties)
        else { return nil }
        self.init(connection: connection, path: path, contents: contents)
    }

    package var fields: [String: String] {
        ["connection": connection, "path": path, "contents": contents.rawValue]
    }
    package var location: String { path }
    package var identity: String { path.normalizedPath }
    package var target: PublishTarget { .awsParameterStore(self) }
}
