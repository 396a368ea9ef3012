import Domain
import Foundation
import Planning
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
