import SimulatorCore

/// The JSON filters of a link: literal names or prefixes, to include or exclude; exclude wins.
struct SyncFilter {
    static let filterConfigs: Set<String> = [
        "consumer.offset.group.filters", "auto.create.mirror.topics.filters", "acl.filters",
    ]

    private struct Rule {
        package var name: String
        var isPrefix: Bool
        var includes: Bool

        func matches(_ candidate: String) -> Bool {
            isPrefix ? candidate.hasPrefix(name) : name == "*" || name == candidate
        }
    }

    private var rules: [Rule] = []

    /// Reads `groupFilters` or `topicFilters`; an empty text matches nothing.
    init(_ text: String) {
        guard let members = JSON(text: text)?.members else { return }
        let entries = members.first { ["groupFilters", "topicFilters"].contains($0.name) }?.value.array ?? []
        rules = entries.map {
            Rule(
                name: $0["name"]?.string ?? "", isPrefix: $0["patternType"]?.string == "PREFIXED",
                includes: $0["filterType"]?.string != "EXCLUDE")
        }
    }

    func matches(_ name: String) -> Bool {
        rules.contains { $0.includes && $0.matches(name) } && !rules.contains { !$0.includes && $0.matches(name) }
    }

    /// What is wrong with a filter's text; `nil` when nothing is.
    static func fault(_ config: String, _ text: String) -> String? {
        if text.isEmpty { return nil }
        let list: String
        switch config {
        case "consumer.offset.group.filters": list = "groupFilters"
        case "auto.create.mirror.topics.filters": list = "topicFilters"
        default: list = "aclFilters"
        }
        guard let entries = JSON(text: text)?[list]?.array else {
            return "Invalid value \(text) for configuration \(config): not a JSON object with \(list)"
        }
        let isValid = list == "aclFilters" ? AclFilter.isValid : isValid
        return entries.allSatisfy(isValid) ? nil : "Invalid value \(text) for configuration \(config): invalid filter"
    }

    private static func isValid(_ entry: JSON) -> Bool {
        entry["name"]?.string != nil && ["LITERAL", "PREFIXED"].contains(entry["patternType"]?.string)
            && ["INCLUDE", "EXCLUDE"].contains(entry["filterType"]?.string)
    }
}
