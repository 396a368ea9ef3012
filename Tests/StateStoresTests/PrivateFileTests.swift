import Foundation
import Testing

@testable import StateStores

@Suite("Private files")
struct PrivateFileTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spillway-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test("an ordinary file is replaced, and is for its owner only")
    func ordinary() throws {
        try inFolder { folder in
            _ = FileManager.default.createFile(
                atPath: "\(folder)/a", contents: Data("old".utf8), attributes: [.posixPermissions: 0o666])
            try PrivateFile.replace("\(folder)/a", with: Data("new".utf8))
            #expect(try text("\(folder)/a") == "new")
            #expect(try mode("\(folder)/a") == 0o600)
        }
    }

    @Test("a symbolic link stays one; what it leads to is replaced, or made", arguments: ["old", nil])
    func links(_ old: String?) throws {
        try inFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/real", withIntermediateDirectories: true)
            if let old { try Data(old.utf8).write(to: URL(fileURLWithPath: "\(folder)/real/a")) }
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/b", withDestinationPath: "real/a")
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/c", withDestinationPath: "b")
            try PrivateFile.replace("\(folder)/c", with: Data("new".utf8))
            #expect(try text("\(folder)/real/a") == "new")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/c") == "b")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/b") == "real/a")
        }
    }

    @Test("a pipe stays a pipe and is written to; a folder is refused")
    func special() async throws {
        try inFolder { folder in
            #expect(throws: PrivateFile.Failure.self) { try PrivateFile.replace(folder, with: Data()) }
            let path = "\(folder)/pipe"
            try #require(mkfifo(path, 0o600) == 0)
            let reader = open(path, O_RDONLY | O_NONBLOCK)
            try #require(reader >= 0)
            defer { close(reader) }
            try PrivateFile.replace(path, with: Data("new".utf8))
            var bytes = [UInt8](repeating: 0, count: 8)
            #expect(read(reader, &bytes, 8) == 3)
            #expect(String(decoding: bytes.prefix(3), as: UTF8.self) == "new")
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.type] as? FileAttributeType != .typeRegular)
        }
    }
}
