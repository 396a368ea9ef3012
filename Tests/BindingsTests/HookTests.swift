import Domain
import Execution
import Foundation
import Planning
import TestSupport
import Testing
import Transport

@testable import Bindings

@Suite("Restart hooks that are requests")
struct HTTPHookTests {
    private func send(
        within limit: Duration = .seconds(10), _ script: @escaping LocalServer.Script,
        _ change: @Sendable (inout RestartHook.HTTPCall) -> Void
    ) async throws -> (failure: StepFailure?, seen: [LocalServer.Seen]) {
        try await LocalServer.with(script) { server in
            var request = RestartHook.HTTPCall(url: server.url + "/hook")
            change(&request)
            request.url = request.url.replacing("URL", with: server.url)
            let transport = HTTPTransport()
            let hook = HTTPHook(
                request: request,
                announced: HookCall(binding: "app", hookIndex: 0, cluster: "west", group: nil, generation: 1),
                secrets: SecretReader(folder: "/", environment: [:]), transport: transport)
            var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "test")))
            workspace.clusters["west"] = ClusterSpec(metadata: Metadata(name: "west"), type: .dedicated)
            let values = BindingValues(cluster: "west", group: nil, workspace: workspace, sites: KnownSites())
            var failure: StepFailure?
            do throws(StepFailure) { try await hook.send(values, within: limit) } catch { failure = error }
            await transport.shutdown()
            return (failure, server.seen)
        }
    }

    @Test("header, query and body go out as they are written")
    func asWritten() async throws {
        let sent = try await send({ _, _ in .json("{}") }) { request in
            request.url = "URL/q?at=1%2B2&name=a+b"
            request.headers["Content-Type"] = .text("application/x-www-form-urlencoded")
            request.body = "c=${cluster.name}"
        }
        #expect(sent.failure == nil)
        #expect(sent.seen.map(\.target) == ["/q?at=1%2B2&name=a+b"])
        #expect(sent.seen.first?.headers["content-type"] == "application/x-www-form-urlencoded")
        #expect(sent.seen.first?.body == "c=west")
    }

    @Test("an expected status is success, whatever it means elsewhere and whatever stands beneath it")
    func expected() async throws {
        let busy = try await send({ _, _ in .html("busy", status: 503) }) { request in
            request.method = "PUT"
            request.expectStatus = [503]
        }
        #expect(busy.failure == nil)
        #expect(busy.seen.count == 1)
        let page = try await send({ _, _ in .html("<p>done") }) { _ in }
        #expect(page.failure == nil)
    }

    @Test("a status that is not expected is told with what was", arguments: [200, 404, 500, 503])
    func unexpected(status: Int) async throws {
        let sent = try await send({ _, _ in .json(#"{"message":"no"}"#, status: status) }) { request in
            request.method = "PUT"
            request.expectStatus = [202]
        }
        #expect(sent.failure?.kind == .rejected)
        #expect(sent.failure?.message.hasSuffix("HTTP \(status): no; expected is status 202") == true)
        #expect(sent.seen.count == 1)
    }

    @Test("a service that does not answer in time has not answered")
    func late() async throws {
        let sent = try await send(within: .milliseconds(200), { _, _ in nil }) { _ in }
        #expect(sent.failure?.message.contains("no answer within") == true)
        #expect(sent.seen.count == 1)
    }
}

@Suite("Restart hooks that are programs")
struct CommandHookTests {
    private let folder: ScratchFolder
    private let secrets = KnownSecrets()

    init() throws {
        folder = try ScratchFolder()
    }

    private func run(_ script: String, within limit: Duration = .seconds(30)) async -> StepFailure? {
        let hook = CommandHook(arguments: ["/bin/sh", "-c", script], folder: folder.path, secrets: secrets)
        let call = HookCall(binding: "app", hookIndex: 0, cluster: "west", group: nil, generation: 1)
        do throws(StepFailure) {
            try await hook.run(call, within: limit)
            return nil
        } catch {
            return error
        }
    }

    @Test("how much it prints decides nothing: the exit code does, and the end is told")
    func talkative() async {
        let talk =
            "i=0; while [ $i -lt 3000 ]; do echo \"line $i: ..................................................\"; i=$((i+1)); done; "
        #expect(await run(talk + "exit 0") == nil)
        let failure = await run(talk + "echo the last word; exit 3")
        #expect(failure?.kind == .rejected)
        #expect(failure?.message.hasSuffix("the last word") == true)
        #expect(failure?.message.contains("3") == true)
        #expect((failure?.message.count ?? 0) < 600)
    }

    @Test("what it leaves running does not hold it up")
    func leavesSomethingRunning() async {
        let started = ContinuousClock.now
        #expect(await run("sleep 60 & exit 0", within: .seconds(120)) == nil)
        #expect(started.duration(to: .now) < .seconds(55))
    }

    @Test("it is ended at its deadline, and told what it said until then")
    func late() async {
        let failure = await run("echo almost; sleep 30", within: .milliseconds(800))
        #expect(failure?.kind == .timeout)
        #expect(failure?.message.hasSuffix("was ended after 800ms: almost") == true)
    }

    @Test("a secret that it prints is not told, in any form, and the rest is")
    func secret() async {
        secrets.learn(Secret("CANARYFILE-zxcvbnm"))
        let failure = await run("echo 'marker: CANARYFILE-zxcvbnm' >&2; echo Q0FOQVJZRklMRS16eGN2Ym5t; exit 1")
        #expect(failure?.message.contains("marker: <redacted>") == true)
        #expect(failure?.message.contains("CANARYFILE") == false)
        #expect(failure?.message.contains("Q0FOQVJZRklM") == false)
    }
}
