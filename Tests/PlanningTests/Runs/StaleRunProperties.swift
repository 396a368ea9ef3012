import Domain
import Execution
import Planning
import Testing

/// Runs of the real engine that lose their lock in the middle, while another run does its work.
@Suite struct StaleRunProperties {
    /// What the manifests say when the later run begins.
    enum Next: CaseIterable {
        case goOn, putBack
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let phase: CrashProperties.Phase
        let isBidirectional: Bool
        let concurrency: Int
        var testDescription: String {
            "\(phase), \(isBidirectional ? "bidirectional" : "unidirectional"), \(concurrency) calls at once"
        }

        var start: History? {
            var shape = HistoryGenerator.Shape()
            (shape.isBidirectional, shape.hooks) = (isBidirectional, 1)
            return CrashProperties.begun(phase, shape)
        }
    }

    static let cases = [CrashProperties.Phase.switchover, .failoverOfTheLiving, .back].flatMap { phase in
        [false, true].flatMap { isBidirectional in
            (isBidirectional ? [1] : [1, 8]).map {
                Case(phase: phase, isBidirectional: isBidirectional, concurrency: $0)
            }
        }
    }

    @Test("a run that lost its lock sends nothing more, and what it sent before breaks nothing", arguments: cases)
    func stale(_ tried: Case) async throws {
        let start = try #require(tried.start)
        var reached = 0
        for number in start.plan().steps.indices {
            for moment in StagedPerformer.Moment.allCases {
                for next in Next.allCases {
                    let stage = Stage(start)
                    guard try await Self.play(stage, tried, at: number, moment, next) else { continue }
                    reached += 1
                    let place = "call \(number), \(moment), \(next)"
                    let mayBeLate = moment == .inFlight || tried.concurrency > 1
                    try await Self.check(stage, mayBeLate: mayBeLate, "\(place)")
                }
            }
        }
        #expect(reached > 10)
    }

    /// What both runs left, and what the next ones make of it.
    ///
    /// - Parameter mayBeLate: Whether a call may have had its effect after everybody had stopped waiting for it: no
    ///   lease keeps that from happening, so that the next plan has to tell of it.
    private static func check(_ stage: Stage, mayBeLate: Bool, _ place: Comment) async throws {
        var converged = await stage.rest(atMost: 4)
        if converged == nil {
            await stage.perform(.setPrimary("east", consents: false))
            converged = await stage.rest(atMost: 4)
        }
        let history = await stage.history
        let plan = history.plan()
        let isTold =
            !plan.refusals.isEmpty
            || plan.notes.contains { note in
                if case .deniedWriters = note.reason { true } else { false }
            }
        let late = history.judge.findings.filter { mayBeLate && $0.predicate == "P11" }
        let passing = history.judge.findings.filter { mayBeLate && $0.predicate == "P17" }
        let others = history.judge.findings.filter { !late.contains($0) && !passing.contains($0) }
        #expect(others.map(\.description) == [], place)
        #expect(late.isEmpty || isTold, place)
        #expect(converged != nil || (mayBeLate && isTold), "\(place): \(plan.inWords)")
    }

    @Test("without the check of its lease a stale run is caught", arguments: [false, true])
    func leaseCheckDropped(isBidirectional: Bool) async throws {
        let tried = Case(phase: .switchover, isBidirectional: isBidirectional, concurrency: 1)
        let start = try #require(tried.start)
        var found: Set<String> = []
        for number in start.plan().steps.indices {
            let stage = Stage(start, dropsLeaseCheck: true)
            _ = try await Self.play(stage, tried, at: number, .answered, .putBack)
            found.formUnion(await stage.history.judge.findings.map(\.predicate))
        }
        #expect(found.contains("P16"))
    }

    /// A run that is overtaken at one of its calls.
    ///
    /// - Returns: Whether it came so far.
    private static func play(
        _ stage: Stage, _ tried: Case, at number: Int, _ moment: StagedPerformer.Moment, _ next: Next
    ) async throws -> Bool {
        guard let (session, plan) = await stage.begin() else { return false }
        let overtaken = Flag()
        let performer = StagedPerformer(session.run, stage, at: number, moment) {
            await stage.sleep()
            if next == .putBack { await stage.perform(.setPrimary("west", consents: false)) }
            guard let (later, plan) = await stage.begin() else { return }
            await overtaken.set()
            await run(plan, later, StagedPerformer(later.run, stage), concurrency: 1)
        }
        await run(plan, session, performer, concurrency: tried.concurrency)
        return await overtaken.isSet
    }

    private static func run(
        _ plan: Plan, _ session: LeasedSession, _ performer: StagedPerformer, concurrency: Int
    ) async {
        let stage = session.stage
        let engine = Engine(
            session: session, performers: [performer],
            limits: .init(concurrency: concurrency, requestTimeout: Stage.requestTimeout),
            clock: { Timestamp(milliseconds: 0) }
        ) { event in
            if case .stepStarted(let step, _) = event { await stage.sent(step, by: session.run) }
        }
        do {
            let report = try await engine.run(plan.steps)
            let isClean = report.failures.isEmpty && !report.wasInterrupted && report.journalFailure == nil
            await stage.end(session.run, isClean: isClean)
        } catch {
            Issue.record("\(error)")
        }
    }
}

/// Something that happens once.
actor Flag {
    private(set) var isSet = false
    func set() { isSet = true }
}
