import Domain
import Planning

extension Plan.GroupState {
    /// Why it is not protected, and what else is not as it should be.
    package var findings: [String] { gaps.isEmpty ? told : gaps.map(\.words) }
}

extension ProtectionGap {
    /// The sentence, the member or environment first, with what helps where no apply does.
    var words: String {
        switch self {
        case .withoutTopics: "it has no topics yet"
        case .withoutStandby: "it has no standby"
        case .retired(let members):
            "nobody stands by: \(members.shortened) was left for good (`reprotect: Retire`)"
        case .holderUnseen(let member, let silence): "\(member), which serves, was not seen: \(silence)"
        case .memberUnseen(let member, let silence): "\(member) was not seen: \(silence)"
        case .notFetching(let member, let status, let topics, let error):
            "\(member): \(Self.count(topics)) \(status?.description ?? "no mirror")\(Self.names(topics))\(error.map { ": \($0)" } ?? "")"
        case .otherSource(let member, let source, let holder, let topics):
            "\(member): \(Self.count(topics)) mirrored from \(source ?? "a cluster that no manifest names") and not from "
                + "\(holder)\(Self.names(topics))"
        case .link(let member, let link, let problem): "\(member): link \(link) does not get through: \(problem)"
        case .offsetSync(let member, let link, let config, let live, let wanted):
            "\(member): link \(link) does not sync consumer offsets as declared: \(config) is \(live ?? "unset"), not "
                + wanted
        case .task(let member, let link, let problem): "\(member): link \(link), \(problem)"
        case .groupsInUse(let member, let link, let groups, let problem):
            "\(member): link \(link) cannot sync the offsets of consumer groups that have members there"
                + (groups.isEmpty ? "" : ": \(groups.shortened)")
                + " (\(problem)); stop them, or name them in `consumerOffsetSync.groups.exclude`"
        default: schemasOrClients
        }
    }

    private var schemasOrClients: String {
        switch self {
        case .registryUnseen(let environment, let silence), .schemasUnseen(let environment, let silence):
            "registry of \(environment) was not seen: \(silence)"
        case .registryMode(let environment, let context, let mode):
            "registry of \(environment): context \(context) is \(mode), not IMPORT"
        case .noExporter(let environment, let exporter, let destination):
            "registry of \(environment) has no exporter \(exporter): schemas do not arrive at \(destination)"
        case .exporter(let environment, let exporter, let state, let trace):
            "exporter \(exporter) of \(environment) is \(state)\(trace.map { ": \($0)" } ?? "")"
        case .exporterSelection(let environment, let exporter, let field, let live, let wanted):
            "exporter \(exporter) of \(environment): \(field) is \(live ?? "unset"), not \(wanted)"
        case .schemas(let environment, let missing):
            "registry of \(environment) lacks \(missing.count) schema versions (\(missing.shortened))"
        case .denied(let member, let entries):
            "\(member) denies clients what they need: \(entries.shortened); delete the entries on \(member) by hand"
        case .entriesUnseen(let member):
            "\(member) does not let its ACL entries be read: whether they deny clients something is not known; give its "
                + "credentials the right to describe them"
        case .signIn(let member, let binding, let reason): "\(member): clients of \(binding): \(reason)"
        default: ""
        }
    }

    private static func count(_ topics: [String]) -> String {
        "\(topics.count) \(topics.count == 1 ? "topic" : "topics")"
    }

    private static func names(_ topics: [String]) -> String {
        topics.count <= 3 ? " (\(topics.sorted().joined(separator: ", ")))" : ""
    }
}
