import Domain
import Execution
import Foundation
import Planning
import Rendering
import Session
import Testing

@Suite("What a session is opened with")
struct SessionOptionTests {
    @Test("the flags a plan records can be read back")
    func flags() throws {
        let options = PlanOptions(
            targets: [ResourceAddress(.topic, in: "west", "a b"), ResourceAddress(.cluster, "west")],
            selector: ["team": "payments", "tier": "1"], adoptOnly: true, overrides: [.importMode, .loss])
        #expect(PlanOptions(words: options.inWords) == options)
        #expect(PlanOptions(words: ["--from-the-future"]) == nil)
    }

    @Test("what is said of a lock and of silent state names the commands as the caller types them")
    func lockMessages() {
        var context = CommandContext(
            environment: [:], currentFolder: "/", output: Console(.nullDevice), diagnostics: Console(.nullDevice))
        func message(_ error: StateStoreError) -> String? {
            CommandContext.$current.withValue(context) {
                CommandFailure(error, now: Timestamp(milliseconds: 0)).message
            }
        }
        let locked = StateStoreError.locked(
            by: .init(runID: "r-1", host: "h", process: 1, since: Timestamp(milliseconds: 0)))
        #expect(message(locked)?.hasSuffix("spillway state unlock r-1") ?? false)
        context.invocation = Invocation(file: "prod")
        #expect(message(locked)?.hasSuffix("spillway state unlock r-1 -f prod") ?? false)
        #expect(
            message(.silent(location: "x", reason: "y"))?.hasSuffix("spillway state merge PATH -f prod") ?? false)
    }

    @Test("NO_COLOR wins over the environment, flags win over NO_COLOR")
    func colors() {
        let console = Console(.nullDevice)
        func uses(_ choice: ColorChoice, _ environment: [String: String]) -> Bool {
            choice.terminal(for: console, environment: environment)
                == ColorChoice.always.terminal(for: console, environment: [:])
        }
        #expect(!uses(.auto, [:]))
        #expect(uses(.auto, ["CLICOLOR_FORCE": "1"]))
        #expect(!uses(.auto, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]))
        #expect(uses(.always, ["NO_COLOR": "1"]))
    }
}
