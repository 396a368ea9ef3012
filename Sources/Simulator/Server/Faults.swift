/// A rule that spoils some answers on purpose.
struct FaultRule: Sendable {
    /// What happens to a request that the rule matches.
    enum Effect: Sendable {
        /// Answered with this instead of being carried out.
        case answer(Response)
        /// Carried out, and the connection is closed without an answer.
        case loseAnswer
        /// Carried out; the connection is closed after so many bytes of the body.
        case truncate(bytes: Int)
        /// Carried out, then answered with this instead.
        case replaceAnswer(Response)
        /// Only delayed.
        case none
    }

    let id: Int
    private var listener: String?
    private var method: String?
    private var pathPrefix: String?
    /// How often the rule still applies; `nil` is always.
    var remaining: Int?
    var probability: Double
    var delay: Milliseconds
    var effect: Effect
    /// The rule as it was given.
    let source: JSON

    /// Reads a rule of the admin API; `nil` when it has no known effect.
    init?(_ json: JSON, id: Int) {
        self.id = id
        source = json
        listener = json["endpoint"]?.string
        method = json["method"]?.string?.uppercased()
        pathPrefix = json["path"]?.string
        remaining = json["count"]?.int.map(Int.init)
        probability =
            switch json["probability"] {
            case .double(let number)?: number
            case .int(let number)?: Double(number)
            default: 1
            }
        delay = json["delayMs"]?.int ?? 0
        guard let effect = Self.effect(json) else { return nil }
        self.effect = effect
    }

    private static func effect(_ json: JSON) -> Effect? {
        switch json["effect"]?.string {
        case "status"?: .answer(answer(json))
        case "html"?: .answer(.html(status(json, 503), json["body"]?.string ?? "Service Unavailable"))
        case "garbage"?:
            .replaceAnswer(
                Response(
                    status: status(json, 200), headers: [("content-type", "application/json")],
                    body: Array("{\"data\": [\u{FFFD}".utf8) + [0xC3, 0x28]))
        case "truncate"?: .truncate(bytes: Int(json["bytes"]?.int ?? 20))
        case "loseResponse"?: .loseAnswer
        case "delay"?: Effect.none
        default: nil
        }
    }

    private static func status(_ json: JSON, _ standard: Int) -> Int {
        Int(json["status"]?.int ?? Int64(standard))
    }

    private static func answer(_ json: JSON) -> Response {
        let headers = (json["headers"]?.members ?? []).compactMap { member in
            member.value.string.map { (name: member.name.lowercased(), value: $0) }
        }
        let body = json["body"]
        return Response(
            status: status(json, 500),
            headers: headers + (body == nil ? [] : [(name: "content-type", value: "application/json")]),
            body: body?.string.map { Array($0.utf8) } ?? body?.bytes ?? [])
    }

    func matches(_ request: Request, at listener: Listener) -> Bool {
        (remaining ?? 1) > 0 && (self.listener == nil || [listener.name, listener.region].contains(self.listener))
            && (method ?? request.method) == request.method
            && (pathPrefix == nil || ("/" + request.path.joined(separator: "/")).hasPrefix(pathPrefix ?? ""))
    }
}
