import SimulatedConfluent
import SimulatorCore

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
        /// Carried out; parts of the answer's JSON are other than they should be.
        case edit(AnswerEdit)
        /// Carried out for some of the named mirrors; the others get an error of their own.
        case itemErrors(ItemErrors)
        /// Reads show how things were so long ago.
        case stale(Milliseconds)
        /// Held up on its way for so long, and carried out then.
        case late(Milliseconds)
        /// Not carried out, and never answered.
        case ignore
        /// Not carried out, and the connection is closed; a region changes at that moment.
        case cut(region: String?, RegionChange?)
        /// Carried out; the body comes byte by byte.
        case trickle(every: Milliseconds)
        /// Carried out; the answer comes in chunks and ends, after so many bytes of the body, without the last one.
        case cutChunks(bytes: Int)
        /// Carried out; so many spaces follow the body.
        case pad(bytes: Int)
        /// Only delayed.
        case none

        /// Whether the caller does not get to know what became of its request.
        var spoilsAnswer: Bool {
            switch self {
            case .loseAnswer, .truncate, .replaceAnswer, .trickle, .cutChunks: true
            default: false
            }
        }

        /// Whether there is something in an answer that this would spoil.
        func findsSomething(in response: Response) -> Bool {
            switch self {
            case .truncate, .trickle, .cutChunks, .pad: !response.body.isEmpty
            case .edit(let edit): edit.applied(to: response).body != response.body
            default: true
            }
        }
    }

    let id: Int
    private var listener: String?
    private var method: String?
    private var pathPrefix: String?
    /// Method and kind of path, as requests are counted.
    private var call: String?
    private let window: FaultWindow
    /// How often the rule still applies; `nil` is always.
    var remaining: Int?
    /// How often it was at work.
    private(set) var applied = 0
    var probability: Double
    var delay: Milliseconds
    var effect: Effect

    /// Reads a rule of the admin API; `nil` when it has no known effect.
    init?(_ json: JSON, id: Int) {
        guard let effect = Self.effect(json) else { return nil }
        self.effect = effect
        self.id = id
        window = FaultWindow(json)
        listener = json["endpoint"]?.string
        method = json["method"]?.string?.uppercased()
        pathPrefix = json["path"]?.string
        call = json["call"]?.string
        remaining = json["count"]?.int.map(Int.init)
        probability = json["probability"]?.number ?? 1
        delay = if case .late = effect { 0 } else { json["delayMs"]?.int ?? 0 }
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
        case "edit"?: AnswerEdit(json).map { .edit($0) }
        case "itemErrors"?: .itemErrors(ItemErrors(json))
        case "staleReads"?: json["lagMs"]?.int.map { .stale($0) }
        case "lateEffect"?: json["delayMs"]?.int.map { .late(max(0, $0)) }
        case "ignore"?: .ignore
        case "cut"?: cut(json)
        case "trickle"?: .trickle(every: json["everyMs"]?.int ?? 100)
        case "cutChunks"?: .cutChunks(bytes: Int(json["bytes"]?.int ?? 20))
        case "pad"?: .pad(bytes: Int(json["bytes"]?.int ?? 1 << 20))
        case "delay"?: Effect.none
        default: nil
        }
    }

    private static func cut(_ json: JSON) -> Effect? {
        guard let set = json["set"] else { return .cut(region: nil, nil) }
        guard let region = json["region"]?.string, case .success(let change) = RegionChange.reading(set) else {
            return nil
        }
        return .cut(region: region, change)
    }

    /// Uses the rule up by one.
    mutating func use() {
        applied += 1
        if let remaining { self.remaining = remaining - 1 }
    }

    /// Takes a use back: there was nothing to spoil.
    mutating func giveBack() {
        applied -= 1
        if let remaining { self.remaining = remaining + 1 }
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

    /// Whether the rule is for a request that arrives so long after the world began.
    func matches(_ request: Request, at listener: Listener, after elapsed: Milliseconds) -> Bool {
        (remaining ?? 1) > 0 && window.isOpen(after: elapsed) && isFor(listener)
            && (method ?? request.method) == request.method && isForPath(of: request) && suits(request)
    }

    func isFor(_ listener: Listener) -> Bool {
        self.listener == nil || [listener.name, listener.region].contains(self.listener)
    }

    private func isForPath(of request: Request) -> Bool {
        if let call, call != "\(request.method) \(PathTemplate.of(request.path))" { return false }
        guard let pathPrefix else { return true }
        return ("/" + request.path.joined(separator: "/")).hasPrefix(pathPrefix)
    }

    /// Some effects mean something for some requests only.
    private func suits(_ request: Request) -> Bool {
        switch effect {
        case .stale: request.method == "GET"
        case .itemErrors: request.path.last?.hasPrefix("mirrors:") == true
        default: true
        }
    }
}
