import Testing

@testable import Manifest

@Suite("What happens to every field")
struct FieldFateTests {
    private struct Fate {
        let field: String
        /// Set, changed, removed.
        let words: [String]
    }

    private let fates = FieldFates.table.split(separator: "\n").map { line in
        let parts = line.split(separator: "|").map { String($0).trimmed }
        return Fate(field: parts.first ?? "", words: Array(parts.dropFirst()))
    }

    private static let known: Set<String> = [
        "sent", "read", "found", "refused", "published", "recorded", "moves", "left", "removed", "default",
    ]

    private var tables: [Table] {
        [Table.header, Table.list] + ManifestKind.allCases.map(Table.of) + StructureName.allCases.map(Table.of)
    }

    @Test("Every field of every kind says what happens when it is set, changed and removed")
    func complete() {
        let declared = tables.flatMap { table in table.fields.map { "\(table.name) \($0.path)" } }
        let told = fates.map(\.field)
        #expect(Set(declared).subtracting(told).sorted() == [], "fields without an entry in FieldFates")
        #expect(Set(told).subtracting(declared).sorted() == [], "entries of fields that are gone")
        #expect(told.count == Set(told).count, "a field has two entries")
        for fate in fates {
            #expect(fate.words.count == 3, "\(fate.field)")
            for words in fate.words {
                let first = String(words.prefix(while: \.isLetter))
                #expect(Self.known.contains(first), "\(fate.field): \(words)")
            }
        }
    }

    @Test("A field whose change is an error is refused, or means another object; one that may be absent says what then")
    func changes() throws {
        let words = Dictionary(fates.map { ($0.field, $0.words) }) { first, _ in first }
        for table in tables {
            for field in table.fields {
                let fate = try #require(words["\(table.name) \(field.path)"])
                switch field.change {
                case .no:
                    #expect(["refused", "found"].contains(fate[1].firstWord), "\(table.name) \(field.path)")
                case .replace:
                    #expect(["refused", "published"].contains(fate[1].firstWord), "\(table.name) \(field.path)")
                case .grow: #expect(fate[1].contains("refused when it shrinks"), "\(table.name) \(field.path)")
                case .yes: break
                }
            }
        }
    }
}

extension String {
    fileprivate var firstWord: String { String(prefix(while: \.isLetter)) }

    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
