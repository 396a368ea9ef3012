extension Response {
    /// A JSON body with its status.
    package static func json(_ value: JSON, status: Int = 200, type: String = "application/json") -> Response {
        Response(status: status, headers: [("content-type", type)], body: value.bytes)
    }

    /// The response with the address of what was made.
    package func located(at url: String) -> Response {
        var response = self
        response.headers.append(("location", url))
        return response
    }

    /// No body at all, as 204 answers and several 201 answers have it.
    package static func empty(_ status: Int = 204) -> Response {
        Response(status: status)
    }

    /// An error with a number and a sentence, as Kafka REST and Schema Registry have it.
    package static func problem(
        _ status: Int, _ code: Int, _ message: String, type: String = "application/json"
    ) -> Response {
        json(["error_code": JSON(code), "message": .string(message)], status: status, type: type)
    }

    /// A page for browsers, as gateways in front of the services answer.
    package static func html(_ status: Int, _ title: String) -> Response {
        let page = "<html>\n<head><title>\(status) \(title)</title></head>\n<body><h1>\(title)</h1></body>\n</html>\n"
        return Response(
            status: status, headers: [("content-type", "text/html;charset=iso-8859-1")], body: Array(page.utf8))
    }

    /// The honest answer to what the simulator has no model of.
    package static func unmodelled(_ what: String, type: String = "application/json") -> Response {
        problem(501, 501, "The simulator has no model of \(what).", type: type)
    }
}
