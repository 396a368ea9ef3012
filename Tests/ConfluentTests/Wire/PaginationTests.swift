import Domain
import SimulatorServer
import Testing
import Transport

@testable import Confluent

/// Lists of the control plane, page by page.
@Suite struct PaginationTests {
    private func environments(
        _ prepare: @escaping @Sendable (Rig) async throws -> Void
    ) async throws -> Result<[String], TransportFailure> {
        try await Rig.with { rig in
            try await prepare(rig)
            let key = rig.simulator.credentials
            let endpoint = try #require(
                HTTPEndpoint(
                    rig.simulator.controlPlane, transport: rig.transport,
                    authorization: .basic(user: Secret(key.key), password: Secret(key.secret))))
            return await outcome { try await ControlPlaneAPI(endpoint: endpoint).environments().map(\.id) }
        }
    }

    @Test("All pages are read")
    func pages() async throws {
        let read = try await environments { rig in
            let many = (0..<230).map { #"{"id":"env-\#($0)","display_name":"e\#($0)"}"# }.joined(separator: ",")
            try await rig.administer(.post, "/estate", #"{"environments":[\#(many)]}"#)
        }
        #expect(Set(try read.get()).count == 230)
    }

    @Test("An empty next is the end; one without a token, or one in a circle, is an error and never a shorter list")
    func next() async throws {
        func page(_ next: String) -> @Sendable (Rig) async throws -> Void {
            { rig in
                let body = #"{"metadata":{"next":"\#(next)"},"data":[{"id":"env-1","display_name":"e"}]}"#
                try await rig.spoil(
                    "control", path: "/org/v2/environments", #""effect":"status","status":200,"body":\#(body)"#)
            }
        }
        #expect(try await environments(page("")).get() == ["env-1"])
        for broken in ["https://api.confluent.cloud/org/v2/environments", "https://x/?page_token=abc"] {
            let read = try await environments(page(broken))
            guard case .failure(let failure) = read, case .malformed = failure.cause else {
                Issue.record("expected a malformed page")
                continue
            }
        }
    }
}
