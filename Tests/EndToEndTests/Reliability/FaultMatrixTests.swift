import Foundation
import Testing
import TestSupport

/// Every call of a story, disturbed in every way; `docs/reliability.md` is what comes of it.
@Suite("Every call and every fault")
struct FaultMatrixTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let isRecording = environment["SPILLWAY_RECORD"] == "1"

    /// One of how many cells is tried: `SPILLWAY_TEST_SCALE` raises the share, and 10 tries all.
    private static let share: Int = {
        let scale = environment["SPILLWAY_TEST_SCALE"].flatMap { Int($0) } ?? 1
        return scale >= 10 ? 1 : max(1, 40 / max(1, scale))
    }()

    @Test("what was recorded of each disturbed call is so")
    func matrix() async throws {
        if let cell = Self.environment["SPILLWAY_FAULT"] { return try await Self.show(cell) }
        let page = try? Self.page()
        let calls = Self.isRecording ? try await Self.made(3) : Set(try #require(page).calls)
        let cells = calls.sorted().enumerated().flatMap { row, call in
            FaultKind.all.enumerated().filter {
                Self.isRecording || ($0.offset + row * FaultKind.all.count) % Self.share == 0
            }
            .map { FaultCell(call: call, kind: $0.element) }
        }
        let results = try await Self.play(cells, recorded: Self.isRecording ? nil : page)
        for (cell, result) in results where !result.findings.isEmpty {
            Issue.record("\(cell.name): \(result.text)\n\(result.findings.joined(separator: "\n"))\n\(result.story)")
        }
        guard Self.isRecording else { return Self.compare(results, with: page) }
        let recorded = results.reduce(into: [FaultCall: [String: String]]()) { cells, entry in
            cells[entry.0.call, default: [:]][entry.0.kind.name] = entry.1.findings.isEmpty ? entry.1.text : "?"
        }
        try ReliabilityPage(recorded).text.write(to: ReliabilityPage.file, atomically: true, encoding: .utf8)
        Issue.record("recorded docs/reliability.md; look at it, then run again without SPILLWAY_RECORD")
    }

    /// A run that breaks no rule may end otherwise than recorded where a busy machine makes it late: of few cells, not of
    /// many.
    private static func compare(_ results: [(FaultCell, FaultCell.Result)], with page: ReliabilityPage?) {
        let others = results.filter { page?.cells[$0.call]?[$0.kind.name] != $1.text }
        let told = others.map { "\($0.name) on the page, and in truth \($1.text):\n\($1.story)" }
        #expect(others.count <= results.count / 10, "\(told.joined(separator: "\n\n"))")
    }

    @Test("the page is what its cells make")
    func page() throws {
        let text = try String(contentsOf: ReliabilityPage.file, encoding: .utf8)
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
        ManifestCheckedInFile("docs/reliability.md", supportFile: folder).expect(ReliabilityPage(parsing: text).text)
        #expect(!text.contains("|?"), "a cell that breaks a rule is mended, not recorded")
    }

    private static func page() throws -> ReliabilityPage {
        ReliabilityPage(parsing: try String(contentsOf: ReliabilityPage.file, encoding: .utf8))
    }

    /// The calls of the story, as several runs of it make them: some depend on who is quicker.
    private static func made(_ times: Int) async throws -> Set<FaultCall> {
        var calls: Set<FaultCall> = []
        let queue = CellQueue([])
        for _ in 0..<times { try await lane(queue) { calls in await queue.note(calls) } }
        calls.formUnion(await queue.calls)
        return calls
    }

    /// Plays cells on several stages at once.
    private static func play(
        _ cells: [FaultCell], recorded page: ReliabilityPage?
    ) async throws -> [(FaultCell, FaultCell.Result)] {
        let queue = CellQueue(cells, recorded: page)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<(cells.count > 100 ? 6 : 3) {
                group.addTask {
                    repeat { try await lane(queue) { await queue.note($0) } } while await !queue.isEmpty
                }
            }
            try await group.waitForAll()
        }
        if let page {
            let missing = await queue.calls.subtracting(page.calls)
            #expect(missing.isEmpty, "docs/reliability.md misses calls: \(missing.sorted())")
        }
        return await queue.results
    }

    /// Plays some cells of the queue on one stage, which is not used for so long that links and leases notice.
    private static func lane(
        _ queue: CellQueue, _ note: @escaping @Sendable (Set<FaultCall>) async -> Void
    ) async throws {
        try await FaultStage.with { stage in
            defer { stage.clear() }
            await note(stage.undisturbed.calls)
            for _ in 0..<30 {
                guard let cell = await queue.next() else { return }
                var result = try await cell.play(on: stage)
                // What differs only by who was quicker does not differ twice.
                if await queue.differs(cell, result), result.findings.isEmpty {
                    result = try await cell.play(on: stage)
                }
                await queue.add(cell, result)
            }
        }
    }

    /// Plays one cell, by its row and its column, and shows what its runs said.
    private static func show(_ text: String) async throws {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        let calls = try page().calls
        let row = try #require(words.first.flatMap { Int($0) })
        let call = try #require(calls.indices.contains(row - 1) ? calls[row - 1] : nil)
        let kind = try #require(FaultKind.all.first { $0.name == words.last })
        let results = try await play([FaultCell(call: call, kind: kind)], recorded: nil)
        for (cell, result) in results {
            print(cell.name, result.text, result.story, result.findings.joined(separator: "\n"), separator: "\n")
            #expect(result.findings == [])
        }
    }
}

/// Cells that are still to be played, and what came of the others.
private actor CellQueue {
    private var cells: ArraySlice<FaultCell>
    private let page: ReliabilityPage?
    private(set) var results: [(FaultCell, FaultCell.Result)] = []
    private(set) var calls: Set<FaultCall> = []

    init(_ cells: [FaultCell], recorded page: ReliabilityPage? = nil) {
        self.cells = cells[...]
        self.page = page
    }

    var isEmpty: Bool { cells.isEmpty }

    func next() -> FaultCell? { cells.popFirst() }

    func note(_ calls: Set<FaultCall>) { self.calls.formUnion(calls) }

    func add(_ cell: FaultCell, _ result: FaultCell.Result) {
        results.append((cell, result))
    }

    func differs(_ cell: FaultCell, _ result: FaultCell.Result) -> Bool {
        page.map { $0.cells[cell.call]?[cell.kind.name] != result.text } ?? false
    }
}

extension FaultCell {
    fileprivate var name: String { "\(call.part), \(call.service.rawValue), \(call.template), \(kind.name)" }
}

extension FaultCell.Result {
    fileprivate var story: String { told.joined(separator: "\n\n") }
}
