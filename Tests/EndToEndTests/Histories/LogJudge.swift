import TestSupport

/// Finds in an event log what must never happen in moves of one group between two members. It is told where the members
/// are, and nothing of what runs meant to do.
struct LogJudge {
    /// A member of the group.
    struct Member {
        let name: String
        let cluster: String
        let registry: String
        let region: String
    }

    /// Something that must never happen.
    struct Finding: CustomStringConvertible {
        enum Predicate: String {
            /// Clients are told of a side where they cannot write.
            case readyWhenPublished
            /// Two sides take records after a switchover, or where the other one answers.
            case oneWriter
            /// Epochs of a store go back, or one names two sites.
            case epochs
            /// Records that nobody else has are destroyed without a consent.
            case noLossWithoutConsent
            /// A switchover leaves acknowledged records behind.
            case switchoverLosesNothing
            /// Fences or modes are left over once everything is settled.
            case nothingLeftOver
            /// A run leaves both registries open for schemas while an exporter runs.
            case registries
            /// A call is about what nobody named.
            case namesOnly
        }

        let predicate: Predicate
        let index: Int
        let message: String

        var description: String { "\(predicate.rawValue) at event \(index): \(message)" }
    }

    let members: [Member]
    let topics: Set<String>
    private var world = LoggedWorld()
    private var consents: Set<String> = []
    private var epochs: [String: (epoch: Int, site: String)] = [:]
    /// Regions that were dark at some time since the site was published last.
    private var wereDark: Set<String> = []
    private(set) var findings: [Finding] = []

    init(members: [Member], topics: Set<String>) {
        self.members = members
        self.topics = topics
    }

    /// What is wrong with a log in the order of time.
    static func findings(in log: [JSONValue], members: [Member], topics: Set<String>) -> [Finding] {
        var judge = LogJudge(members: members, topics: topics)
        for event in log { judge.judge(event) }
        judge.judgeTheEnd(log.count)
        return judge.findings
    }

    private mutating func judge(_ event: JSONValue) {
        let index = event["index"].int ?? 0
        switch event["event"].string {
        case "publish": judgePublication(event, index)
        case "delete", "truncate": judgeDestruction(event, index)
        case "call": judgeCall(event, index)
        case "edit": consents.formUnion(event["manifests"]["discard"].array.compactMap(\.string))
        default: break
        }
        world.take(event)
        wereDark.formUnion(world.dark)
        // What exporters do by themselves when a region is back is stopped by the run that finds it so. One that did not
        // get through to it, as a busy machine may make it, says that it deferred work.
        if event["killed"] == .bool(false), event["deferred"] == .bool(false) { judgeRegistries(index) }
    }

    private mutating func find(_ predicate: Finding.Predicate, _ index: Int, _ message: String) {
        findings.append(Finding(predicate: predicate, index: index, message: message))
    }

    // MARK: Publications

    private mutating func judgePublication(_ event: JSONValue, _ index: Int) {
        let (site, epoch) = (event["site"].string ?? "", event["epoch"].int ?? 0)
        guard let own = members.first(where: { $0.name == site }), let other = members.first(where: { $0.name != site })
        else { return find(.epochs, index, "\(site) is no member") }
        let store = "\(event["binding"].string ?? "")/\(event["store"].string ?? "")"
        if let last = epochs[store], epoch < last.epoch || (epoch == last.epoch && site != last.site) {
            find(.epochs, index, "\(store) names \(site) in epoch \(epoch) after \(last.site) in \(last.epoch)")
        }
        let hasMoved = epochs[store].map { $0.site != site } ?? false
        epochs[store] = (epoch, site)
        for topic in topics {
            let place = LoggedWorld.Place(cluster: own.cluster, topic: topic)
            if !world.isWritable(place) { find(.readyWhenPublished, index, "\(topic) is no writable topic on \(site)") }
            if world.isDenied(place) { find(.readyWhenPublished, index, "\(topic) is fenced on \(site)") }
        }
        if world.mode(of: own.registry) != "READWRITE" {
            find(.readyWhenPublished, index, "the registry of \(site) is \(world.mode(of: own.registry))")
        }
        guard hasMoved else { return }
        // A side that was dark on the way could not be fenced, and what it did not replicate was given up by consent.
        if !wereDark.contains(other.region) {
            judgeOther(other, own, index)
        }
        wereDark = world.dark
    }

