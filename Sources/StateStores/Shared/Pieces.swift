import Execution
import FoundationEssentials
import TextForms

/// A document that is larger than one object can be: what stands under its name is where its pieces are.
struct Pieces: Codable, Sendable {
    private static let mark = Array("SPLp".utf8)

    /// Drawn for these pieces.
    let draw: String
    let count: Int

    init(draw: String, count: Int) {
        self.draw = draw
        self.count = count
    }

    /// `nil` when the object is the document itself.
    init?(of bytes: [UInt8]) throws {
        guard bytes.starts(with: Self.mark) else { return nil }
        self = try JSONDecoder().decode(Pieces.self, from: Data(bytes.dropFirst(Self.mark.count)))
    }

    var bytes: [UInt8] {
        get throws { Self.mark + Array(try SortedJSON.data(self)) }
    }

    var names: [SharedObjectName] {
        (0..<count).map { SharedObjectName("pieces/\(draw)/\($0)") }
    }
}
