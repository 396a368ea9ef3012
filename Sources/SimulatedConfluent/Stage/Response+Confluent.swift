package import SimulatorCore

extension Response {
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
    package static let brokersUnreachable = problem(500, 50003, "Timed out waiting for a node assignment.")
}
