import SimulatedConfluent
import SimulatorCore

/// Part of a batch fails: some of the mirrors that an action names get an error inside the 200 and stay as they are.
struct ItemErrors: Sendable {
    /// The topics that fail; `nil` draws them.
    private let topics: Set<String>?
    private let share: Double
    private let code: Int64
    private let message: String

    init(_ json: JSON) {
        topics = json["topics"]?.array.map { Set($0.compactMap(\.string)) }
        share = json["share"]?.number ?? 0.5
        code = json["code"]?.int ?? 500
        message = json["message"]?.string ?? "Internal error"
    }

    /// The request for what does not fail, and the topics that do.
    func split(_ request: Request, _ random: inout SeededGenerator) -> (request: Request, failing: [String]) {
        guard let json = request.json, let members = json.members,
            let names = json["mirror_topic_names"]?.array?.compactMap(\.string)
        else { return (request, []) }
        let failing = names.filter { fails($0, &random) }
        let rest = names.filter { !failing.contains($0) }
        var split = request
        split.body =
            JSON.object(
                members.map { member in
                    member.name == "mirror_topic_names" ? JSON.Member(name: member.name, value: JSON(rest)) : member
                }
            ).bytes
        return (split, failing)
    }

    private func fails(_ topic: String, _ random: inout SeededGenerator) -> Bool {
        if let topics { return topics.contains(topic) }
        return Double(random.next() >> 11) / Double(1 << 53) < share
    }

    /// The answer for the rest with the errors of the others in it.
    func joined(_ response: Response, _ failing: [String]) -> Response {
        guard response.status == 200, let json = try? JSON(parsing: response.body), let members = json.members,
            let items = json["data"]?.array
        else { return response }
        let errors = failing.map { topic -> JSON in
            [
                "kind": "AlterMirrorsData", "metadata": ["self": "", "resource_name": ""],
                "mirror_topic_name": .string(topic), "error_code": .int(code), "error_message": .string(message),
                "mirror_lags": [], "messages_truncated": nil, "partition_level_truncation_data": nil,
            ]
        }
        var response = response
        response.body =
            JSON.object(
                members.map { $0.name == "data" ? JSON.Member(name: "data", value: .array(items + errors)) : $0 }
            ).bytes
        return response
    }
}
