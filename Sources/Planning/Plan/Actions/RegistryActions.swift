package import Domain

/// What is done to registries, their exporters and schemas.
package enum RegistryAction: RoomAction {
    case setRegistryMode(RegistryModeSetting)
    case setCompatibility(CompatibilitySetting)
    case createExporter(ExporterDefinition)
    /// Pauses, replaces the definition and credentials, and resumes unless the definition is paused.
    case updateExporter(ExporterDefinition)
    /// The same, and lets it begin from the start, so that what was there before it selected it is copied too.
    case restartExporter(ExporterDefinition)
    case pauseExporter(ExporterReference)
    /// Resumes unless it runs, and waits until it is RUNNING, reports nothing, and has copied what is there.
    case resumeExporter(ExporterReference)
    case deleteExporter(ExporterReference)
    /// Waits until the destination holds every version of the subjects with its id.
    case awaitSchemas(SchemaComparison)
    /// Deletes versions, soft then hard, in this order.
    case deleteSchemas(SchemaDeletion)

    package enum Verb: String, CaseIterable {
        case setRegistryMode, setCompatibility, createExporter, updateExporter, restartExporter, pauseExporter,
            resumeExporter, deleteExporter, awaitSchemas, deleteSchemas
    }

    package var facts: ActionFacts {
        switch self {
        case .setRegistryMode(let setting):
            ActionFacts(
                Verb.setRegistryMode, .changes, .seconds(1), for: setting.mode == .readOnly ? .fence : nil, setting)
        case .setCompatibility(let payload): ActionFacts(Verb.setCompatibility, .changes, .seconds(1), payload)
        case .createExporter(let payload): ActionFacts(Verb.createExporter, .creates, .seconds(1), payload)
        case .updateExporter(let payload): ActionFacts(Verb.updateExporter, .changes, .seconds(1), payload)
        case .restartExporter(let payload): ActionFacts(Verb.restartExporter, .changes, .seconds(1), payload)
        case .pauseExporter(let payload): ActionFacts(Verb.pauseExporter, .changes, .seconds(2), for: .drain, payload)
        case .resumeExporter(let payload): ActionFacts(Verb.resumeExporter, .changes, .seconds(1), payload)
        case .deleteExporter(let payload): ActionFacts(Verb.deleteExporter, .destroys, .seconds(1), payload)
        case .awaitSchemas(let payload): ActionFacts(Verb.awaitSchemas, .waits, .seconds(2), for: .drain, payload)
        case .deleteSchemas(let payload): ActionFacts(Verb.deleteSchemas, .destroys, .seconds(1), payload)
        }
    }

    package init(_ verb: Verb, from document: any Decoder) throws {
        switch verb {
        case .setRegistryMode: self = .setRegistryMode(try document.payload())
        case .setCompatibility: self = .setCompatibility(try document.payload())
        case .createExporter: self = .createExporter(try document.payload())
        case .updateExporter: self = .updateExporter(try document.payload())
        case .restartExporter: self = .restartExporter(try document.payload())
        case .pauseExporter: self = .pauseExporter(try document.payload())
        case .resumeExporter: self = .resumeExporter(try document.payload())
        case .deleteExporter: self = .deleteExporter(try document.payload())
        case .awaitSchemas: self = .awaitSchemas(try document.payload())
        case .deleteSchemas: self = .deleteSchemas(try document.payload())
        }
    }
}

/// A schema exporter as it should be.
package struct ExporterDefinition: Hashable, Sendable, Codable {
    /// Environment whose registry holds it.
    package let environment: String
    package let exporter: String
    /// Environment whose registry it writes to, with that environment's `linkCredentials`.
    package let destination: String
    /// Where schemas land.
    package let contextType: ExporterContextType
    /// Context at the destination, without the leading dot.
    package let context: String?
    package let subjects: [String]
    /// Wire field of this name.
    package let subjectRenameFormat: String
    /// Wire field of this name.
    package let kekRenameFormat: String
    /// Whether it stays PAUSED.
    package let paused: Bool

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
    package let environment: String
    /// Name, unique per registry.
    package let exporter: String

    package init(environment: String, exporter: String) {
        self.environment = environment
        self.exporter = exporter
    }
}

/// The compatibility of a registry.
package struct CompatibilitySetting: Hashable, Sendable, Codable {
    package let environment: String
    package let level: CompatibilityLevel

    package init(environment: String, level: CompatibilityLevel) {
        self.environment = environment
        self.level = level
    }
}

/// Schema versions to delete, in this order.
package struct SchemaDeletion: Hashable, Sendable, Codable {
    package let environment: String
    /// In the order in which they go.
    package let versions: [SchemaVersionID]

    package init(environment: String, versions: [SchemaVersionID]) {
        self.environment = environment
        self.versions = versions
    }
}

/// The mode of one context of a registry.
package struct RegistryModeSetting: Hashable, Sendable, Codable {
    package let environment: String
    /// The context that it is about.
    package let context: RegistryContext
    package let mode: RegistryMode
    /// Whether subjects that are there are no reason to refuse.
    package let force: Bool

    package init(environment: String, context: RegistryContext, mode: RegistryMode, force: Bool) {
        self.environment = environment
        self.context = context
        self.mode = mode
        self.force = force
    }

    private enum Key: String, CodingKey {
        case environment, context, mode, force
    }

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

/// Schemas that two registries hold of the same subjects.
package struct SchemaComparison: Hashable, Sendable, Codable {
    /// Environment whose registry was written to.
    package let source: String
    /// Environment whose registry must hold the same.
    package let destination: String
    /// Subjects, in the notation of exporters.
    package let subjects: [String]

    package init(source: String, destination: String, subjects: [String]) {
        self.source = source
        self.destination = destination
        self.subjects = subjects
    }
}

/// One version of a subject with its id.
package struct SchemaVersionID: Hashable, Sendable, Codable, Comparable {
    /// Qualified name, as the registry lists it.
    package let subject: String
    package let version: Int
    /// Id, unique in its context.
    package let id: Int

    package init(subject: String, version: Int, id: Int) {
        self.subject = subject
        self.version = version
        self.id = id
    }

    /// By subject, then version.
    package static func < (left: SchemaVersionID, right: SchemaVersionID) -> Bool {
        (left.subject, left.version, left.id) < (right.subject, right.version, right.id)
    }
}
