import Foundation
import SimulatorServer
import Testing
import TestSupport

@testable import Manifest

@Suite("Every field, from the manifest to the wire")
struct FieldTests {
    @Test("what is set, changed and removed is seen there, or refused", arguments: FieldChapters.all)
    func chapter(_ chapter: FieldChapter) async throws {
        try await LocalServer.with(FieldChapters.answer) { recorder in
            try await Stage.with { stage in
                var stage = stage
                stage.recorder = recorder
                let run = try await FieldRun(chapter, on: stage)
                try await run.set()
                try await run.refuse()
                try await run.change()
                try await run.remove()
            }
        }
    }

    @Test("a field without an entry is one that may be accepted and ignored")
    func complete() throws {
        let shown = FieldChapters.all.flatMap { $0.entries.map(\.field) } + FieldChapters.tests.flatMap(\.fields)
        let missing = Set(Self.declared).subtracting(shown)
        #expect(missing.sorted() == [], "fields without an entry")
        #expect(Set(shown).subtracting(Self.declared).sorted() == [], "entries of fields that are gone")
        for test in FieldChapters.tests {
            guard let (file, function) = test.elsewhere else { continue }
            let text = try String(contentsOf: Self.tests.appendingPathComponent(file), encoding: .utf8)
            #expect(text.contains("func \(function)("), "\(file) has no \(function)")
        }
    }

    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every field of every table; those of links and exporters at each place where they may stand.
    private static var declared: [String] {
        let structures = StructureName.allCases.filter { $0 != .linkSettings && $0 != .schemaSettings }
        let tables = [Table.header, Table.list] + ManifestKind.allCases.map(Table.of) + structures.map(Table.of)
        return tables.flatMap { table in
            let own = table.fields.flatMap { field -> [String] in
                switch field.type {
                case .structure(.linkSettings): fields(of: .linkSettings, at: field.path, without: ["linkName"])
                case .structure(.schemaSettings): fields(of: .schemaSettings, at: field.path, without: [])
                default: [field.path]
                }
            }
            let embedded = table.embedded.flatMap { place, structure in
                fields(of: structure, at: place, without: []).filter { table.excluded[$0] == nil }
            }
            return (own + embedded).map { "\(table.name) \($0)" }
        }
    }

    private static func fields(of structure: StructureName, at path: String, without hidden: Set<String>) -> [String] {
        Table.of(structure).fields.map(\.path).filter { !hidden.contains($0) }.map { "\(path).\($0)" }
    }
}

/// One chapter on its stage.
struct FieldRun {
    private let chapter: FieldChapter
    private let stage: Stage
    private let whole: Documents
    private let words: [String: String]

    init(_ chapter: FieldChapter, on given: Stage) async throws {
        var stage = given
        stage.spillway.environment.merge(chapter.environment) { $1 }
        self.chapter = chapter
        self.stage = stage
        for (name, text) in chapter.files {
            let file = stage.folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        for file in try FileManager.default.contentsOfDirectory(atPath: stage.folder.path + "/manifests") {
            try FileManager.default.removeItem(at: stage.folder.appendingPathComponent("manifests/\(file)"))
        }
        if chapter.estate != .null {
            let body = String(decoding: try JSONEncoder().encode(chapter.estate), as: UTF8.self)
            try await stage.http.send("POST", "\(stage.endpoints.admin)/estate", body)
        }
        var documents = Documents(try await chapter.documents(stage))
        for entry in chapter.entries { try documents.take(entry.set, of: entry) }
        whole = documents
        words = try await chapter.words(stage).merging(["recorder": stage.recorder?.url ?? ""]) { $1 }
    }

    func set() async throws {
        try write(whole)
        try await apply("set")
        for entry in chapter.entries { try await expect(entry, entry.set.shown, "set") }
    }

    /// One at a time: what is refused is refused for its own sake.
    func refuse() async throws {
        for entry in chapter.entries {
            for step in entry.refusals {
                guard case .refused(_, let code) = step else { continue }
                var documents = whole
                try documents.take(step, of: entry)
                try write(documents)
                let codes = try await reasons()
                #expect(codes.contains(code), "\(entry.field) = \(String(describing: step.written)): \(codes)")
            }
        }
    }

    func change() async throws {
        var documents = whole
        let changed = chapter.entries.filter { $0.changed.shown != nil }
        for entry in changed { try documents.take(entry.changed, of: entry) }
        try write(documents)
        try await apply("changed")
        for entry in changed { try await expect(entry, entry.changed.shown, "changed") }
    }

    func remove() async throws {
        var documents = whole
        let changed = chapter.entries.filter { $0.changed.shown != nil }
        for entry in changed { try documents.take(entry.changed, of: entry) }
        let removed = chapter.entries.filter { $0.removed.shown != nil }
        for entry in removed { try documents.take(entry.removed, of: entry) }
        try write(documents)
        try await apply("removed")
        for entry in removed { try await expect(entry, entry.removed.shown, "removed") }
    }

    // MARK: Pieces

    private func write(_ documents: Documents) throws {
        for (file, text) in [
            ("manifests/fields.yaml", try documents.manifests), ("spillway.yaml", try documents.workspace),
        ] where !text.isEmpty {
            let meant = words.reduce(text) { $0.replacingOccurrences(of: "<\($1.key)>", with: $1.value) }
            try meant.write(to: stage.folder.appendingPathComponent(file), atomically: true, encoding: .utf8)
        }
    }

    /// Applies, and finds nothing left to do; or only plans.
    private func apply(_ word: String) async throws {
        if chapter.mode == .planned {
            let validation = try await stage.spillway("validate")
            try #require(validation.code == 0, "\(chapter.name), \(word): \(validation.diagnostics)")
            _ = try await stage.spillway("plan")
            return
        }
        let flags = chapter.mode == .appliedWithHooks ? ["--rerun-hooks"] : []
        let applied = try await stage.spillway.start(["apply", "--auto-approve"] + flags).outcome()
        try #require(
            chapter.codes.contains(applied.code), "\(chapter.name), \(word): \(applied.output)\n\(applied.diagnostics)")
        let plan = try await stage.spillway("plan", "--detailed-exitcode")
        #expect(chapter.codes.contains(plan.code), "\(chapter.name), \(word): \(plan.output)\n\(plan.diagnostics)")
    }

    private func expect(_ entry: FieldEntry, _ value: JSONValue?, _ word: String) async throws {
        guard let value else { return }
        let seen = try await entry.wire(stage)
        #expect(seen == value, "\(entry.field), \(word)")
    }

    /// Codes of the validation's errors; when it has none, gates of the plan's refusals.
    private func reasons() async throws -> Set<String> {
        let validation = try await stage.spillway("validate", "--output", "json")
        let errors = try JSONValue(parsing: validation.output).array.filter { $0["severity"].string == "error" }
        guard errors.isEmpty else { return Set(errors.compactMap { $0["code"].string }) }
        let plan = try await stage.spillway("plan", "--output", "json")
        let refusals = (try? JSONValue(parsing: plan.output))?["refusals"].array ?? []
        return Set(refusals.compactMap { $0["gate"].string }).union(plan.code == 0 ? [] : ["exit \(plan.code)"])
    }
}
