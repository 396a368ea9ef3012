import CZlib
import Domain
import Execution
import FoundationEssentials
import TextForms

/// JSON documents as shared objects hold them: compressed, with their length in front (RFC 1950).
enum Deflated {
    /// Bytes of a document that are believed; a ledger is cut into parts much smaller than this.
    static let largest = 1 << 28

    private static let mark = Array("SPL1".utf8)

    /// Why bytes are no document.
    struct Damaged: Error, CustomStringConvertible {
        let description: String
    }

    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let plain = Array(try SortedJSON.data(value))
        guard plain.count <= largest else {
            throw Damaged(description: "\(plain.count) bytes are too much for one object")
        }
        var length = compressBound(uLong(plain.count))
        var packed = [UInt8](repeating: 0, count: Int(length))
        guard compress2(&packed, &length, plain, uLong(plain.count), Z_BEST_SPEED) == Z_OK else {
            throw Damaged(description: "\(plain.count) bytes could not be compressed")
        }
        let header = mark + withUnsafeBytes(of: UInt32(plain.count).bigEndian) { Array($0) }
        return header + packed.prefix(Int(length))
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        let header = mark.count + MemoryLayout<UInt32>.size
        guard bytes.count > header, bytes.starts(with: mark) else {
            throw Damaged(description: "it does not begin as an object of a ledger")
        }
        let length = bytes[mark.count..<header].reduce(0) { $0 << 8 | Int($1) }
        guard length <= largest else { throw Damaged(description: "it claims to hold \(length) bytes") }
        var plain = [UInt8](repeating: 0, count: length)
        var written = uLong(length)
        let packed = Array(bytes[header...])
        guard uncompress(&plain, &written, packed, uLong(packed.count)) == Z_OK, Int(written) == length else {
            throw Damaged(description: "it is damaged")
        }
        return try JSONDecoder().decode(type, from: Data(plain))
    }
}

/// How a document is written.
enum DocumentForm {
    case deflated
    /// As text, since some services have an object of their own for a lock, which shows people what it says.
    case plain

    static func of(_ name: SharedObjectName) -> DocumentForm { name == .lock ? .plain : .deflated }

    func encode(_ value: some Encodable) throws -> [UInt8] {
        switch self {
        case .deflated: try Deflated.encode(value)
        case .plain: Array(try SortedJSON.data(value))
        }
    }

    func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        switch self {
        case .deflated: try Deflated.decode(type, from: bytes)
        case .plain: try JSONDecoder().decode(type, from: Data(bytes))
        }
    }
}