    private mutating func judgeOther(_ other: Member, _ own: Member, _ index: Int) {
        for topic in topics {
            let place = LoggedWorld.Place(cluster: other.cluster, topic: topic)
            if world.isWritable(place), !world.isDenied(place) {
                find(.oneWriter, index, "\(topic) takes records on \(other.name) too")
            }
            let lost = world.acknowledged(in: place).filter { !world.holds($0, own.cluster) }
            if let first = lost.first {
                find(.switchoverLosesNothing, index, "\(lost.count) records of \(other.name), the first \(first)")
            }
        }
    }

    // MARK: Destruction

    private mutating func judgeDestruction(_ event: JSONValue, _ index: Int) {
        let place = LoggedWorld.Place(cluster: event["cluster"].string ?? "", topic: event["topic"].string ?? "")
        guard topics.contains(place.topic), let member = members.first(where: { $0.cluster == place.cluster }),
            let other = members.first(where: { $0.cluster != place.cluster })
        else { return }
        var doomed = world.acknowledged(in: place)
        if event["event"] == .text("truncate") {
            let partition = event["partition"].int ?? 0
            let kept = Set((world.records[place]?[partition] ?? []).prefix(event["end"].int ?? 0))
            doomed = doomed.filter { $0.partition == partition && !kept.contains($0) }
        }
        let lost = doomed.filter { !world.holds($0, other.cluster) }
        guard !lost.isEmpty else { return }
        let epoch = epochs.values.map(\.epoch).max() ?? 0
        if !consents.contains(where: { $0.hasPrefix("\(member.name)@\(epoch)-") }) {
            find(.noLossWithoutConsent, index, "\(lost.count) records of \(place.topic) on \(member.name)")
        }
    }

    // MARK: Calls and registries

    private mutating func judgeCall(_ event: JSONValue, _ index: Int) {
        let objects = event["objects"].array.compactMap(\.string)
        if event["verb"].string?.contains("/mirrors:") ?? false, event["effect"] == .bool(true) {
            let strangers = objects.filter { !topics.contains($0) }
            if objects.isEmpty || !strangers.isEmpty {
                find(.namesOnly, index, "\(event["verb"].string ?? "") \(strangers)")
            }
        }
    }

    private mutating func judgeRegistries(_ index: Int) {
        guard members.allSatisfy({ world.mode(of: $0.registry) == "READWRITE" }) else { return }
        // A side that is dark cannot be asked to stop.
        for member in members where !world.dark.contains(member.region) {
            for (name, state) in world.exporters[member.registry] ?? [:] where ["STARTING", "RUNNING"].contains(state) {
                find(.registries, index, "exporter \(name) of \(member.name) runs into a registry that takes schemas")
            }
        }
    }

    // MARK: The end

    private mutating func judgeTheEnd(_ index: Int) {
        for member in members {
            let left = (world.entries[member.cluster] ?? []).filter { $0.hasSuffix("DENY") }
            if !left.isEmpty { find(.nothingLeftOver, index, "\(left.count) denials on \(member.name)") }
        }
        guard let site = epochs.values.first?.site else { return }
        for member in members {
            let wanted = member.name == site ? "READWRITE" : "IMPORT"
            if world.mode(of: member.registry) != wanted {
                find(.nothingLeftOver, index, "the registry of \(member.name) is \(world.mode(of: member.registry))")
            }
        }
    }
}
