import Domain
import Planning
import Rendering
import Testing

@Suite struct ReasonTests {
    private static let move = RefusedMove(.switchover, from: "west", to: "east")
    private static let schema = SchemaVersionID(subject: "orders-value", version: 2, id: 7)

    @Test(
        "every note has its sentence",
        arguments: [
            (
                .inertDiscard(token: "west@1-a", isUsed: true),
                "`discard: [west@1-a]` was used: it does nothing any more, and can be removed"
            ),
            (
                .inertDiscard(token: "west@1-a", isUsed: false),
                "`discard: [west@1-a]` names no copies that are to be destroyed now: it does nothing any more, and can be "
                    + "removed"
            ),
            (
                .usedFailover(incident: "INC-1"),
                "`failover` of INC-1 was used: it does nothing any more, and can be removed"
            ),
            (
                .givenUp(member: "west", source: "east"),
                "west was given up with copies that nobody reconciled: revoke the keys its links and exporter hold for "
                    + "east, the only fence that works while it is dark"
            ),
            (
                .missingSchemas([schema], source: "env-west", destination: "env-east"),
                "1 schema versions of env-west are not on env-east, and the move does not wait for them: orders-value "
                    + "version 2 (id 7)"
            ),
            (
                .deniedWriters(["User:*"], of: ["a", "b"], on: "west"),
                "west serves and denies User:* to write a, b, by entries the ledger does not know as its own: delete them "
                    + "on west by hand if nobody means them"
            ),
            (.troubledExporter("copy", trouble: "a schema is taken"), "exporter copy reports: a schema is taken"),
            (
                .displayName(live: "western", declared: "west"),
                "it is known by its id, and carries the display name 'western' now, not 'west': correct `displayName`"
            ),
            (.unlisted, "the control plane does not list it, but it answers: its Cloud API key may not see it"),
            (
                .published(place: "vault a/b", connection: "vault"),
                "what was published to vault a/b stays there: connection vault is not declared any more; remove it by hand"
            ),
            (
                .renamed(from: "old"),
                "it is what the manifests called old before, by its id: what is owned of it is owned under the new name"
            ),
            (
                .unlistedTopics(source: "onprem", patterns: ["a.*", "b.*"]),
                "onprem has no REST API to list its topics: a.*, b.* only finds topics that are mirrored already; name "
                    + "topics literally, or set `autoCreate: true`"
            ),
            (
                .uncheckedTopics(["a", "b"], cluster: "west", silence: "answered 503"),
                "whether west takes a, b as declared was not to be learnt: answered 503"
            ),
            (.told("as it was"), "as it was"),
        ] as [(NoteReason, String)])
    func notes(reason: NoteReason, sentence: String) {
        #expect(Plan.Note(reason).sentence == sentence)
    }

    @Test(
        "what a move left behind says what keeps it from following",
        arguments: [
            (.openMove, "the move has not ended"), (.reversion, "it is taken back"),
            (.noStandby, "west is no standby again yet"), (.option, "--leave shop.a --leave shop.b"),
            (
                .stuck(["shop.b": .failed, "shop.a": .failed]),
                "shop.a is FAILED, shop.b is FAILED; mend that on east by hand, or put `primary: west` back"
            ),
            (.unsettled(["shop.b": .pendingMirror]), "shop.b is PENDING_MIRROR, which passes by itself"),
        ] as [(LeftTopicsObstacle, String)])
    func leftBehind(obstacle: LeftTopicsObstacle, words: String) {
        #expect(
            Plan.Note(.leftBehind(["shop.a", "shop.b"], by: Self.move, obstacle)).sentence
                == "left behind by a move, still mirrors on east: shop.a, shop.b; they follow with the first apply that "
                + "nothing keeps from it: \(words)")
    }

    @Test(
        "every decision says what there is to decide, what it costs and which edit consents",
        arguments: [
            (
                .copies(besides: "east", areMirrors: false, nil, .reprotect(mayRestore: true)), nil,
                "west holds 2 writable copies (a, b) beside those of east", "nothing: east has every record",
                "to mirror them anew: `reprotect: Recreate` or Restore"
            ),
            (
                .copies(
                    besides: "east", areMirrors: true,
                    CopyCost(.init(records: 17, isLowerBound: true), lastKnownLag: 9, .init(on: "env-west", [schema])),
                    .reprotect(mayRestore: false)), "west@1-a",
                "west still mirrors 2 topics (a, b) from where east did, and may have come further",
                "at least 17 records that only west holds; 1 schema versions that only env-west holds (orders-value "
                    + "version 2 (id 7))",
                "to mirror them anew: `reprotect: Recreate` and `discard: [west@1-a]`"
            ),
            (
                .copies(besides: "east", areMirrors: false, CopyCost(nil, lastKnownLag: 9), .discard), "west@1-a",
                "west holds 2 writable copies (a, b) beside those of east",
                "an unknown number of records that only west holds, at least 9 by the last known lag",
                "to destroy them: `discard: [west@1-a]`"
            ),
            (
                .schemas([schema], on: "env-west", besides: "env-east", colliding: 1), "west@1-a",
                "env-west holds 1 schema versions that env-east does not (orders-value version 2 (id 7)), 1 of them under "
                    + "names or ids that are taken there",
                "these schemas: records that name their ids cannot be read without them",
                "to delete them on env-west: `discard: [west@1-a]`; to keep them, register them on env-east under their "
                    + "ids (mode IMPORT)"
            ),
        ] as [(DecisionReason, String?, String, String, String)])
    func decisions(reason: DecisionReason, token: String?, message: String, cost: String, wayOut: String) throws {
        let decision = NeededDecision(group: "shop", member: "west", topics: ["a", "b"], reason, token: token)
        #expect([decision.message, decision.cost, decision.wayOut] == [message, cost, wayOut])
        let plan = Samples.plan { $0.decisions = [decision] }
        #expect(
            try PlanDocument.decode(PlanDocument.encode(plan)).decisions == [
                NeededDecision(
                    group: "shop", member: "west", topics: ["a", "b"], .told(message, cost: cost, way: wayOut),
                    token: token)
            ])
    }

    @Test("notes of one subject are told by their words, those of none first")
    func order() throws {
        let plan = Samples.plan {
            $0.notes = [
                Plan.Note(.told("b"), about: "x"), Plan.Note(.told("a"), about: "x"), Plan.Note(.told("c")),
            ]
        }
        #expect(
            try PlanDocument.decode(PlanDocument.encode(plan)).notes == [
                Plan.Note(.told("c")), Plan.Note(.told("a"), about: "x"), Plan.Note(.told("b"), about: "x"),
            ])
    }
}
