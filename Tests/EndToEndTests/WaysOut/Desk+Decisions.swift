import TestSupport
import Testing

/// What a plan asks somebody to decide.
extension Desk {
    /// Loses west, moves to east without it, and has west back.
    mutating func failOver(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await stage.region("west", "down")
        try edit(Desk.move(to: "east", ["failover": "{from: west, incident: INC-1}"]))
        let moved = try await apply()
        #expect(moved.code == 3, "\(moved.output)\(moved.diagnostics)", sourceLocation: sourceLocation)
        try await stage.region("west", "up")
        try edit(Desk.move(to: "east", ["failover": nil]))
        let fenced = try await apply()
        #expect(fenced.code == 3, "\(fenced.output)\(fenced.diagnostics)", sourceLocation: sourceLocation)
    }

    /// The token that a plan asks for about copies of a member.
    func token(of member: String) async throws -> String {
        let decisions = try await plan()["decisions"].array
        return try #require(decisions.first { $0["member"].string == member }?["token"].string)
    }

    /// Does what the decisions print as the way out: they are decided then.
    mutating func decideAsPrinted(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let decisions = try await plan()["decisions"].array
        #expect(!decisions.isEmpty, "nothing is to be decided", sourceLocation: sourceLocation)
        for decision in decisions {
            let group = decision["group"].string ?? ""
            let asked = Refused(
                decision: decision["message"].string ?? "", wayOut: decision["wayOut"].string ?? "", group: group)
            let way = try #require(WayOut.all(in: asked.wayOut).first { !$0.deeds.isEmpty }, "\(asked)")
            try await take(way, of: asked, sourceLocation)
        }
        let left = try await plan()
        #expect(left["decisions"].array.isEmpty, "\(left["decisions"])", sourceLocation: sourceLocation)
        #expect(left["refusals"].array.isEmpty, "\(left["refusals"])", sourceLocation: sourceLocation)
    }
}

extension Refused {
    /// A decision that a group needs is edited like a refusal of it.
    fileprivate init(decision message: String, wayOut: String, group: String) {
        self.init(
            .object([
                "gate": .text("decision"), "message": .text(message), "wayOut": .text(wayOut),
                "origin": .object(["kind": .text("FailoverGroup"), "name": .text(group), "field": .text("spec")]),
            ]))
    }
}
