import SimulatorCore

/// A request that the control plane refuses, as its error envelope shows it.
package struct ControlPlaneRefusal: Error, Equatable {
    enum Source: Equatable {
        /// A field of the body, as a JSON pointer.
        case pointer(String)
        /// A query item.
        case parameter(String)
    }

    var status: Int
    var code: String?
    var title: String
    var detail: String
    var source: Source?
    /// Path of the object in the way; with 409 only.
    var conflicting: String?

    static let unauthenticated = ControlPlaneRefusal(
        status: 401, code: "user_unauthenticated", title: "Authentication Required", detail: "Unauthorized")

    /// The answer for clusters, registries and keys that are gone or never were.
    static func forbidden(_ what: String) -> ControlPlaneRefusal {
        ControlPlaneRefusal(
            status: 403, code: "forbidden_access", title: "Forbidden Access",
            detail: "Forbidden Access: \(what) does not exist or the key may not access it")
    }

    static func environmentNotFound(_ id: String) -> ControlPlaneRefusal {
        ControlPlaneRefusal(
            status: 404, code: "resource_not_found", title: "Resource Not Found",
            detail: "The environment \(id) was not found")
    }

    static func organizationNotFound(_ id: String) -> ControlPlaneRefusal {
        ControlPlaneRefusal(
            status: 404, code: "resource_not_found", title: "Resource Not Found",
            detail: "The organization \(id) was not found")
    }

    static func serviceAccountNotFound(_ id: String) -> ControlPlaneRefusal {
        ControlPlaneRefusal(
            status: 404, code: "service_account_not_found", title: "Service Account Not Found",
            detail: "Service account \(id) was not found")
    }

    static func alreadyExists(_ what: String, at path: String) -> ControlPlaneRefusal {
        ControlPlaneRefusal(
            status: 409, code: "resource_already_exists", title: "Resource Already exists",
            detail: "\(what) already exists.", conflicting: path)
    }

    static func protected(_ id: String) -> ControlPlaneRefusal {
        ControlPlaneRefusal(
            status: 409, code: "resource_already_exists", title: "Cluster Deletion Protected",
            detail: "The cluster \(id) has deletion protection enabled; disable it first.",
            conflicting: "/cmk/v2/clusters/\(id)")
    }

    static func invalid(_ pointer: String, _ detail: String) -> ControlPlaneRefusal {
        ControlPlaneRefusal(
            status: 422, code: "invalid_configuration", title: "Validation Failed", detail: detail,
            source: .pointer(pointer))
    }

    static func invalidFilter(_ parameter: String, _ detail: String) -> ControlPlaneRefusal {
        ControlPlaneRefusal(
            status: 400, code: "invalid_filter", title: "Invalid Filter", detail: detail,
            source: .parameter(parameter))
    }

    static let malformedBody = ControlPlaneRefusal(
        status: 400, title: "Bad Request", detail: "The request body is no JSON object")

    static let routeNotFound = ControlPlaneRefusal(status: 404, title: "Not Found", detail: "Not Found")

    static let methodNotAllowed = ControlPlaneRefusal(
        status: 405, title: "Method Not Allowed", detail: "Method Not Allowed")

    static func unmodelled(_ what: String) -> ControlPlaneRefusal {
        ControlPlaneRefusal(
            status: 501, code: "not_modelled", title: "Not Modelled",
            detail: "The simulator has no model of \(what).")
    }

    /// The envelope; `status` is text in it.
    func response(id: String) -> Response {
        var error: JSON = ["id": .string(id), "status": .string(String(status))]
        if let code { error.append("code", .string(code)) }
        error.append("title", .string(title))
        error.append("detail", .string(detail))
        switch source {
        case .pointer(let pointer): error.append("source", ["pointer": .string(pointer)])
        case .parameter(let parameter): error.append("source", ["parameter": .string(parameter)])
        case nil: break
        }
        var response = Response.json(["errors": [error]], status: status)
        if status == 401 { response.headers.append(("www-authenticate", "Basic realm=\"confluent.cloud\"")) }
        return response
    }
}
