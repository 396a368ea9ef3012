import Domain
import Planning
import Rendering
import Testing

/// Moves that do not go as planned, told as short histories.
@Suite struct MoveHistoryExamples {
    private static func settled(_ edit: (inout HistoryGenerator.Shape) -> Void = { _ in }) -> History {
        var shape = HistoryGenerator.Shape()
        edit(&shape)
        return HistoryGenerator.settled(shape)
    }

    private static func step(_ history: History, _ isWanted: (StepAction) -> Bool) -> Int {
        history.plan().steps.firstIndex { isWanted($0.action) } ?? .max
    }

    private static func primary(_ history: History) -> String? {
        history.world.stores[ResourceAddress(.binding, "b0/0")]?.bookkeeping?.primary
    }

    @Test("a switchover that cannot drain is taken back: nothing stays fenced, read-only or paused")
    func abort() {
        var history = Self.settled()
        let before = history.essence
        history.perform(.setPrimary("east", consents: false))
        let drain = Self.step(history) { if case .move(.drain) = $0 { true } else { false } }
        history.apply(.init(step: drain, manner: .before, kills: false))
        history.perform(.settle)
        #expect(history.world.ledger.moves["g0"]?.open == nil)
        #expect(history.world.ledger.moves["g0"]?.fences == [:])
        let changed = Set(history.essence).subtracting(before).filter {
            !$0.contains("READWRITE") && !$0.hasPrefix("g0 open")
        }
        #expect(changed == [])
        #expect(history.judge.findings.map(\.description) == [])
    }

    @Test("a killed switchover that is put back before anything was promoted leaves nothing behind")
    func putBackEarly() {
        var history = Self.settled()
        history.perform(.setPrimary("east", consents: false))
        let drain = Self.step(history) { if case .move(.drain) = $0 { true } else { false } }
        history.apply(.init(step: drain, manner: .before, kills: true))
        #expect(history.judge.seen.sites["west"]?.denials.isEmpty == false)
        history.perform(.setPrimary("west", consents: false))
        history.apply()
        #expect(history.judge.seen.sites["west"]?.denials == [])
        #expect(history.rest(atMost: 2) != nil)
        #expect(Self.primary(history) == "west")
        #expect(history.judge.findings.map(\.description) == [])
    }

    @Test(
        "put back after half of the mirrors were promoted, they are mirrored anew without a token, and unfenced at once"
    )
    func putBackLate() {
        var history = Self.settled()
        history.perform(.setPrimary("east", consents: false))
        let promote = Self.step(history) { if case .move(.endMirrors) = $0 { true } else { false } }
        history.apply(.init(step: promote, manner: .half, kills: true))
        history.perform(.setPrimary("west", consents: false))
        history.perform(.settle)
        history.apply()
        #expect(history.judge.seen.sites["west"]?.denials == [])
        #expect(history.plan().decisions.isEmpty)
        #expect(history.rest(atMost: 3) != nil, "\(history.plan().inWords)")
        #expect(history.judge.isWritable("g0.t0", on: "west"))
        #expect(history.judge.seen.sites["east"]?.rows == ["g0.t0": .active, "g0.t1": .active])
        #expect(history.judge.findings.map(\.description) == [])
    }

    @Test("a switchover whose old side dies goes on as a failover, by a consent on the command line")
    func downgrade() {
        var history = Self.settled()
        history.perform(.setPrimary("east", consents: false))
        let promote = Self.step(history) { if case .move(.endMirrors) = $0 { true } else { false } }
        history.apply(.init(step: promote, manner: .half, kills: true))
        history.perform(.die("west"))
        #expect(history.plan().refusals.map(\.gate) == [.members])
        history.perform(.flagFailover("east"))
        #expect(history.plan().refusals.map(\.message) == [])
        history.apply()
        #expect(Self.primary(history) == "east")
        #expect(history.world.ledger.moves["g0"]?.demoted["west"]?.proof == .diverged)
        #expect(history.judge.findings.map(\.description) == [])
    }

