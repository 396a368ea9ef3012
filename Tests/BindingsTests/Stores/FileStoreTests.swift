import Domain
import Foundation
import Testing

@testable import Bindings

@Suite("Files as stores of bindings")
struct FileStoreTests {
    @Test("a file keeps what every store keeps", arguments: [FilePlace.Format.properties, .json, .yaml])
    func conformance(format: FilePlace.Format) async throws {
        let folder = try ScratchFolder()
        let rig = FileRig(format: format, folder: folder)
        try await StoreConformance(rig, in: folder).check()
    }
}

/// A file, edited by hand.
private struct FileRig: StoreRig {
    let format: FilePlace.Format
    let folder: ScratchFolder

    var target: PublishTarget { .file(FilePlace(path: "c.conf", format: format, contents: .all)) }

    func values() async throws -> [String: String] {
        let document = try format.document(of: try folder.text(of: "c.conf"))
        let keys = ["bootstrap.servers", "schema.registry.url", "client.id", "sasl.username", "sasl.jaas", "their.own"]
        return keys.reduce(into: [:]) { values, key in values[key] = document.value(for: key) }
    }

    func set(_ key: String, to value: String) async throws {
        var document = try format.document(of: try folder.text(of: "c.conf"))
        document.set(key, to: value)
        try folder.write(document.text, to: "c.conf", mode: 0o600)
    }

    func wipe() async throws {
        for name in try folder.names() where name.hasPrefix("c.conf") {
            try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
        }
    }

    func version() async throws -> String {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/c.conf")
        return "\(attributes[.systemFileNumber] ?? 0) \(try folder.text(of: "c.conf"))"
    }

    func setReachable(_ isReachable: Bool) async throws {}
    var canBeCutOff: Bool { false }
}
