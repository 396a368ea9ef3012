import Domain
import TextForms

/// A JSON object: members of its top level are read and set as text, every other byte stays as it is (RFC 8259).
struct JSONDocument: PublishedDocument {
    private struct Member {
        let name: String
        /// Bytes of the value.
        let value: Range<Int>
    }

    private var bytes: [UInt8]
    private var members: [Member]
    /// Where the object's `{` and `}` stand.
    private var object: ClosedRange<Int>

    /// Reads a document; no text at all is an empty object.
    init(_ text: String) throws(UneditableFile) {
        let isEmpty = text.unicodeScalars.allSatisfy { " \t\r\n".unicodeScalars.contains($0) }
        bytes = Array((isEmpty ? "{}\n" : text).utf8)
        members = []
        object = 0...1
        try scan()
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func value(for key: String) -> String? {
        guard let member = members.last(where: { $0.name == key }) else { return nil }
        let raw = bytes[member.value]
        return JSONSpelling.decode(raw) ?? String(decoding: raw, as: UTF8.self)
    }

    mutating func set(_ key: String, to value: String) {
        guard self.value(for: key) != value else { return }
        if let member = members.last(where: { $0.name == key }) {
            bytes.replaceSubrange(member.value, with: Array(JSONString.quoted(value).utf8))
        } else {
            insert("\(JSONString.quoted(key)): \(JSONString.quoted(value))")
        }
        // The text was valid before and got one valid member; scanning again only finds the new places.
        do { try scan() } catch { return }
    }

    mutating func remove(_ key: String) {
        guard let index = members.lastIndex(where: { $0.name == key }) else { return }
        let value = members[index].value
        if index > 0 {
            bytes.removeSubrange(members[index - 1].value.upperBound..<value.upperBound)
        } else if members.count > 1 {
            let start = firstNonBlank(from: object.lowerBound + 1)
            let comma = firstNonBlank(from: value.upperBound)
            bytes.removeSubrange(start..<firstNonBlank(from: comma + 1))
        } else {
            bytes.replaceSubrange(object, with: Array("{}".utf8))
        }
        // The text was valid before and lost one whole member; scanning again only finds the new places.
        do { try scan() } catch { return }
    }

    private func firstNonBlank(from position: Int) -> Int {
        bytes[position...].firstIndex { !JSONSpelling.isBlank($0) } ?? bytes.endIndex
    }

    /// JSON has no comments; bookkeeping stands in a file beside it.
    func bookkeeping(of binding: String) -> StoreSnapshot.Bookkeeping? { nil }

    mutating func set(_ bookkeeping: StoreSnapshot.Bookkeeping, of binding: String) {}

    mutating func removeBookkeeping(of binding: String) {}

    var isBlank: Bool { members.isEmpty }

    private mutating func insert(_ member: String) {
        if let last = members.last {
            let start = members.count > 1 ? members[members.count - 2].value.upperBound : object.lowerBound + 1
            let between = bytes[start...].drop { $0 == UInt8(ascii: ",") }.prefix(while: JSONSpelling.isBlank)
            bytes.insert(contentsOf: Array(",".utf8) + between + Array(member.utf8), at: last.value.upperBound)
        } else {
            bytes.replaceSubrange(object, with: Array("{\n  \(member)\n}".utf8))
        }
    }

    private mutating func scan() throws(UneditableFile) {
        var scanner = JSONScanner(bytes)
        var found: [Member] = []
        object = try scanner.object { (name, value) throws(UneditableFile) in
            if found.contains(where: { $0.name == name }) {
                throw UneditableFile("names a member for the second time")
            }
            found.append(Member(name: name, value: value))
        }
        members = found
    }
}
