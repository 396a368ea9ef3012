import Domain
import Execution
import Planning

/// A whole ledger as a value: what the records of a log come to.
struct LedgerImage: Sendable {
    /// Owned objects by address; addresses of kinds that this version does not know are kept as they are.
    private(set) var owned: [String: OwnedRow] = [:]
    private(set) var moves: [String: RecordedMoves] = [:]
    private(set) var hooks: [String: Int] = [:]
    private(set) var runs: [String: JournaledRun] = [:]

    mutating func learn(_ record: LedgerRecord) {
        switch record {
        case .cleared(let keepingRuns):
            let runs = keepingRuns ? runs : [:]
            self = LedgerImage()
            self.runs = runs
        case .owned(let address, let row): owned[address] = row
        case .released(let address): owned[address] = nil
        case .moves(let family, let facts): moves[family] = facts
        case .hook(let address, let generation): hooks[address] = generation
        case .run(let run): runs[run.header.id] = run
        case .intended, .concluded: break
        }
    }

    /// Records that make this image of nothing.
    var records: [LedgerRecord] {
        owned.sorted { $0.key < $1.key }.map { .owned(address: $0.key, row: $0.value) }
            + moves.sorted { $0.key < $1.key }.map { .moves(family: $0.key, facts: $0.value) }
            + hooks.sorted { $0.key < $1.key }.map { .hook(address: $0.key, generation: $0.value) }
            + runs.sorted { $0.key < $1.key }.map { .run($0.value) }
    }

    /// Runs, the newest first.
    var newestRuns: [JournaledRun] {
        runs.values.sorted {
            ($0.header.startedAt, $0.header.id) > ($1.header.startedAt, $1.header.id)
        }
    }

    /// The same without the oldest runs.
    func keeping(runs count: Int) -> LedgerImage {
        var image = self
        for run in newestRuns.dropFirst(count) { image.runs[run.header.id] = nil }
        return image
    }

    /// The ledger as it is read, without caches.
    func recorded(ledgerID: String) -> Recorded {
        let known = owned.compactMap { text, row in ResourceAddress(text).map { ($0, row.owned) } }
        var recorded = Recorded(ledgerID: ledgerID, owned: Dictionary(known) { first, _ in first })
        recorded.moves = moves
        for (text, generation) in hooks {
            if let address = ResourceAddress(text) { recorded.hooks[address] = generation }
        }
        return recorded
    }
}

/// What a run changes: records, each known to the image as soon as it is made.
struct LedgerBook: Sendable {
    private(set) var image: LedgerImage
    let run: String

    init(_ image: LedgerImage, run: String) {
        self.image = image
        self.run = run
    }

    /// Records of intents, with the rows of steps that create.
    mutating func intend(_ steps: [Step], at time: Timestamp) -> [LedgerRecord] {
        var records = [LedgerRecord.intended(steps: steps.map(\.id.description), at: time)]
        for step in steps {
            let address = step.address.description
            guard let row = OwnedRow.creating(step, over: image.owned[address], run: run) else { continue }
            add(.owned(address: address, row: row), to: &records)
        }
        return records
    }

    /// Records of outcomes, with what the ledger learns of them.
    mutating func conclude(_ outcomes: [StepOutcome], at time: Timestamp) -> [LedgerRecord] {
        var records: [LedgerRecord] = []
        for outcome in outcomes {
            records.append(.concluded(StepConclusion(outcome)))
            switch outcome.lesson {
            case .learn(let isProven): learn(outcome.step, isProven: isProven, at: time, in: &records)
            case .keep: break
            case .revert: revert(outcome.step, in: &records)
            }
        }
        return records
    }

    /// Records that say on which live sites objects are, where rows do not say so yet.
    mutating func place(_ sites: KnownSites) -> [LedgerRecord] {
        var records: [LedgerRecord] = []
        for (text, row) in image.owned where row.owned.siteID == nil {
            guard let address = ResourceAddress(text), let site = sites.siteID(of: address) else { continue }
            var row = row
            row.owned.siteID = site
            add(.owned(address: text, row: row), to: &records)
        }
        return records
    }

    /// Records without which nothing is owned under an address.
    mutating func release(_ address: ResourceAddress) -> [LedgerRecord] {
        var records: [LedgerRecord] = []
        if image.owned[address.description] != nil { add(.released(address: address.description), to: &records) }
        return records
    }

    /// Records of a run of another journal, which are one segment.
    mutating func adopt(_ run: RunRecord, as number: Int) -> [LedgerRecord] {
        var records: [LedgerRecord] = []
        for step in run.steps {
            records.append(.intended(steps: [step.id.description], at: step.intendedAt))
            if let conclusion = StepConclusion(step) { records.append(.concluded(conclusion)) }
        }
        let journaled = JournaledRun(
            header: run.header, endedAt: run.endedAt, exitCode: run.exitCode, summary: run.summary, first: number,
            last: number)
        add(.run(journaled), to: &records)
        return records
    }

    mutating func add(_ record: LedgerRecord, to records: inout [LedgerRecord]) {
        image.learn(record)
        records.append(record)
    }

    private mutating func learn(
        _ step: Step, isProven: Bool, at time: Timestamp, in records: inout [LedgerRecord]
    ) {
        let address = step.address.description
        switch step.ledger {
        case .none: break
        case .disown:
            records += release(step.address)
        case .own(let owned):
            let before = image.owned[address]
            let row = OwnedRow.owning(owned, by: step, over: before, run: run, isProven: isProven)
            add(.owned(address: address, row: row), to: &records)
        case .move(let family, let event):
            guard isProven else { return }
            var moves = image.moves[family] ?? RecordedMoves()
            moves.learn(event, at: time)
            add(.moves(family: family, facts: moves), to: &records)
        case .announced(let generation):
            guard isProven else { return }
            add(.hook(address: address, generation: generation), to: &records)
        }
    }

    private mutating func revert(_ step: Step, in records: inout [LedgerRecord]) {
        let address = step.address.description
        guard step.creates, let row = image.owned[address], row.owned.origin == .creating else { return }
        if let before = OwnedRow.reverting(row, run: run) {
            add(.owned(address: address, row: before), to: &records)
        } else {
            add(.released(address: address), to: &records)
        }
    }
}
