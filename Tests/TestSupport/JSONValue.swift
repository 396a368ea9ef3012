package import Foundation

/// Any JSON. What is not there is ``null``.
package indirect enum JSONValue: Hashable, Sendable {
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

    /// Reads a text.
    package init(parsing text: some StringProtocol) throws {
        try self.init(parsing: Data(text.utf8))
    }

    /// Reads bytes.
    package init(parsing bytes: Data) throws {
        // Not by trying one type after the other: every attempt that fails throws, and a test run keeps where each error
        // was thrown until the test ends, which are gigabytes where a simulator is asked for minutes.
        self.init(try JSONSerialization.jsonObject(with: bytes, options: .fragmentsAllowed))
    }

    private init(_ value: Any) {
        switch value {
        case let text as String: self = .text(text)
        case let number as NSNumber:
            self = String(cString: number.objCType) == "c" ? .bool(number.boolValue) : .number(number.doubleValue)
        case let items as [Any]: self = .list(items.map(JSONValue.init))
        case let members as [String: Any]: self = .object(members.mapValues(JSONValue.init))
        default: self = .null
        }
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
