import Domain
import Execution
import Synchronization
import Testing
import Transport

@testable import Confluent

@Suite struct ReadBackTests {
    /// Waits against a service whose answers are given, in time that passes only while it is waited.
    private func failure(
        of wanted: [String: String?], _ read: @escaping @Sendable (Duration) -> [String: String]
    ) async throws -> StepFailure? {
        let time = Clock()
        let pacing = Pacing(elapsed: { time.now }, sleep: { time.advance($0) }, random: { 0 })
        let transport = HTTPTransport()
        let endpoint = try #require(HTTPEndpoint("http://127.0.0.1:9", transport: transport))
        let workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "test")))
        let context = StepContext(
            workspace: workspace, directory: SiteDirectory(KnownSites()),
            endpoints: EndpointFactory(workspace: workspace, secrets: FixedSecrets(), transport: transport),
            pollers: SitePollers(pacing: pacing), pacing: pacing)
        var failure: StepFailure?
        do throws(StepFailure) {
            try await ReadBack(context: context, subject: "topic orders", wanted: wanted).wait(at: endpoint) {
                read(time.now)
            }
        } catch {
            failure = error
        }
        await transport.shutdown()
        #expect(time.now < .seconds(30))
        return failure
    }

    private final class Clock: Sendable {
        private let state = Mutex(Duration.zero)
        var now: Duration { state.withLock { $0 } }
        func advance(_ duration: Duration) { state.withLock { $0 += duration } }
    }

    @Test("A value that goes on reading back as another one is a failure that names both")
    func stable() async throws {
        let failure = try await failure(of: ["retention.ms": "1"]) { _ in ["retention.ms": "3600000"] }
        #expect(
            failure?.message.contains("retention.ms was written as 1 and reads back as 3600000") == true,
            "\(failure?.message ?? "none")")
    }

    @Test("A value that comes late is waited for, and one that is written another way is there")
    func late() async throws {
        let failure = try await failure(of: ["retention.ms": "0123", "preallocate": "True", "segment.ms": nil]) { now in
            now < .seconds(2)
                ? ["retention.ms": "5", "segment.ms": "7"] : ["retention.ms": "123", "preallocate": "true"]
        }
        #expect(failure == nil)
    }

    @Test("What the service sets again by itself is reset all the same")
    func noise() async throws {
        let name = "confluent.schema.validation.context.name"
        #expect(try await failure(of: [name: nil]) { _ in [name: "default"] } == nil)
    }
}
