package import Foundation

/// Any JSON. What is not there is ``null``.
package indirect enum JSONValue: Hashable, Sendable, Decodable {
    /// A form of JSON.
    case null
    /// A form of JSON.
    case bool(Bool)
    /// A form of JSON.
    case number(Double)
    /// A form of JSON.
    case text(String)
    /// A form of JSON.
    case list([JSONValue])
    /// A form of JSON.
    case object([String: JSONValue])

    /// Reads any JSON.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Reads a text.
    package init(parsing text: some StringProtocol) throws {
        try self.init(parsing: Data(text.utf8))
    }

    /// Reads bytes.
    package init(parsing bytes: Data) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: bytes)
    }

    /// A member of an object.
    package subscript(key: String) -> JSONValue { members[key] ?? .null }

    /// Members of an object; none of anything else.
    package var members: [String: JSONValue] { if case .object(let members) = self { members } else { [:] } }
    /// Names of members, sorted.
    package var keys: [String] { members.keys.sorted() }
    /// Items of a list; none of anything else.
    package var array: [JSONValue] { if case .list(let items) = self { items } else { [] } }
    /// A text.
    package var string: String? { if case .text(let text) = self { text } else { nil } }
    /// A whole number.
    package var int: Int? { if case .number(let number) = self { Int(number) } else { nil } }
    /// The text behind Base64.
    package var base64: String? {
        string.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
    }
}
