import Domain
import Execution
import Foundation
import Planning
import Testing

@testable import Bindings

@Suite("Secrets behind references")
struct SecretTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private var reader: SecretReader {
        SecretReader(folder: folder.path, environment: ["KEY": "from env", "EMPTY": ""])
    }

    private func text(_ reference: SecretReference) async throws -> String {
        try await reader.resolve(reference).reveal { $0 }
    }

    private func reason(_ reference: SecretReference) async -> String? {
        do {
            _ = try await reader.resolve(reference)
            return nil
        } catch {
            #expect(error.reference == reference)
            return error.reason
        }
    }

    @Test("environment variables and files are read; one trailing newline is dropped")
    func read() async throws {
        try folder.write("from file\n", to: "keys/a")
        try folder.write("windows\r\n", to: "b")
        try folder.write("two\n\n", to: "c")
        #expect(try await text(.environment("KEY")) == "from env")
        #expect(try await text(.file("keys/a")) == "from file")
        #expect(try await text(.file("\(folder.path)/b")) == "windows")
        #expect(try await text(.file("c")) == "two\n")
    }

    @Test("what cannot be read says why")
    func unreadable() async throws {
        try folder.write("\n", to: "blank")
        try folder.write("", to: "empty")
        try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: "\(folder.path)/binary"))
        try Data(count: SecretReader.largestFile + 1).write(to: URL(fileURLWithPath: "\(folder.path)/large"))
        try FileManager.default.createDirectory(atPath: "\(folder.path)/sub", withIntermediateDirectories: false)
        #expect(mkfifo("\(folder.path)/pipe", 0o600) == 0)
        #expect(await reason(.environment("NONE")) == "environment variable NONE is not set")
        #expect(await reason(.environment("EMPTY")) == "environment variable EMPTY is empty")
        #expect(await reason(.file("none")) == "file none does not exist")
        #expect(await reason(.file("sub")) == "file sub is a folder")
        #expect(await reason(.file("pipe")) == "file pipe is not a regular file")
        #expect(await reason(.file("blank")) == "file blank is empty")
        #expect(await reason(.file("empty")) == "file empty is empty")
        #expect(await reason(.file("binary")) == "file binary is not UTF-8 text")
        #expect(await reason(.file("large")) == "file large is larger than 1048576 bytes")
        let vault = SecretReference.vault(connection: "v", mount: "secret", path: "kafka", field: "key")
        #expect(await reason(vault) == "vault v: secret/kafka#key: there are no connections")
    }

    @Test("of several references the first that can be read is used; else all reasons are told")
    func firstOf() async throws {
        let vault = SecretReference.vault(connection: "v", mount: "m", path: "p", field: "f")
        #expect(try await text(.firstOf([vault, .environment("NONE"), .environment("KEY")])) == "from env")
        #expect(
            await reason(.firstOf([.environment("NONE"), .file("none")]))
                == "environment variable NONE is not set; file none does not exist")
        #expect(await reason(.firstOf([])) == "firstOf names nothing")
    }

    @Test("fingerprints are HMAC-SHA-256 under their key")
    func fingerprints() {
        // RFC 4231, test case 2.
        let known = Fingerprinter(key: Secret("Jefe")).fingerprint(Secret("what do ya want for nothing?"))
        #expect(known.hexadecimal == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(fingerprint("a") == fingerprint("a"))
        #expect(fingerprint("a") != fingerprint("b"))
        #expect(fingerprint("a") != Fingerprinter(key: Secret("other")).fingerprint(Secret("a")))
    }

    @Test("a plan learns fingerprints of what links and bindings write, and why others are missing")
    func facts() async throws {
        var workspace = checkoutWorkspace(publish: [], secrets: ["sasl.username": "${credentials.kafka.apiKey}"])
        let link = Credentials(signIn: .apiKey(key: .environment("west_KEY"), secret: .environment("gone")))
        workspace.clusters["west"]?.linkCredentials = link
        workspace.clusters["west"]?.credentials = Credentials(
            signIn: .apiKey(key: .environment("east_KEY"), secret: .environment("east_SECRET")))
        var broken = try #require(workspace.clientBindings["checkout"])
        broken.metadata.name = "broken"
        broken.secrets = ["p": "${credentials.schemaRegistry.password}"]
        workspace.clientBindings["broken"] = broken
        let facts = await SecretFactsReader(
            resolver: SecretReader(folder: folder.path, environment: applicationSecrets), fingerprinter: fingerprinter
        ).facts(of: workspace, sites: sites)
        #expect(facts.references == [.environment("west_KEY"): fingerprint("WKEY")])
        #expect(
            facts.unresolvedReferences.mapValues(\.reason)
                == [.environment("gone"): "environment variable gone is not set"])
        #expect(facts.bindings == ["checkout": ["sasl.username": fingerprint("WKEY")]])
        #expect(
            facts.unresolvedBindings.mapValues(\.reason)
                == ["broken": "the credentials of broken at west have no schemaRegistry.password"])
    }
}
