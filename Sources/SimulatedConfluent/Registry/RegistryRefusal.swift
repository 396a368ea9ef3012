import SimulatorCore

/// A request that the registry refuses, with the status, code and message it answers.
///
/// The codes are those of the public server's `Errors` class; the first three digits are the status.
struct RegistryRefusal: Error, Equatable {
    var status: Int
    var code: Int
    var message: String

    init(_ code: Int, _ message: String) {
        status = code < 1000 ? code : code / 100
        self.code = code
        self.message = message
    }

    static func subjectNotFound(_ subject: QualifiedSubject) -> RegistryRefusal {
        RegistryRefusal(40401, "Subject '\(subject.text)' not found.")
    }

    static func versionNotFound(_ version: String) -> RegistryRefusal {
        RegistryRefusal(40402, "Version \(version) not found.")
    }

    static let schemaNotFound = RegistryRefusal(40403, "Schema not found")

    static func schemaNotFound(id: Int) -> RegistryRefusal {
        RegistryRefusal(40403, "Schema \(id) not found")
    }

    static func subjectSoftDeleted(_ subject: QualifiedSubject) -> RegistryRefusal {
        RegistryRefusal(
            40404, "Subject '\(subject.text)' was soft deleted.Set permanent=true to delete permanently")
    }

    static func subjectNotSoftDeleted(_ subject: QualifiedSubject) -> RegistryRefusal {
        RegistryRefusal(
            40405, "Subject '\(subject.text)' was not deleted first before being permanently deleted")
    }

    static func versionSoftDeleted(_ subject: QualifiedSubject, _ version: Int) -> RegistryRefusal {
        RegistryRefusal(
            40406,
            "Subject '\(subject.text)' Version \(version) was soft deleted.Set permanent=true to delete permanently")
    }

    static func versionNotSoftDeleted(_ subject: QualifiedSubject, _ version: Int) -> RegistryRefusal {
        RegistryRefusal(
            40407,
            "Subject '\(subject.text)' Version \(version) was not deleted first before being permanently deleted")
    }

    static func compatibilityNotConfigured(_ scope: QualifiedSubject) -> RegistryRefusal {
        RegistryRefusal(40408, "Subject '\(scope.text)' does not have subject-level compatibility configured")
    }

    static func modeNotConfigured(_ scope: QualifiedSubject) -> RegistryRefusal {
        RegistryRefusal(40409, "Subject '\(scope.text)' does not have subject-level mode configured")
    }

    static func incompatible(_ subject: QualifiedSubject, _ messages: [String]) -> RegistryRefusal {
        RegistryRefusal(
            40901,
            "Schema being registered is incompatible with an earlier schema for subject \"\(subject.text)\", details: "
                + "[\(messages.joined(separator: ", "))]")
    }

    static func invalidSchema(_ details: String) -> RegistryRefusal {
        RegistryRefusal(42201, "Invalid schema, details: \(details)")
    }

    static func invalidVersion(_ version: String) -> RegistryRefusal {
        RegistryRefusal(
            42202,
            "The specified version '\(version)' is not a valid version id. Allowed values are between [1, 2^31-1] "
                + "and the string \"latest\"")
    }

    static let invalidCompatibility = RegistryRefusal(
        42203,
        "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, "
            + "forward_transitive, and full_transitive")

    static let invalidMode = RegistryRefusal(
        42204, "Invalid mode. Valid values are READWRITE, READONLY, READONLY_OVERRIDE, IMPORT")

    static func notPermitted(_ message: String) -> RegistryRefusal {
        RegistryRefusal(42205, message)
    }

    static func mode(_ subject: QualifiedSubject, _ state: String) -> RegistryRefusal {
        notPermitted("Subject \(subject.name) in context \(subject.context) is \(state)")
    }

    static func referenceExists(_ subject: QualifiedSubject, _ version: Int) -> RegistryRefusal {
        RegistryRefusal(
            42206,
            "One or more references exist to the schema "
                + "{magic=1,keytype=SCHEMA,subject=\(subject.text),version=\(version)}.")
    }

    static func invalidSubject(_ subject: QualifiedSubject) -> RegistryRefusal {
        RegistryRefusal(42208, "The specified subject '\(subject.text)' is not a valid.")
    }

    static func contextNotEmpty(_ context: String) -> RegistryRefusal {
        RegistryRefusal(42211, "The specified context '\(context)' is not empty.")
    }

    static func unmodelled(_ what: String) -> RegistryRefusal {
        RegistryRefusal(501, "The simulator has no model of \(what).")
    }

    static let unauthorized = RegistryRefusal(401, "Unauthorized")
    static let notFound = RegistryRefusal(404, "HTTP 404 Not Found")
    static let methodNotAllowed = RegistryRefusal(405, "HTTP 405 Method Not Allowed")
    static let badRequest = RegistryRefusal(400, "Bad Request")
}
