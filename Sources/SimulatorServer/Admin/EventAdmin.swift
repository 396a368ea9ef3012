import SimulatedConfluent
import SimulatorCore

extension World {
    /// `GET /_sim/events?from=n&limit=n&sort=time&format=lines`.
    func exportEvents(_ request: Request) -> Response {
        let number = { (name: String) in request.query(name).flatMap { Int($0) }.map { max(0, $0) } }
        var events = stage.log.slice(from: number("from") ?? 0, limit: number("limit"))
        if request.query("sort") == "time" {
            events.sort { ($0.entry.time, $0.index) < ($1.entry.time, $1.index) }
        }
        let isLines = request.query("format") == "lines"
        var body: [UInt8] = isLines ? [] : [UInt8(ascii: "[")]
        for (position, event) in events.enumerated() {
            if position > 0, !isLines { body.append(UInt8(ascii: ",")) }
            event.entry.json(at: event.index).write(to: &body)
            if isLines { body.append(UInt8(ascii: "\n")) }
        }
        if !isLines { body.append(UInt8(ascii: "]")) }
        return Response(
            status: 200, headers: [("content-type", isLines ? "application/x-ndjson" : "application/json")], body: body)
    }

    /// `POST /_sim/events`: what only a harness knows goes into the one log, at its own time if it says so.
    func takeEvents(_ body: JSON?) -> Response {
        var taken: [(event: Event, time: Milliseconds)] = []
        for json in body?.array ?? body.map({ [$0] }) ?? [] {
            switch Event.reported(json) {
            case .failure(let problem): return problem.response
            case .success(let event):
                let time = json["time"]?.int ?? stage.now
                guard Self.times.contains(time) else {
                    return Problem("time is a number of milliseconds since 1970.").response
                }
                taken.append((event, time))
            }
        }
        for (event, time) in taken { stage.record(event, at: time) }
        return .json(["taken": JSON(taken.count), "next": JSON(stage.log.count)], status: 201)
    }

    /// Moments that can be told: until the year 2286.
    private static let times: ClosedRange<Milliseconds> = 0...9_999_999_999_999

    func limitEvents(to count: Int?) {
        stage.limitLog(to: count)
    }

    /// `PUT /_sim/events`: how many entries are kept; `null` keeps all.
    func limitEvents(_ body: JSON?) -> Response {
        guard let keep = body?["keep"], keep == .null || keep.int.map({ $0 >= 0 }) == true else {
            return .problem(400, 400, "keep is a number of events, or null.")
        }
        stage.limitLog(to: keep.int.map { Int(clamping: $0) })
        return .json(["dropped": JSON(stage.log.dropped)])
    }
}

extension Event {
    /// What an event of each kind that comes from outside has to tell.
    private static let required: [String: [String]] = [
        "publish": ["binding", "store", "site", "epoch", "ledger", "generation"],
        "clientReads": ["client", "store"],
        "hook": ["binding", "hook", "generation"],
        "call": ["id", "endpoint", "verb", "sent", "effect", "answered"],
        "lock": ["run", "lease", "held"],
        "edit": ["manifests"],
        "start": ["run"],
        "end": ["run", "exit", "killed"],
        "reach": ["from", "to", "reachable"],
    ]

    /// Reads an event from outside; whatever else it tells is kept.
    static func reported(_ json: JSON) -> Result<Event, Problem> {
        guard let kind = json["event"]?.string, let members = required[kind] else {
            return .failure(
                Problem("An event from outside is one of \(required.keys.sorted().joined(separator: ", "))."))
        }
        guard let actor = json["actor"].flatMap(Actor.init) else {
            return .failure(Problem("An actor is one of {\"run\": …}, {\"client\": …}, {\"operator\": true}."))
        }
        if let missing = members.first(where: { json[$0] == nil }) {
            return .failure(Problem("An event '\(kind)' needs '\(missing)'."))
        }
        let told = (json.members ?? []).filter { !["event", "actor", "time", "index"].contains($0.name) }
        return .success(Event(.reported(kind: kind, members: told), by: actor))
    }
}

extension Event.Actor {
    fileprivate init?(_ json: JSON) {
        if let run = json["run"]?.string {
            self = .run(run)
        } else if let client = json["client"]?.string {
            self = .client(client)
        } else if json["operator"] == true {
            self = .operator
        } else {
            return nil
        }
    }
}
