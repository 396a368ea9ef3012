extension Response {
    /// A JSON body with its status.
    static func json(_ value: JSON, status: Int = 200, type: String = "application/json") -> Response {
        Response(status: status, headers: [("content-type", type)], body: value.bytes)
    }

    /// The response with the address of what was made.
    func located(at url: String) -> Response {
        var response = self
        response.headers.append(("location", url))
        return response
    }

    /// No body at all, as 204 answers and several 201 answers have it.
    static func empty(_ status: Int = 204) -> Response {
        Response(status: status)
    }

    /// The error envelope of Kafka REST and Schema Registry.
    static func problem(
        _ status: Int, _ code: Int, _ message: String, type: String = "application/json"
    ) -> Response {
        json(["error_code": JSON(code), "message": .string(message)], status: status, type: type)
    }

    /// The error envelope of the control plane, with one error in it.
    ///
    /// - Parameter pointer: the field at fault as a JSON pointer, for validation errors.
    static func controlPlaneError(
        _ status: Int, _ code: String, _ detail: String, id: String, pointer: String? = nil
    ) -> Response {
        var error: JSON = [
            "id": .string(id), "status": .string(String(status)), "code": .string(code), "title": .string(code),
            "detail": .string(detail),
        ]
        error.append("source", pointer.map { ["pointer": .string($0)] } ?? [:])
        return json(["errors": [error]], status: status)
    }

    /// What Kafka REST answers when no broker does.
    static let brokersUnreachable = problem(500, 50003, "Timed out waiting for a node assignment.")

    /// A page for browsers, as gateways in front of the services answer.
    static func html(_ status: Int, _ title: String) -> Response {
        let page = "<html>\n<head><title>\(status) \(title)</title></head>\n<body><h1>\(title)</h1></body>\n</html>\n"
        return Response(
            status: status, headers: [("content-type", "text/html;charset=iso-8859-1")], body: Array(page.utf8))
    }

    /// The honest answer to what the simulator has no model of.
    static func unmodelled(_ what: String, type: String = "application/json") -> Response {
        problem(501, 501, "The simulator has no model of \(what).", type: type)
    }
}
