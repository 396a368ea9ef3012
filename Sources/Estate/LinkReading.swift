import Domain
import TextForms

/// What a manifest says so that a link is as it is.
struct LinkReading {
    private(set) var settings = LinkSettings()
    /// Topics that the link mirrors by itself; `nil` = it makes no mirrors.
    private(set) var autoCreate: TopicSelector?
    /// Configs that no manifest can say.
    private(set) var untold: [String] = []
    /// Configs that the halves of a bidirectional link do not share, though one manifest says them for both.
    private(set) var differing: [String] = []

    init(_ link: FoundLink) {
        settings.mode = link.mode
        settings.initiator = link.initiator
        let configs = link.half.configs
        settings.consumerOffsetSync = offsetSync(configs)
        settings.aclSync = aclSync(configs)
        if configs["auto.create.mirror.topics.enable"] == "true" {
            let patterns = Self.patterns(configs["auto.create.mirror.topics.filters"], "topicFilters")
            autoCreate = TopicSelector(include: patterns.include, exclude: patterns.exclude, autoCreate: true)
            if patterns.isWhole == false { untold.append("auto.create.mirror.topics.filters") }
        }
        takeOthers(configs)
        if let back = link.back { compare(configs, back.configs) }
    }

    // MARK: Fields

    private mutating func offsetSync(_ configs: [String: String]) -> OffsetSyncSpec? {
        guard configs["consumer.offset.sync.enable"] == "true" else { return nil }
        let patterns = Self.patterns(configs["consumer.offset.group.filters"], "groupFilters")
        if !patterns.isWhole { untold.append("consumer.offset.group.filters") }
        return OffsetSyncSpec(
            enabled: true, interval: Self.interval(configs["consumer.offset.sync.ms"]) ?? .seconds(30),
            includeGroups: patterns.include, excludeGroups: patterns.exclude)
    }

    private mutating func aclSync(_ configs: [String: String]) -> ACLSyncSpec? {
        guard configs["acl.sync.enable"] == "true" else { return nil }
        let filters = Self.aclFilters(configs["acl.filters"])
        if filters == nil { untold.append("acl.filters") }
        return filters.map {
            ACLSyncSpec(enabled: true, interval: Self.interval(configs["acl.sync.ms"]) ?? .seconds(5), filters: $0)
        }
    }

    /// The rest: what a manifest may say by its wire name, and what it cannot.
    private mutating func takeOthers(_ configs: [String: String]) {
        for (name, value) in configs where !Self.isSaidByFields(name) {
            guard KnownLinkConfigs.known[name] != nil else {
                untold.append(name)
                continue
            }
            if LinkConfigs.defaults[name] != value { settings.configs[name] = value }
        }
        untold.sort()
    }

    /// One manifest says the same of both halves: what they do not share is not said.
    private mutating func compare(_ here: [String: String], _ there: [String: String]) {
        let shared = settings.configs.filter { there[$0.key] == $0.value }
        differing = settings.configs.keys.filter { shared[$0] == nil }
        settings.configs = shared
        let names = ["consumer.offset.sync.enable", "consumer.offset.sync.ms", "consumer.offset.group.filters"]
        let isSame = names.allSatisfy { name in
            ConfigValue.canonical(name, here[name] ?? LinkConfigs.defaults[name] ?? "")
                == ConfigValue.canonical(name, there[name] ?? LinkConfigs.defaults[name] ?? "")
        }
        if !isSame {
            settings.consumerOffsetSync = nil
            differing.append("consumer.offset.sync.enable")
        }
        differing.sort()
    }

    /// What fields of a link or of its clusters say, in whatever mode.
    private static func isSaidByFields(_ name: String) -> Bool {
        let fields = [
            "link.mode", "connection.mode", "cluster.link.prefix", "bootstrap.servers", "acl.filters",
            "acl.sync.enable",
            "acl.sync.ms", "auto.create.mirror.topics.enable", "auto.create.mirror.topics.filters",
            "consumer.offset.group.filters", "consumer.offset.sync.enable", "consumer.offset.sync.ms",
        ]
        return fields.contains(name) || ["local.", "sasl.", "security.", "ssl."].contains { name.hasPrefix($0) }
    }

    // MARK: Values

    private static func interval(_ milliseconds: String?) -> Duration? {
        milliseconds.flatMap { Int64($0) }.map { .milliseconds($0) }
    }

    /// The patterns of a filter; not whole where it has an entry that no pattern says.
    private static func patterns(
        _ json: String?, _ key: String
    ) -> (include: [String], exclude: [String], isWhole: Bool) {
        guard let json, case .object(let members)? = JSONTree(parsing: json), case .list(let entries)? = members[key]
        else { return ([], [], json == nil) }
        var (include, exclude, isWhole) = ([String](), [String](), true)
        for case .object(let entry) in entries {
            guard let name = entry["name"]?.string, let pattern = Self.pattern(name, entry["patternType"]?.string)
            else {
                isWhole = false
                continue
            }
            switch entry["filterType"]?.string?.uppercased() {
            case "INCLUDE": include.append(pattern)
            case "EXCLUDE": exclude.append(pattern)
            default: isWhole = false
            }
        }
        return (include, exclude, isWhole)
    }

    private static func pattern(_ name: String, _ type: String?) -> String? {
        switch type?.uppercased() {
        case "PREFIXED": name + "*"
        case "LITERAL", nil: name
        default: nil
        }
    }

    private static func aclFilters(_ json: String?) -> [ACLSyncSpec.Filter]? {
        guard let json, case .object(let members)? = JSONTree(parsing: json),
            case .list(let entries)? = members["aclFilters"]
        else { return nil }
        var filters: [ACLSyncSpec.Filter] = []
        for entry in entries {
            guard case .object(let parts) = entry, case .object(let resource)? = parts["resourceFilter"],
                case .object(let access)? = parts["accessFilter"]
            else { return nil }
            guard access["permissionType"]?.string?.uppercased() == "ALLOW", access["host"] == nil else { return nil }
            filters.append(
                .init(
                    resourceType: (resource["resourceType"]?.string ?? "ANY").uppercased(),
                    resourceName: resource["name"]?.string,
                    patternType: (resource["patternType"]?.string ?? "ANY").uppercased(),
                    principal: access["principal"]?.string,
                    operation: (access["operation"]?.string ?? "ANY").uppercased()))
        }
        return filters
    }
}
