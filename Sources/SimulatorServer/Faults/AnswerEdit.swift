import SimulatedConfluent
import SimulatorCore

/// Replaces what pointers find in an answer: `/data/*/mirror_status`, where `*` is every item or member, and `**` whatever
/// lies below, at any depth; at the end it is every value that holds no others.
struct AnswerEdit: Sendable {
    private let pointers: [[String]]
    /// What is put there; `nil` takes the member away.
    private let value: JSON?

    init?(_ json: JSON) {
        let texts = json["pointers"]?.array?.map(\.string) ?? [json["pointer"]?.string]
        let pointers = texts.compactMap { text in
            text.flatMap {
                $0.hasPrefix("/") ? $0.dropFirst().split(separator: "/", omittingEmptySubsequences: false) : nil
            }
        }
        guard !pointers.isEmpty, pointers.count == texts.count else { return nil }
        self.pointers = pointers.map { $0.map(String.init) }
        value = json["remove"] == true ? nil : json["value"]
        guard value != nil || json["remove"] == true else { return nil }
    }

    func applied(to response: Response) -> Response {
        guard let json = try? JSON(parsing: response.body) else { return response }
        let edited = pointers.reduce(json) { edit($0, $1[...]) ?? $0 }
        guard edited != json else { return response }
        var response = response
        response.body = edited.bytes
        return response
    }

    private func edit(_ json: JSON, _ steps: ArraySlice<String>) -> JSON? {
        guard let step = steps.first else { return value }
        let rest = steps.dropFirst()
        if step == "**" { return editBelow(json, steps) }
        switch json {
        case .array(let items):
            return .array(
                items.enumerated().compactMap { index, item in
                    step == "*" || step == String(index) ? edit(item, rest) : item
                })
        case .object(let members):
            return .object(
                members.compactMap { member in
                    guard step == "*" || step == member.name else { return member }
                    return edit(member.value, rest).map { JSON.Member(name: member.name, value: $0) }
                })
        default: return json
        }
    }

    /// Edits what the steps behind `**` find here and everywhere below.
    private func editBelow(_ json: JSON, _ steps: ArraySlice<String>) -> JSON? {
        let rest = steps.dropFirst()
        let here = rest.isEmpty ? json : edit(json, rest) ?? json
        switch here {
        case .array(let items): return .array(items.compactMap { editBelow($0, steps) })
        case .object(let members):
            return .object(
                members.compactMap { member in
                    editBelow(member.value, steps).map { JSON.Member(name: member.name, value: $0) }
                })
        default: return rest.isEmpty ? value : here
        }
    }
}

/// Moves every time in an answer, as a server with a wrong clock does.
struct ClockSkew: Sendable {
    private static let numbers: Set<String> = ["state_time_ms", "ts"]
    private static let texts: Set<String> = ["timestamp", "created_at", "updated_at", "deleted_at"]

    let skew: Milliseconds

    func applied(to response: Response) -> Response {
        guard let json = try? JSON(parsing: response.body) else { return response }
        var response = response
        response.body = shifted(json).bytes
        return response
    }

    private func shifted(_ json: JSON) -> JSON {
        switch json {
        case .array(let items): .array(items.map(shifted))
        case .object(let members):
            .object(members.map { JSON.Member(name: $0.name, value: shifted($0.value, named: $0.name)) })
        default: json
        }
    }

    private func shifted(_ json: JSON, named name: String) -> JSON {
        switch json {
        case .int(let time) where Self.numbers.contains(name) && time > 0: .int(time + skew)
        case .string(let text) where Self.texts.contains(name):
            Timestamp.reading(text).map { .string(Timestamp.text($0 + skew)) } ?? json
        default: shifted(json)
        }
    }
}
