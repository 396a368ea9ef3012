import SimulatedConfluent
import SimulatorCore

extension World {
    /// Logs a call that is no GET, at the time it was carried out.
    func noteCall(
        _ request: Request, at listener: Listener, sent: Milliseconds, _ response: Response, hadEffect: Bool,
        wasAnswered: Bool
    ) {
        guard request.method != "GET" else { return }
        let call = Event.Call(
            id: request.headers["x-request-id"] ?? "", endpoint: listener.name,
            verb: "\(request.method) /\(request.path.joined(separator: "/"))",
            query: request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&"), objects: request.objects,
            sent: sent, status: response.status, hadEffect: hadEffect, wasAnswered: wasAnswered)
        stage.record(Event(.call(call), by: request.actor), at: stage.now)
    }
}

extension Request {
    /// Whether the answer means that something was, or will be, changed: looking, trying with `validate_only`, and
    /// actions that are refused for every item change nothing.
    func hadEffect(as response: Response, at listener: Listener) -> Bool {
        guard response.status < 300, !isQuestion(at: listener) else { return false }
        // Consul tells a lost race with 200.
        if case .store = listener, response.body == Array("false".utf8) { return false }
        if flag("validate_only") || json?["validate_only"] == true { return false }
        guard path.last?.hasPrefix("mirrors:") == true, let items = (try? JSON(parsing: response.body))?["data"]?.array
        else { return true }
        return items.contains { $0["error_code"] == .null }
    }

    /// What Schema Registry answers to POST without taking anything in: whether a schema fits, or which one it is.
    private func isQuestion(at listener: Listener) -> Bool {
        guard listener.service == .registry, method == "POST" else { return false }
        let route = path.first == "contexts" ? path.dropFirst(2) : path[...]
        return route.first == "compatibility" || route.first == "subjects" && route.count == 2
    }

    /// The names in a body that say what the call is about.
    fileprivate var objects: [String] {
        guard let json else { return [] }
        let lists = ["mirror_topic_names"].flatMap { json[$0]?.array ?? [] }
        let names = [
            "topic_name", "source_topic_name", "mirror_topic_name", "mirror_topic_name_pattern", "name", "mode",
        ]
        .compactMap { json[$0] }
        let bindings = (json["data"]?.array ?? []).compactMap { AclBinding($0)?.description }
        return (lists + names).compactMap(\.string) + bindings + (AclBinding(json).map { [$0.description] } ?? [])
    }
}
