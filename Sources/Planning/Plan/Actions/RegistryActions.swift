package import Domain

/// A schema exporter as it should be.
package struct ExporterDefinition: Hashable, Sendable, Codable {
    /// Environment whose registry holds it.
    package let environment: String
    /// Name.
    package let exporter: String
    /// Environment whose registry it writes to, with that environment's `linkCredentials`.
    package let destination: String
    /// Where schemas land.
    package let contextType: ExporterContextType
    /// Context at the destination, without the leading dot.
    package let context: String?
    /// Subjects.
    package let subjects: [String]
    /// Wire field of this name.
    package let subjectRenameFormat: String
    /// Wire field of this name.
    package let kekRenameFormat: String
    /// Whether it stays PAUSED.
    package let paused: Bool

    /// An exporter as it should be.
    package init(
        environment: String, exporter: String, destination: String, contextType: ExporterContextType,
        context: String?, settings: SchemaSettings
    ) {
        self.environment = environment
        self.exporter = exporter
        self.destination = destination
        self.contextType = contextType
        self.context = context
        self.subjects = settings.subjects
        self.subjectRenameFormat = settings.subjectRenameFormat
        self.kekRenameFormat = settings.kekRenameFormat
        self.paused = settings.paused
    }
}

/// An exporter of a registry.
package struct ExporterReference: Hashable, Sendable, Codable {
    /// Name of the environment's manifest.
    package let environment: String
    /// Name, unique per registry.
    package let exporter: String

    /// An exporter of a registry.
    package init(environment: String, exporter: String) {
        self.environment = environment
        self.exporter = exporter
    }
}

/// The compatibility of a registry.
package struct CompatibilitySetting: Hashable, Sendable, Codable {
    /// Name of the environment's manifest.
    package let environment: String
    /// The level that it is to have.
    package let level: CompatibilityLevel

    /// The compatibility of a registry.
    package init(environment: String, level: CompatibilityLevel) {
        self.environment = environment
        self.level = level
    }
}

/// Schema versions to delete, in this order.
package struct SchemaDeletion: Hashable, Sendable, Codable {
    /// Name of the environment's manifest.
    package let environment: String
    /// In the order in which they go.
    package let versions: [SchemaVersionID]

    /// Schema versions to delete, in this order.
    package init(environment: String, versions: [SchemaVersionID]) {
        self.environment = environment
        self.versions = versions
    }
}

/// The mode of one context of a registry.
package struct RegistryModeSetting: Hashable, Sendable, Codable {
    /// Name of the environment's manifest.
    package let environment: String
    /// The context that it is about.
    package let context: RegistryContext
    /// The mode that it is to have.
    package let mode: RegistryMode
    /// Whether subjects that are there are no reason to refuse.
    package let force: Bool

    /// The mode of one context of a registry.
    package init(environment: String, context: RegistryContext, mode: RegistryMode, force: Bool) {
        self.environment = environment
        self.context = context
        self.mode = mode
        self.force = force
    }

    private enum Key: String, CodingKey {
        case environment, context, mode, force
    }

    /// Reads the context by its name.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        environment = try fields.decode(String.self, forKey: .environment)
        context = RegistryContext(try fields.decode(String.self, forKey: .context))
        mode = try fields.decode(RegistryMode.self, forKey: .mode)
        force = try fields.decode(Bool.self, forKey: .force)
    }

    /// Writes the context by its name.
    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(environment, forKey: .environment)
        try fields.encode(context.name, forKey: .context)
        try fields.encode(mode, forKey: .mode)
        try fields.encode(force, forKey: .force)
    }
}
