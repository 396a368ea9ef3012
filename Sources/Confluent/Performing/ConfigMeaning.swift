import Domain
import FoundationEssentials

/// Whether two values of a config mean the same to the broker: JSON by content, all else by ``ConfigValue``.
enum ConfigMeaning {
    static func isEqual(_ left: String?, _ right: String?, name: String) -> Bool {
        if ConfigValue.isEqual(left, right, of: name) { return true }
        guard name.hasSuffix(".filters"), let left = left.flatMap(JSONMeaning.init),
            let right = right.flatMap(JSONMeaning.init)
        else { return false }
        return left == right
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
