import Domain
import Planning
import Rendering
import TestSupport
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
                .copies(besides: "east", areMirrors: false, costs: [], .reprotect(mayRestore: true)), nil,
                "west holds 2 writable copies (a, b) beside those of east", "nothing: east has every record",
                "to mirror them anew: `reprotect: Recreate` or Restore"
            ),
            (
                .copies(
                    besides: "east", areMirrors: true,
                    costs: [.records(.init(records: 17, isLowerBound: true)), .schemas([schema], on: "env-west")],
                    .reprotect(mayRestore: false)), "west@1-a",
                "west still mirrors 2 topics (a, b) from where east did, and may have come further",
                "at least 17 records that only west holds; 1 schema versions that only env-west holds (orders-value "
                    + "version 2 (id 7))",
                "to mirror them anew: `reprotect: Recreate` and `discard: [west@1-a]`"
            ),
            (
                .copies(besides: "east", areMirrors: false, costs: [.unknownRecords(lastKnownLag: 9)], .discard),
                "west@1-a",
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

    @Test(
        "every reason of a change has its words, which a document keeps",
        arguments: [
            (.move(.switchover), "Switchover"), (.leavesAlone(configs: ["a", "b"]), "leaves alone: a, b"),
            (.unpaused, "nothing in the manifests pauses it"), (.awaited, "it does not fetch yet"),
            (.replacedCopy(restoredFrom: nil, .lossless), "its copy is deleted and mirrored anew (lossless)"),
            (
                .replacedCopy(restoredFrom: "east", .consent(token: "west@1-a")),
                "its copy is truncated to where east went on (consent west@1-a)"
            ),
            (
                .replacedCopy(restoredFrom: nil, .usedConsent),
                "its copy is deleted and mirrored anew (by a consent that is in use)"
            ),
            (.published(place: "file out/a"), "file out/a"),
            (.withdrawn(binding: "checkout"), "checkout is not published there any more"),
            (.announcement(generation: 3), "announces generation 3"),
            (.abandoned, "given up by --abandon; it is watched, and fenced when it answers"),
            (.givenUp(member: "west"), "west was given up"),
            (.formerMember("west", mirrors: []), "west is no member any more"),
            (
                .formerMember("west", mirrors: ["a"]),
                "west is no member any more; its mirrors become ordinary topics there: a"
            ),
            (.fence(member: "west"), "keeps writers from the copies on west"),
            (.unfence(member: "west", isInherited: false), "west needs no fence any more"),
            (
                .unfence(member: "west", isInherited: true),
                "west needs no fence any more, which was written before this ledger began"
            ),
            (.switchedOff, "a move had switched it off"), (.otherPrimary("east"), "east is primary now"),
            (.unusedExporter, "no member uses its destination by it any more"),
            (.otherSchemaSource("env-east"), "schemas flow from env-east now"),
            (.writtenRegistry("env-east"), "env-east is written to now"),
            (.lostSchemas(source: "env-east"), "env-east does not hold them, and gives their names and ids again"),
            (.leaving(.observed), "managementPolicy is Observe; it stays as it is"),
            (.leaving(.notDeclared), "left the manifests; it stays as it is"),
            (.leaving(.notDerived), "no manifest derives it any more; it stays as it is"),
            (.leaving(.deleted(with: [])), "left the manifests, deletionPolicy: Delete"),
            (.leaving(.deleted(with: ["a"])), "left the manifests, deletionPolicy: Delete; its topic goes with it: a"),
            (
                .leaving(.deleted(with: ["a", "b"])),
                "left the manifests, deletionPolicy: Delete; its 2 topics go with it: a, b"
            ),
            (.leaving(.unknownID), "its id is not known; it stays as it is"),
            (.leaving(.gone(with: nil)), "it is gone already"),
            (.leaving(.gone(with: "west")), "it is gone already, with west"),
            (
                .leaving(.unlisted),
                "no control plane of the manifests lists it; it stays as it is, if it is there"
            ),
            (.leaving(.placeLeft("west")), "west left the manifests too; nothing is done to what it holds"),
            (
                .leaving(.otherSite("lkc-1", place: "west")),
                "it is of lkc-1, which west does not mean any more; it stays as it is"
            ),
            (
                .leaving(.otherSite(nil, place: "west")),
                "it is of another site, which west does not mean any more; it stays as it is"
            ),
        ] as [(ChangeReason, String)])
    func changes(reason: ChangeReason, words: String) throws {
        let plan = Samples.plan { $0.changes = [Change(.update, Samples.topic("orders"), reason: reason)] }
        let document = PlanDocument.encode(plan)
        #expect(try JSONValue(parsing: document)["changes"].array.first?["reason"].string == words)
        #expect(try PlanDocument.decode(document).changes.map(\.reason) == [.told(words)])
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
