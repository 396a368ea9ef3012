/// One thing that goes wrong with one call: what it is called on the page, and the simulator's rule for it.
struct FaultKind: Sendable {
    /// The column of the page.
    let name: String
    /// What happens, for the page.
    let words: String
    /// Members of the simulator's rule, beside what it matches.
    private let rule: String
    /// Whether the endpoint itself is changed, and has to be brought back.
    var lasts = false

    /// The rule for the first request of a call that there is.
    func rule(for call: FaultCall, at endpoint: String) -> String {
        let matched = #""endpoint": "\#(endpoint)", "call": "\#(call.template)", "count": 1"#
        guard lasts else { return "{\(matched), \(rule)}" }
        let region = endpoint.split(separator: "/").first.map(String.init) ?? endpoint
        let service = endpoint.hasSuffix("/registry") ? "registry" : "rest"
        let change = #"{"state": "down", "vantage": "runner", "service": "\#(service)"}"#
        return #"{\#(matched), \#(rule), "region": "\#(region)", "set": \#(change)}"#
    }

    private init(_ name: String, _ words: String, _ rule: String, lasts: Bool = false) {
        self.name = name
        self.words = words
        self.rule = rule
        self.lasts = lasts
    }

    private static func status(
        _ status: Int, _ words: String = "an answer with this status and an error", as name: String? = nil,
        headers: String = ""
    ) -> FaultKind {
        let body = """
            {"error_code": \(status), "message": "on purpose", "errors": [{"status": "\(status)", "detail": "on purpose"}]}
            """
        return FaultKind(
            name ?? String(status), words,
            #""effect": "status", "status": \#(status), "headers": {\#(headers)}, "body": \#(body)"#)
    }

    /// Members whose values are words of a closed list.
    private static let enums = [
        "phase", "package", "kind", "availability", "cloud", "mirror_status", "link_state", "state", "mode",
        "permission", "pattern_type", "operation", "resource_type", "compatibilityLevel", "contextType",
    ]

    private static func leaves(_ value: String) -> String {
        #""effect": "edit", "pointer": "/**", "value": \#(value)"#
    }

    /// What becomes of the request itself.
    static let requests: [FaultKind] = [
        FaultKind(
            "refused", "the connection is closed, and the endpoint refuses further ones until the run has ended",
            #""effect": "cut""#, lasts: true),
        FaultKind("silent", "the endpoint takes the request and never answers", #""effect": "ignore""#),
        status(401), status(403), status(404), status(409), status(422),
        status(429, "429 without `Retry-After`"),
        status(429, "429 with `Retry-After: 2`", as: "429 in 2 s", headers: #""Retry-After": "2""#),
        status(500),
        FaultKind("502", "502 with a page of HTML", #""effect": "html", "status": 502"#),
        status(503),
        status(
            307, "307 to another path of the endpoint", as: "redirect", headers: #""Location": "/elsewhere""#),
    ]

    /// What becomes of the answer; the request is carried out.
    static let answers: [FaultKind] = [
        FaultKind("lost", "the connection is closed instead of an answer", #""effect": "loseResponse""#),
        FaultKind("trickle", "a byte of the body every second", #""effect": "trickle", "everyMs": 1000"#),
        FaultKind("truncated", "the body ends after 5 bytes", #""effect": "truncate", "bytes": 5"#),
        FaultKind("chunks", "the body comes in chunks, the last is missing", #""effect": "cutChunks", "bytes": 5"#),
        FaultKind("types", "every value is a number", leaves("7")),
        FaultKind(
            "enums", "every word of a closed list (a status, a mode, …) is an unknown one",
            #""effect": "edit", "value": "UNHEARD_OF", "pointers": ["#
                + enums.map { "\"/**/\($0)\"" }.joined(separator: ", ") + "]"),
        FaultKind("null", "every value is null", leaves("null")),
        FaultKind("huge", "65 MiB of spaces follow the body", #""effect": "pad", "bytes": 68157440"#),
    ]

    static let all = requests + answers
}

/// A kind of request that the story makes.
struct FaultCall: Hashable, Sendable {
    /// What is called, by the part it has in the group.
    enum Service: String, CaseIterable, Sendable {
        case control = "control plane"
        case primaryKafka = "Kafka, primary"
        case standbyKafka = "Kafka, standby"
        case primaryRegistry = "registry, primary"
        case standbyRegistry = "registry, standby"
    }

    let part: StoryPart
    let service: Service
    /// Method and kind of path.
    let template: String
}

extension FaultCall: Comparable {
    private var order: (Int, Int, String) {
        (
            StoryPart.allCases.firstIndex(of: part) ?? 0, Service.allCases.firstIndex(of: service) ?? 0,
            // Reads first.
            (template.hasPrefix("GET") ? "0" : "1") + template
        )
    }

    static func < (one: FaultCall, other: FaultCall) -> Bool { one.order < other.order }
}
