import Domain
import Planning
import Rendering
import Testing

@Suite struct RefusalTests {
    private static let move = RefusedMove(.switchover, from: "west", to: "east")

    private static func refusal(_ gate: Refusal.Gate, of subject: String, _ words: String) -> Refusal {
        Refusal(gate, subject: subject, .told(words, way: "wait"))
    }

    @Test("refusals of one subject are told by their words, what members do not answer first")
    func order() {
        let refusals = [
            Self.refusal(.members, of: "b", "z"), Self.refusal(.clients, of: "b", "y"),
            Self.refusal(.loss, of: "b", "x"), Self.refusal(.clients, of: "a", "w"),
        ]
        #expect(refusals.inOrder.map(\.message) == ["z", "x", "y", "w"])
    }

    @Test("a refusal of a move names the move, and its way out is that of its reason")
    func move() {
        let refusal = Refusal(
            .openEpoch, subject: "FailoverGroup shop",
            .move(.epoch(.open(to: "north", from: "west", epoch: 3)), of: Self.move))
        #expect(refusal.message == "Switchover from west to east: a move to north (epoch 3) is not finished")
        #expect(refusal.wayOut == "finish it with `primary: north`, or take it back with `primary: west`")
    }

    @Test("a note on a move that waits says what stands against it, with the ways out, in every form of a plan")
    func waiting() throws {
        let plan = Samples.plan { plan in
            plan.notes = [
                Plan.Note(
                    .leftBehind(
                        ["shop.b"], by: Self.move, .gates([.clients(.entriesUnseen), .unfenced(group: "shop")])),
                    about: "FailoverGroup shop")
            ]
        }
        let sentence =
            "left behind by a move, still mirrors on east: shop.b; they follow with the first apply that nothing keeps from "
            + "it: what east denies clients is not known: its entries may not be read (let the key of east describe "
            + "ACLs, or plan with --override Clients); group shop: nothing keeps its producers from writing to west while "
            + #"its mirrors are promoted (declare `fence.denyWrites: ["User:*"]` (or `fence: {quiet: 10s}` when somebody "#
            + "else stops them) in FailoverGroup shop)"
        #expect(PlanText().render(plan).contains(sentence))
        #expect(
            try PlanDocument.decode(PlanDocument.encode(plan)).notes == [
                Plan.Note(.told(sentence), about: "FailoverGroup shop")
            ])
    }

    @Test("what a plan document tells of a refusal is told again as it was")
    func told() throws {
        let plan = Samples.plan { plan in
            plan.refusals = [
                Refusal(
                    .partitions, subject: "topic/west/orders", .topic(.shrinks(topic: "orders", live: 12, declared: 6)),
                    origin: ManifestOrigin("Topic", "orders", "spec.partitions"))
            ]
        }
        let read = try PlanDocument.decode(PlanDocument.encode(plan))
        #expect(read.refusals.map(\.message) == plan.refusals.map(\.message))
        #expect(read.refusals.map(\.wayOut) == plan.refusals.map(\.wayOut))
        #expect(read.refusals.map(\.origin) == plan.refusals.map(\.origin))
    }
}
