import Domain
import Execution
import Foundation
import Planning
import Synchronization
import Testing

@testable import Bindings

@Suite("Bindings published to files")
struct FileBindingTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func observe(_ workspace: Workspace, target: Int = 0) async throws -> Reach<StoreSnapshot> {
        let binding = try #require(workspace.clientBindings["checkout"])
        return await BindingStoreObserver(
            folder: folder.path, connections: connected(workspace, in: folder), fingerprinter: fingerprinter
        ).observe(binding, targetIndex: target)
    }

    private func failure(_ body: () async throws -> Void) async -> StepFailure? {
        do {
            try await body()
        } catch let failure as StepFailure {
            return failure
        } catch {
            Issue.record("\(error)")
        }
        return nil
    }

    @Test("what is published is what is observed, in every format", arguments: FilePlace.Format.allCases)
    func roundTrip(format: FilePlace.Format) async throws {
        let workspace = checkoutWorkspace(
            publish: [.file(FilePlace(path: "out/deep/client.conf", format: format, contents: .all))], secrets: signIn)
        guard case .reachable(let before) = try await observe(workspace) else {
            Issue.record("a missing file is an empty store")
            return
        }
        #expect(before == StoreSnapshot())
        try await performer(workspace, in: folder).perform(publication(generation: 3))
        let snapshot = try #require(try await observe(workspace).snapshot)
        #expect(
            snapshot.properties == [
                "bootstrap.servers": "west:9092,west:9093", "schema.registry.url": "https://sr-west",
                "client.id": "checkout-payments-west",
            ])
        #expect(
            snapshot.secrets == [
                "sasl.username": fingerprint("WKEY"),
                "sasl.jaas": fingerprint("key=\"WKEY\" secret=w=s#e\\cret \"quoted\" ${literal}"),
            ])
        #expect(
            snapshot.bookkeeping
                == StoreSnapshot.Bookkeeping(primary: "west", epoch: 0, ledger: "led1", generation: 3))
        #expect(try folder.mode(of: "out/deep/client.conf") == 0o600)
        #expect(
            try folder.names(in: "out/deep")
                == (format == .json ? ["client.conf", "client.conf.spillway"] : ["client.conf"]))
    }

    @Test("moving rewrites the named keys only; publishing again rewrites nothing")
    func moveAndRepeat() async throws {
        let workspace = checkoutWorkspace(publish: [
            .file(FilePlace(path: "c.properties", format: .properties, contents: .properties))
        ])
        try folder.write("# mine\nlinger.ms=5\n", to: "c.properties", mode: 0o640)
        try await performer(workspace, in: folder).perform(publication())
        try await performer(workspace, in: folder).perform(publication(to: "east", epoch: 1, generation: 2))
        let text = """
            # mine
            linger.ms=5
            bootstrap.servers=east:9092
            client.id=checkout-payments-east
            schema.registry.url=https://sr-east
            # spillway: binding=checkout primary=east epoch=1 ledger=led1 generation=2

            """
        #expect(try folder.text(of: "c.properties") == text)
        #expect(try folder.mode(of: "c.properties") == 0o640)
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/c.properties")
        try await performer(workspace, in: folder).perform(publication(to: "east", epoch: 1, generation: 2))
        let after = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/c.properties")
        #expect(attributes[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
    }

    @Test("an open file that gets secrets is closed to others, also when nothing else changes")
    func closed() async throws {
        let workspace = checkoutWorkspace(
            publish: [.file(FilePlace(path: ".env", format: .dotenv, contents: .secrets))], secrets: signIn)
        try await performer(workspace, in: folder).perform(publication())
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(folder.path)/.env")
        try await performer(workspace, in: folder).perform(publication())
        #expect(try folder.mode(of: ".env") == 0o600)
        #expect(try !folder.text(of: ".env").contains("BOOTSTRAP_SERVERS"))
        let open = workspaceWithPlainFile()
        try await performer(open, in: folder).perform(publication())
        #expect(try folder.mode(of: "plain.yaml") == 0o644)
    }

    private func workspaceWithPlainFile() -> Workspace {
        checkoutWorkspace(publish: [.file(FilePlace(path: "plain.yaml", format: .yaml, contents: .properties))])
    }

    @Test(
        "a greater epoch, or the same epoch of another ledger, is never overwritten",
        arguments: [FilePlace.Format.properties, .json])
    func epochs(format: FilePlace.Format) async throws {
        let workspace = checkoutWorkspace(publish: [
            .file(FilePlace(path: "c.conf", format: format, contents: .properties))
        ])
        try await performer(workspace, in: folder).perform(publication(to: "east", epoch: 4, generation: 9))
        let text = try folder.text(of: "c.conf")
        let older = await failure { try await performer(workspace, in: folder).perform(publication(epoch: 3)) }
        let without = await failure { try await performer(workspace, in: folder).perform(publication(epoch: nil)) }
        let foreign = await failure {
            try await performer(workspace, in: folder, ledger: "led2").perform(publication(epoch: 4))
        }
        #expect([older, without, foreign].map { $0?.kind } == [.conflict, .conflict, .conflict])
        #expect(foreign?.message.contains("led1") == true)
        #expect(try folder.text(of: "c.conf") == text)
        try await performer(workspace, in: folder, ledger: "led2").perform(publication(epoch: 5, generation: 10))
        #expect(try await observe(workspace).snapshot?.bookkeeping?.ledger == "led2")
    }

    @Test("before a group has ever moved, a new ledger may publish over an old one")
    func lostLedger() async throws {
        let workspace = checkoutWorkspace(publish: [
            .file(FilePlace(path: "c.conf", format: .properties, contents: .properties))
        ])
        try await performer(workspace, in: folder, ledger: "old").perform(publication(generation: 2))
        try await performer(workspace, in: folder, ledger: "new").perform(publication(generation: 3))
        #expect(try await observe(workspace).snapshot?.bookkeeping?.ledger == "new")
    }

    @Test("a key that is dropped is removed, unless another binding keeps it in the same file")
    func dropped() async throws {
        let target = PublishTarget.file(FilePlace(path: "shared.env", format: .dotenv, contents: .properties))
        var workspace = checkoutWorkspace(publish: [target])
        workspace.clientBindings["checkout"]?.properties["linger.ms"] = "5"
        workspace.clientBindings["checkout"]?.properties["acks"] = "all"
        try await performer(workspace, in: folder).perform(publication())
        #expect(try folder.text(of: "shared.env").contains("LINGER_MS=5"))
        workspace.clientBindings["checkout"]?.properties["linger.ms"] = nil
        workspace.clientBindings["checkout"]?.properties["acks"] = nil
        var other = ClientBindingSpec(metadata: Metadata(name: "other"), target: .cluster("west"))
        other.publish = [target]
        other.properties = ["acks": "all"]
        workspace.clientBindings["other"] = other
        let step = Step(
            "publish", ResourceAddress(.binding, "checkout/0"),
            .binding(
                .publish(
                    Publication(
                        binding: "checkout", targetIndex: 0, cluster: "west", group: "payments", epoch: 0,
                        generation: 2,
                        dropped: ["acks", "linger.ms", "never.there"]))))
        try await performer(workspace, in: folder).perform(step)
        let text = try folder.text(of: "shared.env")
        #expect(!text.contains("LINGER_MS") && text.contains("ACKS=all") && text.contains("BOOTSTRAP_SERVERS="))
    }

    private func store(_ path: String, beforeReplacing: @escaping @Sendable () -> Void = {}) -> FileBindingStore {
        FileBindingStore(
            root: folder.path, path: path, format: .properties, isPrivate: false, beforeReplacing: beforeReplacing)
    }

    private let content = StoreContent(
        binding: "checkout", properties: ["a": "1"], secrets: [:], dropped: [],
        bookkeeping: .init(primary: "west", epoch: 2, ledger: "led1", generation: 1), followsGroup: true)

    private func publish(to store: FileBindingStore) async throws {
        try await BindingPublisher(seen: nil, fingerprinter: fingerprinter).publish(content, to: store)
    }

    @Test("what somebody writes between reading and replacing is kept")
    func lostRace() async throws {
        let times = Mutex(0)
        let folder = folder
        let store = store("c.properties") {
            guard
                times.withLock({
                    $0 += 1; return $0
                }) == 1
            else { return }
            do { try folder.write("mine=2\n", to: "c.properties") } catch { Issue.record("\(error)") }
        }
        try await publish(to: store)
        #expect(times.withLock { $0 } == 2)
        #expect(try folder.text(of: "c.properties").hasPrefix("mine=2\na=1\n"))
    }

    @Test("a greater epoch written between reading and replacing stops the write; so does a file that never rests")
    func lostRaces() async throws {
        let folder = folder
        let newer = "a=9\n# spillway: binding=checkout primary=east epoch=3 ledger=led1 generation=4\n"
        let overtaken = await failure {
            try await publish(
                to: store("c.properties") {
                    do { try folder.write(newer, to: "c.properties") } catch { Issue.record("\(error)") }
                })
        }
        #expect(overtaken?.kind == .conflict)
        #expect(try folder.text(of: "c.properties") == newer)
        let times = Mutex(0)
        let restless = await failure {
            try await publish(
                to: store("restless") {
                    let number = times.withLock {
                        $0 += 1; return $0
                    }
                    do { try folder.write("n=\(number)\n", to: "restless") } catch { Issue.record("\(error)") }
                })
        }
        #expect(restless?.kind == .conflict)
        #expect(try folder.names() == ["c.properties", "restless"])
    }

    @Test(
        "nothing outside the workspace folder is written or read",
        arguments: [
            "../escape", "out/../../escape", "/tmp/escape", "link/escape", "file-link", "", "out/", "dangling",
        ])
    func confined(path: String) async throws {
        let outside = try ScratchFolder()
        try outside.write("secret=1\n", to: "target")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/link", withDestinationPath: outside.path)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/file-link", withDestinationPath: "\(outside.path)/target")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/dangling", withDestinationPath: "\(outside.path)/new")
        let workspace = checkoutWorkspace(publish: [
            .file(FilePlace(path: path, format: .properties, contents: .properties))
        ])
        let refused = await failure { try await performer(workspace, in: folder).perform(publication()) }
        #expect(refused?.kind == .rejected)
        guard case .broken = try await observe(workspace) else {
            Issue.record("read through \(path)")
            return
        }
        #expect(try outside.names() == ["target"])
        #expect(try outside.text(of: "target") == "secret=1\n")
    }

    @Test("a file that cannot be edited safely is left as it is, and its content is in no message")
    func uneditable() async throws {
        let workspace = checkoutWorkspace(
            publish: [.file(FilePlace(path: "c.yaml", format: .yaml, contents: .all))], secrets: signIn)
        try folder.write("- hunter2\n", to: "c.yaml")
        let refused = try #require(await failure { try await performer(workspace, in: folder).perform(publication()) })
        #expect(refused.kind == .rejected)
        #expect(refused.message == "file c.yaml line 1 does not belong to a key of a mapping; it was left as it is")
        #expect(try folder.text(of: "c.yaml") == "- hunter2\n")
        #expect(try await observe(workspace).silence?.contains("hunter2") == false)
    }

    @Test("keys that become one name in a file are refused")
    func oneName() async throws {
        var workspace = checkoutWorkspace(publish: [
            .file(FilePlace(path: ".env", format: .dotenv, contents: .properties))
        ])
        workspace.clientBindings["checkout"]?.properties["client_id"] = "other"
        let refused = await failure { try await performer(workspace, in: folder).perform(publication()) }
        #expect(refused?.message == "keys 'client.id' and 'client_id' are both 'CLIENT_ID' in file .env")
    }

    @Test("without its credentials, or its endpoints, nothing is written")
    func incomplete() async throws {
        let workspace = checkoutWorkspace(
            publish: [.file(FilePlace(path: "c.properties", format: .properties, contents: .all))], secrets: signIn)
        let unsigned = await failure {
            try await performer(workspace, in: folder, environment: ["west_KEY": "WKEY"]).perform(publication())
        }
        #expect(unsigned == StepFailure(.withoutCredentials, "environment variable west_SECRET is not set"))
        let unknown = await failure {
            try await performer(workspace, in: folder, sites: KnownSites()).perform(publication())
        }
        #expect(
            unknown?.message
                == "${cluster.bootstrapServers} has no value: the bootstrap servers of cluster west are not known")
        #expect(try folder.names().isEmpty)
    }

    @Test("what was edited since the plan was made is a conflict with both values, not an overwrite")
    func editedSincePlanned() async throws {
        let workspace = checkoutWorkspace(
            publish: [.file(FilePlace(path: "c.properties", format: .properties, contents: .all))], secrets: signIn)
        try await performer(workspace, in: folder).perform(publication())
        let seen = try #require(try await observe(workspace).snapshot)
        let text = try folder.text(of: "c.properties")
            .replacing("west:9092,west:9093", with: "elsewhere:1").replacing("WKEY", with: "hunter2")
        try folder.write(text, to: "c.properties")
        let refused = await failure {
            try await performer(workspace, in: folder, seen: [0: seen])
                .perform(publication(to: "east", epoch: 1, generation: 2))
        }
        #expect(refused?.kind == .conflict)
        #expect(
            refused?.message.contains(
                "bootstrap.servers was 'west:9092,west:9093' when planned, is 'elsewhere:1' now") == true)
        #expect(refused?.message.contains("secret sasl.username was hmac:") == true)
        #expect(refused?.message.contains("hunter2") == false)
        #expect(try folder.text(of: "c.properties") == text)
        let current = try #require(try await observe(workspace).snapshot)
        try await performer(workspace, in: folder, seen: [0: current])
            .perform(publication(to: "east", epoch: 1, generation: 2))
        #expect(try await observe(workspace).snapshot?.properties["bootstrap.servers"] == "east:9092")
    }

    @Test("a key that is a secret is never read as a plain property")
    func neverPlain() async throws {
        var workspace = checkoutWorkspace(
            publish: [.file(FilePlace(path: ".env", format: .dotenv, contents: .properties))], secrets: signIn)
        workspace.clientBindings["checkout"]?.properties["sasl_username"] = "x"
        try folder.write("SASL_USERNAME=hunter2\n", to: ".env")
        let snapshot = try #require(try await observe(workspace).snapshot)
        #expect(snapshot.properties.isEmpty)
        #expect(snapshot.secrets.isEmpty)
    }
}
