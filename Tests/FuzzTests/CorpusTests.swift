import Foundation
import FuzzEntries
import Testing

/// What the fuzzer starts from, and what it once found, goes through the same entries in every run of the tests.
@Suite("Corpora of the fuzzer")
struct CorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fuzz/Corpora")

    private static func files(of entry: FuzzEntry) throws -> [(name: String, bytes: [UInt8])] {
        let folder = folder.appendingPathComponent(entry.rawValue)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
            (name, Array(try Data(contentsOf: folder.appendingPathComponent(name))))
        }
    }

    @Test("what must hold for any bytes holds for each file", arguments: FuzzEntry.allCases)
    func corpus(entry: FuzzEntry) throws {
        let files = try Self.files(of: entry)
        #expect(files.count >= 10)
        for file in files {
            let broken = entry.broken(by: file.bytes)
            #expect(broken == nil, "\(file.name)")
        }
    }

    @Test("and for what is left when one is cut anywhere", arguments: FuzzEntry.allCases)
    func cut(entry: FuzzEntry) throws {
        for file in try Self.files(of: entry) where file.bytes.count < 2_000 {
            for length in stride(from: 0, to: file.bytes.count, by: 1 + file.bytes.count / 40) {
                let broken = entry.broken(by: Array(file.bytes.prefix(length)))
                #expect(broken == nil, "\(file.name), its first \(length) bytes")
            }
        }
    }

    @Test("every folder is of an entry")
    func folders() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(names) == Set(FuzzEntry.allCases.map(\.rawValue)))
    }

    @Test("a saved plan that is changed in any byte is refused")
    func changedPlan() throws {
        let sealed = Array(try Data(contentsOf: Self.folder.appendingPathComponent("plans/sealed")))
        #expect(FuzzEntry.isAcceptedPlan(sealed))
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= index % 2 == 0 ? 0x01 : 0x20
            #expect(!FuzzEntry.isAcceptedPlan(changed), "byte \(index)")
        }
    }
}
