import SimulatedConfluent

/// The path of a request with the names of objects left out, so that requests can be counted by kind.
enum PathTemplate {
    private static let collections: Set<String> = [
        "clusters", "topics", "links", "mirrors", "consumer-groups", "configs", "partitions", "lags", "broker-configs",
        "environments", "organizations", "api-keys", "service-accounts", "subjects", "versions", "ids", "config",
        "mode", "contexts", "exporters", "consumers",
    ]

    static func of(_ path: [String]) -> String {
        guard !path.isEmpty else { return "/" }
        var template = ""
        var isName = false
        for segment in path {
            let isShown = !isName || segment == "-"
            template += "/"
            template += isShown ? segment : "{}"
            isName = isShown && segment != "-" && collections.contains(segment)
        }
        return template
    }
}
