import SimulatorCore

/// An answer other than success: a `Status` object.
struct KubernetesRefusal: Error, Sendable {
    struct Cause: Sendable {
        var reason: String
        var message: String
        var field: String
    }

    var code: Int
    var reason: String
    var message: String
    package var resource: KubernetesResource?
    package var name: String?
    var causes: [Cause] = []

    var response: Response {
        var details: JSON = [:]
        if let name { details.append("name", .string(name)) }
        if let resource {
            if !resource.group.isEmpty { details.append("group", .string(resource.group)) }
            details.append("kind", .string(resource.rawValue))
        }
        if !causes.isEmpty {
            details.append(
                "causes",
                .array(
                    causes.map {
                        ["reason": .string($0.reason), "message": .string($0.message), "field": .string($0.field)]
                    }))
        }
        return .json(
            [
                "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
                "message": .string(message), "reason": .string(reason), "details": details, "code": JSON(code),
            ], status: code)
    }

    static func notFound(_ key: KubernetesKey) -> KubernetesRefusal {
        KubernetesRefusal(
            code: 404, reason: "NotFound", message: "\(key.resource.qualified) \"\(key.name)\" not found",
            resource: key.resource, name: key.name)
    }

    static let noSuchPath = KubernetesRefusal(
        code: 404, reason: "NotFound", message: "the server could not find the requested resource")

    static func alreadyExists(_ key: KubernetesKey) -> KubernetesRefusal {
        KubernetesRefusal(
            code: 409, reason: "AlreadyExists", message: "\(key.resource.qualified) \"\(key.name)\" already exists",
            resource: key.resource, name: key.name)
    }

    /// The object is another version than the caller read.
    static func modified(_ key: KubernetesKey) -> KubernetesRefusal {
        KubernetesRefusal(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(key.resource.qualified) \"\(key.name)\": the object has been "
                + "modified; please apply your changes to the latest version and try again",
            resource: key.resource, name: key.name)
    }

    /// The object is not the one that the caller read, which was deleted.
    static func otherObject(_ key: KubernetesKey, wanted: String, found: String) -> KubernetesRefusal {
        KubernetesRefusal(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(key.resource.qualified) \"\(key.name)\": Precondition failed: "
                + "UID in precondition: \(wanted), UID in object meta: \(found)",
            resource: key.resource, name: key.name)
    }

    static func bad(_ message: String) -> KubernetesRefusal {
        KubernetesRefusal(code: 400, reason: "BadRequest", message: message)
    }

    static func invalid(_ key: KubernetesKey, _ field: String, _ what: String) -> KubernetesRefusal {
        KubernetesRefusal(
            code: 422, reason: "Invalid",
            message: "\(key.resource.kind) \"\(key.name)\" is invalid: \(field): \(what)", resource: key.resource,
            name: key.name, causes: [Cause(reason: "FieldValueInvalid", message: what, field: field)])
    }

    static let unauthorized = KubernetesRefusal(code: 401, reason: "Unauthorized", message: "Unauthorized")

    static func unmodelled(_ what: String) -> KubernetesRefusal {
        KubernetesRefusal(
            code: 501, reason: "NotImplemented", message: "The simulator has no model of \(what).")
    }
}
