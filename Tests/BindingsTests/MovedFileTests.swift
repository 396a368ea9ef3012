import Domain
import Execution
import Planning
import Testing

@testable import Bindings

@Suite("Published files whose format or place changes")
struct MovedFileTests {
    private let folder: ScratchFolder
    private let address = ResourceAddress(.binding, "checkout/0")

    init() throws {
        folder = try ScratchFolder()
    }

    private func workspace(_ format: FilePlace.Format, _ path: String = "c.conf") -> Workspace {
        checkoutWorkspace(publish: [.file(FilePlace(path: path, format: format, contents: .all))], secrets: signIn)
    }

    private func published(_ workspace: Workspace) throws -> LastPublication {
        let binding = try #require(workspace.clientBindings["checkout"])
        var row = binding.publish[0].remembered
        for key in binding.properties.keys { row["properties.\(key)"] = "" }
        for key in binding.secrets.keys { row["secrets.\(key)"] = "" }
        return try #require(
            LastPublication(of: Recorded.Owned(origin: .created, deletionPolicy: .retain, applied: row)))
    }

    private func observe(_ workspace: Workspace, after before: LastPublication) async throws -> StoreSnapshot {
        let observer = BindingStoreObserver(
            folder: folder.path, connections: connected(workspace, in: folder), publications: [address: before],
            fingerprinter: fingerprinter)
        let binding = try #require(workspace.clientBindings["checkout"])
        let reach = await observer.observe(binding, targetIndex: 0)
        return try #require(reach.snapshot)
    }

    private static let pairs = FilePlace.Format.allCases.flatMap { from in
        FilePlace.Format.allCases.filter { $0 != from }.map { (from, $0) }
    }

    @Test("a file in a new format is the one that a first publication makes", arguments: pairs)
    func rewritten(from: FilePlace.Format, to: FilePlace.Format) async throws {
        try await performer(workspace(from), in: folder).perform(publication())
        let before = try published(workspace(from))
        #expect(try await observe(workspace(to), after: before).formerFormat == .replaceable)
        let run = performer(workspace(to), in: folder, publications: [address: before])
        try await run.perform(publication(generation: 2))
        let fresh = try ScratchFolder()
        try await performer(workspace(to), in: fresh).perform(publication(generation: 2))
        #expect(try folder.text(of: "c.conf") == fresh.text(of: "c.conf"))
        #expect(try folder.names() == fresh.names())
        // A run that was killed before it could say so has nothing left to do.
        #expect(try await observe(workspace(to), after: before).formerFormat == nil)
        try await run.perform(publication(generation: 2))
        #expect(try folder.text(of: "c.conf") == fresh.text(of: "c.conf"))
    }

    @Test("a file that others write to keeps its format", arguments: pairs.filter { $0.0 != .json })
    func shared(from: FilePlace.Format, to: FilePlace.Format) async throws {
        try await performer(workspace(from), in: folder).perform(publication())
        let text = "# of somebody else\n" + (try folder.text(of: "c.conf"))
        try folder.write(text, to: "c.conf")
        let before = try published(workspace(from))
        #expect(try await observe(workspace(to), after: before).formerFormat == .shared)
        await #expect(throws: StepFailure.self) {
            try await performer(workspace(to), in: folder, publications: [address: before])
                .perform(publication(generation: 2))
        }
        #expect(try folder.text(of: "c.conf") == text)
    }

    @Test("what is left in a file that is not published to any more is read by the keys that were published")
    func left() async throws {
        let before = workspace(.properties)
        try await performer(before, in: folder).perform(publication())
        let binding = try #require(before.clientBindings["checkout"])
        var row = binding.publish[0].remembered
        for key in binding.properties.keys { row["properties.\(key)"] = "" }
        for key in binding.secrets.keys { row["secrets.\(key)"] = "" }
        var recorded = Recorded()
        recorded.owned[address] = Recorded.Owned(origin: .created, deletionPolicy: .retain, applied: row)
        let after = workspace(.properties, "d.conf")
        let place = try #require(recorded.placesLeft(in: after).first)
        let observer = BindingStoreObserver(
            folder: folder.path, connections: connected(after, in: folder), fingerprinter: fingerprinter)
        let seen = try #require(await observer.observe(place).snapshot)
        #expect(Set(seen.properties.keys) == Set(binding.properties.keys))
        #expect(Set(seen.secrets.keys) == Set(binding.secrets.keys))
        let step = Step(
            "withdraw", address,
            .binding(
                .withdraw(
                    Withdrawal(
                        binding: "checkout", target: place.target,
                        keys: place.keys.plain.union(place.keys.secret).sorted()))))
        try await performer(after, in: folder).perform(step)
        #expect(await observer.observe(place).snapshot == StoreSnapshot())
    }

    @Test(
        "what was published is removed, and the file goes unless others keep something in it",
        arguments: FilePlace.Format.allCases)
    func withdrawn(format: FilePlace.Format) async throws {
        let workspace = workspace(format)
        try await performer(workspace, in: folder).perform(publication())
        let target = try #require(workspace.clientBindings["checkout"]?.publish[0])
        let keys = try published(workspace).keys.sorted()
        let step = Step(
            "withdraw", address, .binding(.withdraw(Withdrawal(binding: "checkout", target: target, keys: keys))))
        try await performer(workspace, in: folder).perform(step)
        #expect(try folder.names() == [])
        try await performer(workspace, in: folder).perform(step)

        let theirs = format == .json ? "{\n  \"theirs\": \"1\"\n}\n" : format == .yaml ? "theirs: 1\n" : "theirs=1\n"
        try folder.write(theirs, to: "c.conf")
        try await performer(workspace, in: folder).perform(publication(generation: 2))
        try await performer(workspace, in: folder).perform(step)
        #expect(try folder.text(of: "c.conf") == theirs)
    }
}
