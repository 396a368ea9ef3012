import Domain
import FoundationEssentials

/// A JSON value of a secret, kept as it is.
enum StoredJSON: Codable, Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case text(String)
    case list([StoredJSON])
    case object([String: StoredJSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([StoredJSON].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: StoredJSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let items): try container.encode(items)
        case .object(let members): try container.encode(members)
        }
    }

    /// The value as a text: a text itself, a number or a truth value; `nil` for anything with parts.
    var scalar: Secret? {
        switch self {
        case .text(let text): Secret(text)
        case .int(let number): Secret(String(number))
        case .double(let number): Secret(String(number))
        case .bool(let flag): Secret(String(flag))
        case .null, .list, .object: nil
        }
    }

    /// Reads a text; `nil` when it is no JSON.
    init?(parsing text: String) {
        guard let value = try? JSONDecoder().decode(StoredJSON.self, from: Data(text.utf8)) else { return nil }
        self = value
    }
}
