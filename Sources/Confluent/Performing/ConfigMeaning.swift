import FoundationEssentials

/// Whether two values of a config mean the same: JSON by content, lists by their items.
enum ConfigMeaning {
    private static let listNames: Set<String> = ["cleanup.policy", "topic.config.sync.include"]

    static func isEqual(_ left: String?, _ right: String?, name: String) -> Bool {
        let left = left.flatMap { $0.isEmpty ? nil : $0 }
        let right = right.flatMap { $0.isEmpty ? nil : $0 }
        guard let left, let right else { return left == right }
        if left == right { return true }
        if listNames.contains(name) { return items(left) == items(right) }
        guard name.hasSuffix(".filters"), let left = JSONMeaning(left), let right = JSONMeaning(right) else {
            return false
        }
        return left == right
    }

    private static func items(_ text: String) -> Set<String> {
        Set(text.split(separator: ",").map { item in String(item.filter { $0 != " " }) })
    }
}

/// A JSON value in which the order of keys and of array items says nothing.
private indirect enum JSONMeaning: Hashable, Decodable {
    case object([String: JSONMeaning])
    case array(Set<JSONMeaning>)
    case text(String)
    case number(Double)
    case boolean(Bool)
    case null

    init?(_ text: String) {
        guard let value = try? JSONDecoder().decode(JSONMeaning.self, from: Data(text.utf8)) else { return nil }
        self = value
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONMeaning].self) {
            self = .array(Set(value))
        } else {
            self = .object(try container.decode([String: JSONMeaning].self))
        }
    }
}
