import Domain
import Execution
import Foundation
import Planning
import TestSupport
import Testing

@testable import Bindings

@Suite("What goes wrong while bindings are published to AWS")
struct AWSFaultTests {
    private static let path = "/apps/checkout/"
    private static let books = "/apps/checkout.spillway/checkout"

    /// Publishes once to what is played.
    ///
    /// - Returns: Why it was not published.
    private func publish(
        _ place: AWSRig.Place, _ step: Step = publication(), to played: PlayedAWS, properties: [String: String] = [:]
    ) async throws -> StepFailure? {
        try await LocalServer.with(played.answer) { server in
            let rig = AWSRig(url: server.url, place: place)
            var workspace = rig.workspace()
            workspace.clientBindings["checkout"]?.properties.merge(properties) { $1 }
            let performer = performer(
                workspace, in: try ScratchFolder(), environment: applicationSecrets.merging(rig.environment) { $1 })
            do throws(StepFailure) {
                try await performer.perform(step)
                return nil
            } catch {
                return error
            }
        }
    }

    // MARK: Parameter Store

    @Test("a secret that is a plain parameter is refused with the way out, before anything is written")
    func types() async throws {
        let played = PlayedAWS()
        #expect(try await publish(.parameters(.all), to: played) == nil)
        let plain = PlayedAWS.Parameter(type: "String", values: ["WKEY"])
        played.change { $0.parameters[Self.path + "sasl.username"] = plain }
        let before = played.look { $0.parameters.mapValues(\.values) }
        let failure = try await publish(.parameters(.all), publication(epoch: 1, generation: 2), to: played)
        #expect(failure?.kind == .rejected)
        #expect(
            failure?.message.contains("sasl.username is a String and has to be a SecureString") == true,
            "\(String(describing: failure))")
        #expect(failure?.message.contains("delete /apps/checkout/sasl.username") == true)
        #expect(played.look { $0.parameters.mapValues(\.values) } == before)
        played.change { $0.parameters[Self.path + "sasl.username"] = nil }
        #expect(try await publish(.parameters(.all), publication(epoch: 1, generation: 2), to: played) == nil)
        #expect(played.look { $0.parameters[Self.path + "sasl.username"]?.type } == "SecureString")
    }

    @Test("many parameters are read page by page and removed in batches")
    func pages() async throws {
        let played = PlayedAWS()
        let many = Dictionary(uniqueKeysWithValues: (0..<35).map { ("key.\($0)", "value \($0)") })
        #expect(try await publish(.parameters(.properties), to: played, properties: many) == nil)
        let step = publication(epoch: 1, generation: 2, dropped: many.keys.sorted())
        #expect(try await publish(.parameters(.properties), step, to: played) == nil)
        #expect(played.look { $0.parameters.keys.contains { $0.contains("/key.") } } == false)
        #expect(played.look { $0.calls.filter { $0 == "DeleteParameters" }.count } == 4)
    }

    @Test("a put whose answer was lost is taken for what it is")
    func lostParameter() async throws {
        let played = PlayedAWS()
        #expect(try await publish(.parameters(.all), to: played) == nil)
        played.change { $0.lost = ["PutParameter"] }
        #expect(
            try await publish(.parameters(.all), publication(to: "east", epoch: 1, generation: 2), to: played) == nil)
        #expect(played.look { $0.parameters[Self.path + "sasl.username"]?.values.last } == "EKEY")
        played.change { state in
            state.parameters = [:]
            state.lost = ["PutParameter"]
        }
        #expect(
            try await publish(.parameters(.all), publication(to: "east", epoch: 1, generation: 2), to: played) == nil)
        #expect(played.look { $0.parameters[Self.path + "sasl.username"]?.values } == ["EKEY"])
    }

    @Test("a parameter that somebody else writes at the same moment is no success")
    func overtaken() async throws {
        let played = PlayedAWS()
        #expect(try await publish(.parameters(.all), to: played) == nil)
        let newer = StoreSnapshot.Bookkeeping(primary: "west", epoch: 5, ledger: "led1", generation: 9)
        played.change { state in
            state.interruption = (
                "PutParameter",
                { state in
                    for key in [Self.books] { state.parameters[key]?.values.append(newer.words) }
                    state.parameters[Self.path + "bootstrap.servers"]?.values.append("west:1")
                }
            )
        }
        let older = publication(to: "east", epoch: 1, generation: 2)
        let failure = try await publish(.parameters(.all), older, to: played)
        #expect(failure?.kind == .conflict)
        #expect(played.look { $0.parameters[Self.path + "bootstrap.servers"]?.values.last } == "west:1")
    }

    // MARK: Secrets Manager

    @Test(
        "a put or a move whose answer was lost makes one version",
        arguments: ["PutSecretValue", "UpdateSecretVersionStage"])
    func lostVersion(operation: String) async throws {
        let played = PlayedAWS()
        played.change { $0.putCurrent("first", "{}") }
        played.change { $0.lost = [operation] }
        #expect(try await publish(.secret(.all), to: played) == nil)
        #expect(played.look { $0.versions.count } == 2)
        #expect(played.look { $0.versions.last?.stages.contains("AWSCURRENT") } == true)
    }

    @Test("a run with an older epoch that is overtaken between its reading and its writing changes nothing")
    func olderEpoch() async throws {
        let played = PlayedAWS()
        played.change { $0.putCurrent("first", "{}") }
        let newer = StoreSnapshot.Bookkeeping(primary: "west", epoch: 5, ledger: "led1", generation: 9)
        for operation in ["DescribeSecret", "PutSecretValue", "UpdateSecretVersionStage"] {
            played.change { state in
                state.tags = [:]
                state.putCurrent("before \(operation)", "{}")
                state.interruption = (
                    operation,
                    { state in
                        state.putCurrent("by the newer run, at \(operation)", #"{"bootstrap.servers": "west:1"}"#)
                        state.tags["spillway/checkout"] = newer.words
                    }
                )
            }
            let failure = try await publish(.secret(.all), publication(to: "east", epoch: 1), to: played)
            #expect(failure?.kind == .conflict)
            #expect(failure?.message.contains("epoch 5") == true, "\(operation): \(String(describing: failure))")
            #expect(
                played.look { $0.versions.first { $0.stages.contains("AWSCURRENT") }?.id }
                    == "by the newer run, at \(operation)")
            #expect(played.look { $0.tags["spillway/checkout"] } == newer.words)
        }
    }

    @Test("a version that somebody moved AWSCURRENT away from becomes current again")
    func movedBack() async throws {
        let played = PlayedAWS()
        played.change { $0.putCurrent("first", "{}") }
        #expect(try await publish(.secret(.all), to: played) == nil)
        let published = played.look { $0.versions.last?.id }
        played.change { _ = $0.moveCurrent(from: published, to: "first") }
        #expect(try await publish(.secret(.all), to: played) == nil)
        #expect(played.look { $0.versions.first { $0.stages.contains("AWSCURRENT") }?.id } == published)
    }

    // MARK: Throttling

    @Test("too many requests are sent again, three times")
    func throttled() async throws {
        let played = PlayedAWS()
        played.change { $0.throttled = 3 }
        #expect(try await publish(.parameters(.all), to: played) == nil)
        played.change { $0.throttled = 4 }
        let failure = try await publish(.parameters(.all), publication(epoch: 1), to: played)
        #expect(failure?.message.contains("ThrottlingException") == true)
    }
}
