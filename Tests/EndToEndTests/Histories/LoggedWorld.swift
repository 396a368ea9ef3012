import TestSupport

/// What was there at a moment, as the simulator's event log alone tells it.
struct LoggedWorld {
    /// A topic on a cluster.
    struct Place: Hashable {
        let cluster: String
        let topic: String
    }

    /// A record by where it was first appended; it keeps its partition wherever it is copied to.
    struct Record: Hashable, CustomStringConvertible {
        let origin: String
        let topic: String
        let partition: Int
        let offset: Int

        var description: String { "\(topic)[\(partition)]@\(offset) of \(origin)" }
    }

    private(set) var topics: Set<Place> = []
    private(set) var rows: [Place: [String: String]] = [:]
    private(set) var records: [Place: [Int: [Record]]] = [:]
    private(set) var acknowledged: Set<Record> = []
    private(set) var entries: [String: Set<String>] = [:]
    private(set) var modes: [String: [String: String]] = [:]
    private(set) var exporters: [String: [String: String]] = [:]
    /// Regions that runs cannot reach.
    private(set) var dark: Set<String> = []

    /// Whether producers may write: there is a topic, and no mirror of it lives.
    func isWritable(_ place: Place) -> Bool {
        topics.contains(place) && !(rows[place] ?? [:]).values.contains { $0 != "STOPPED" }
    }

    /// Whether an entry keeps everybody from writing.
    func isDenied(_ place: Place) -> Bool {
        entries[place.cluster]?.contains("TOPIC LITERAL \(place.topic) User:* * WRITE DENY") ?? false
    }

    func mode(of registry: String) -> String {
        let modes = modes[registry] ?? [:]
        return modes[":.:"] ?? modes[""] ?? "READWRITE"
    }

    func holds(_ record: Record, _ cluster: String) -> Bool {
        records[Place(cluster: cluster, topic: record.topic)]?[record.partition]?.contains(record) ?? false
    }

    /// Records of acknowledged producers in a topic on a cluster.
    func acknowledged(in place: Place) -> [Record] {
        (records[place] ?? [:]).values.flatMap { $0 }.filter(acknowledged.contains)
    }

    mutating func take(_ event: JSONValue) {
        let place = Place(cluster: event["cluster"].string ?? "", topic: event["topic"].string ?? "")
        switch event["event"].string {
        case "create": topics.insert(place)
        case "delete":
            topics.remove(place)
            records[place] = nil
        case "row":
            let link = event["link"].string ?? ""
            rows[place, default: [:]][link] = event["status"].string
        case "append":
            let new = Self.records(event["records"], event["partition"].int ?? 0)
            records[place, default: [:]][event["partition"].int ?? 0, default: []] += new
            if event["acknowledged"] == .bool(true) { acknowledged.formUnion(new) }
        case "copy":
            for segment in event["records"].array {
                records[place, default: [:]][event["partition"].int ?? 0, default: []] += Self.records(
                    segment, event["partition"].int ?? 0)
            }
        case "truncate":
            let partition = event["partition"].int ?? 0
            let kept = (records[place]?[partition] ?? []).prefix(event["end"].int ?? 0)
            records[place, default: [:]][partition] = Array(kept)
        case "acl":
            let binding = event["binding"].string ?? ""
            if event["present"] == .bool(true) {
                entries[place.cluster, default: []].insert(binding)
            } else {
                entries[place.cluster]?.remove(binding)
            }
        case "mode":
            modes[event["registry"].string ?? "", default: [:]][event["scope"].string ?? ""] = event["mode"].string
        case "exporter":
            exporters[event["registry"].string ?? "", default: [:]][event["name"].string ?? ""] = event["state"].string
        case "reach" where event["from"] == .text("runner"):
            let region = event["to"].string ?? ""
            if event["reachable"] == .bool(true) { dark.remove(region) } else { dark.insert(region) }
        default: break
        }
    }

    private static func records(_ segment: JSONValue, _ partition: Int) -> [Record] {
        (0..<(segment["count"].int ?? 0)).map { index in
            Record(
                origin: segment["origin"].string ?? "", topic: segment["topic"].string ?? "", partition: partition,
                offset: (segment["offset"].int ?? 0) + index)
        }
    }
}
