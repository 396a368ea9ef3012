import SimulatorCore

/// A request as the registry understands it: the path without a context prefix, and the context that prefix pins.
package struct RegistryCall {
    static let mediaType = "application/vnd.schemaregistry.v1+json"

    let request: Request
    let method: String
    let path: [String]
    /// The context unqualified names belong to.
    let context: String
    /// Whether the address names a context, which then bounds lists too.
    let isPinned: Bool

    init(_ request: Request) {
        self.request = request
        method = request.method
        let path = request.path.filter { !$0.isEmpty }
        isPinned = path.count > 2 && path[0] == "contexts"
        if isPinned {
            context = path[1].hasPrefix(":") ? QualifiedSubject(path[1]).context : path[1]
            self.path = Array(path.dropFirst(2))
        } else {
            context = QualifiedSubject.defaultContext
            self.path = path
        }
    }

    func subject(_ text: String) -> QualifiedSubject {
        QualifiedSubject(text, within: context)
    }

    /// The scope of a mode or config call: the named one, or the pinned context.
    var scope: QualifiedSubject {
        path.count > 1 ? subject(path[1]) : QualifiedSubject(context: context, name: "")
    }

    /// Whether the caller takes members that not every client knows.
    var acceptsUnknownProperties: Bool {
        request.headers["confluent-accept-unknown-properties"]?.lowercased() == "true"
    }

    /// The part of a list that `offset` and `limit` ask for; a negative limit means all.
    func page<Element>(_ items: [Element]) -> ArraySlice<Element> {
        let offset = max(0, request.query("offset").flatMap { Int($0) } ?? 0)
        let limit = request.query("limit").flatMap { Int($0) } ?? -1
        let rest = items.dropFirst(offset)
        return limit < 0 ? rest : rest.prefix(limit)
    }

    /// Refuses query items that change an answer in a way the model does not know.
    func checkModelled() throws(RegistryRefusal) {
        if let format = request.query("format"), !format.isEmpty { throw .unmodelled("the schema format \(format)") }
        for name in ["normalize", "aliases", "fetchMaxId", "recursive"] where request.flag(name) {
            throw .unmodelled("the parameter \(name)")
        }
        if request.query("ruleType")?.isEmpty == false { throw .unmodelled("the parameter ruleType") }
    }

    static func answer(_ value: JSON) -> Response {
        .json(value, type: mediaType)
    }

    static func refuse(_ refusal: RegistryRefusal) -> Response {
        var response = Response.problem(refusal.status, refusal.code, refusal.message, type: mediaType)
        if refusal.status == 401 { response.headers.append(("www-authenticate", "Basic realm=\"\"")) }
        return response
    }
}
