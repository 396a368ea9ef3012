import Foundation
import TextForms

/// Flat text fields as JSON text with sorted keys, so that equal fields are equal text.
///
/// A ledger holds one such text per object, ten thousand and more; the common form, without escapes, is read by hand
/// and everything else by the decoder of JSON.
enum FlatFields {
    /// JSON text of the fields.
    static func encode(_ fields: [String: String]) throws -> String {
        try StateJSON.encode(fields)
    }

    /// Fields of JSON text.
    static func decode(_ text: String) throws -> [String: String] {
        if let fields = plain(text) { return fields }
        return try StateJSON.decode([String: String].self, from: text)
    }

    /// Reads `{"a":"b",…}` without whitespace and escapes; `nil` for any other form.
    private static func plain(_ text: String) -> [String: String]? {
        var rest = text.utf8[...]
        guard rest.popFirst() == UInt8(ascii: "{") else { return nil }
        var fields: [String: String] = [:]
        fields.reserveCapacity(1 + rest.count { $0 == UInt8(ascii: ",") })
        if rest.elementsEqual([UInt8(ascii: "}")]) { return fields }
        while let name = string(&rest) {
            guard rest.popFirst() == UInt8(ascii: ":"), let value = string(&rest) else { return nil }
            fields[name] = value
            switch rest.popFirst() {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "}"): return rest.isEmpty ? fields : nil
            default: return nil
            }
        }
        return nil
    }

    private static func string(_ rest: inout Substring.UTF8View.SubSequence) -> String? {
        guard rest.popFirst() == UInt8(ascii: "\""),
            let end = rest.firstIndex(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }),
            rest[end] == UInt8(ascii: "\"")
        else { return nil }
        let content = String(Substring(rest[..<end]))
        rest = rest[rest.index(after: end)...]
        return content
    }
}

/// JSON text as the state keeps it.
enum StateJSON {
    /// One line with sorted keys.
    static func encode(_ value: some Encodable) throws -> String {
        try SortedJSON.text(value)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