    @Test("a failover asks for the member that is furthest, and the third member reads from the new primary then")
    func bestSurvivor() {
        var history = Self.settled { ($0.members, $0.movesSchemas) = (3, false) }
        for _ in 0..<4 { history.perform(history.writeDeed("g0.t0", isStale: false)) }
        history.perform(.replicate(1))
        history.perform(.status("east", "g0.t0", .paused))
        history.perform(.replicate(.max))
        history.perform(.die("west"))
        history.perform(.setPrimary("east", consents: true))
        let refusal = history.plan().refusals.first { $0.gate == .bestSurvivor }
        #expect(refusal?.message.contains("north holds 3 records") ?? false, "\(history.plan().inWords)")
        history.perform(.setPrimary("north", consents: true))
        #expect(history.plan().refusals.map(\.message) == [])
        history.apply()
        #expect(Self.primary(history) == "north")
        #expect(history.rest(atMost: 4) != nil, "\(history.plan().inWords)")
        #expect(history.judge.seen.sites["east"]?.rows == ["g0.t0": .active, "g0.t1": .active])
        #expect(history.judge.findings.map(\.description) == [])
    }

    @Test("a retired member is left with its fence, and the link from it goes")
    func retire() {
        var history = Self.settled { ($0.reprotect, $0.movesSchemas) = (.retire, true) }
        history.perform(.setPrimary("east", consents: false))
        #expect(history.rest(atMost: 3) != nil, "\(history.plan().inWords)")
        #expect(Self.primary(history) == "east")
        #expect(history.judge.seen.sites["west"]?.denials.isEmpty == false)
        #expect(history.world.cluster("east", history.workspace)?.links.isEmpty ?? false)
        #expect(history.judge.seen.exporters.values.flatMap(\.keys) == [])
        #expect(history.judge.findings.map(\.description) == [])
    }

    @Test("Manual keeps both copies until `reprotect` and the token are given")
    func manual() {
        var history = Self.settled { $0.reprotect = .manual }
        history.perform(.die("west"))
        history.perform(.setPrimary("east", consents: true))
        history.apply()
        history.perform(.revive("west"))
        for _ in 0..<3 { history.apply() }
        #expect(history.plan().steps.map(\.id) == [])
        #expect(history.judge.isWritable("g0.t0", on: "west"))
        history.perform(.giveTokens)
        #expect(history.plan().steps.map(\.id) == [])
        history.perform(.reprotect(.recreate))
        #expect(history.rest(atMost: 4) != nil, "\(history.plan().inWords)")
        #expect(!history.judge.isWritable("g0.t0", on: "west"))
        #expect(history.judge.findings.map(\.description) == [])
    }

    @Test("a group that follows another moves with it, by one line")
    func follows() {
        var history = Self.settled { $0.hasFollower = true }
        history.perform(.setPrimary("east", consents: false))
        #expect(history.plan().moves.map(\.groups) == [["g0", "g0-f"]])
        history.apply()
        #expect(history.world.stores[ResourceAddress(.binding, "bf/0")]?.bookkeeping?.primary == "east")
        #expect(history.rest(atMost: 3) != nil, "\(history.plan().inWords)")
        #expect(history.judge.findings.map(\.description) == [])
    }

    @Test("two ledgers that both gave the same epoch: the one that did not publish it is refused")
    func twoLedgers() {
        var history = Self.settled()
        history.perform(.setPrimary("east", consents: false))
        let opened = history.step { $0 == .ledger(.record) }
        history.apply(.init(step: opened + 1, manner: .before, kills: true))
        history.perform(.swapLedger)
        history.apply()
        #expect(Self.primary(history) == "east")
        history.perform(.swapLedger)
        #expect(history.plan().refusals.map(\.gate) == [.ownership])
        #expect(history.plan().steps.map(\.id) == [])
    }

    @Test(
        "there and back again, on both kinds of link", arguments: [false, true], FailoverGroupSpec.Reprotect.allCases)
    func roundTrip(isBidirectional: Bool, reprotect: FailoverGroupSpec.Reprotect) {
        guard reprotect != .manual, reprotect != .retire else { return }
        var history = Self.settled { ($0.isBidirectional, $0.reprotect, $0.members) = (isBidirectional, reprotect, 3) }
        for site in ["east", "west", "north", "west"] {
            history.perform(history.writeDeed("g0.t0", isStale: false))
            history.perform(.setPrimary(site, consents: false))
            #expect(history.rest(atMost: 3) != nil, "\(site): \(history.plan().inWords)")
            #expect(Self.primary(history) == site)
        }
        #expect(history.judge.findings.map(\.description) == [])
    }
}
