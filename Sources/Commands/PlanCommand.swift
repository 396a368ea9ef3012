import ArgumentParser
import Diagnostics
import Domain
import Execution
import Foundation
import Manifest
import Planning
import Rendering
import Session
import StateStores

/// Shows what differs from the live systems, and what `apply` would do about it.
struct PlanCommand: AsyncParsableCommand, WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what differs from the live systems; changes nothing, takes no lock.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var flags: PlanningFlags

    @Option(help: ArgumentHelp("Save the plan; `apply FILE` runs exactly it.", valueName: "file"))
    var out: String?

    @Flag(help: "Exit 0 without changes, 2 with changes, 3 when work remains that cannot be done now.")
    var detailedExitcode = false

    @Flag(help: "Deferred work counts as done.")
    var allowDeferred = false

    @Flag(help: "Plan with a new, empty ledger where there is none and one is expected.")
    var initState = false

    @Flag(help: "Show every change by itself, and the merged manifests.")
    var expand = false

    @Option(name: [.short, .long], help: "Output: text, json, markdown.")
    var output: PlanFormat = .text

    func run() async throws {
        let context = CommandContext.current
        let code = try await Workbench.with(global.session, initState: initState) { bench in
            if expand, output == .text { context.output.writeLine(bench.manifests.loaded.expandedYAML()) }
            var plan = try await bench.plan(flags.options, isAsGiven: true)
            let isSealed = out != nil || output == .json
            if isSealed { plan.seal(for: bench) }
            let key = isSealed ? try await bench.planKey() : nil
            output.write(
                plan, signedWith: key, terminal: bench.options.outputTerminal, expand: expand,
                places: bench.manifests.places(of: plan))
            if let out, plan.refusals.isEmpty { try save(plan, signedWith: key, to: context.path(out)) }
            return ExitCode.ofPlanning(plan, detailed: detailedExitcode, allowsDeferred: allowDeferred)
        }
        if code != .success { throw CommandFailure(code) }
    }

    private func save(_ plan: Plan, signedWith key: Secret?, to path: String) throws(CommandFailure) {
        do {
            try PrivateFile.replace(path, with: Data(SavedPlan.sealed(plan, signedWith: key).utf8))
        } catch {
            throw CommandFailure(.error, "the plan cannot be saved: \(error)")
        }
    }
}

/// How a plan is written.
enum PlanFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case markdown

    /// Writes a plan to stdout.
    func write(
        _ plan: Plan, signedWith key: Secret? = nil, terminal: Terminal, expand: Bool,
        places: [ManifestOrigin: SourceSpan] = [:]
    ) {
        let console = CommandContext.current.output
        switch self {
        case .text:
            console.writeLine(
                PlanText(terminal: terminal, expand: expand, places: places).render(plan))
        case .json: console.writeLine(SavedPlan.sealed(plan, signedWith: key))
        case .markdown: console.writeLine(PlanMarkdown.render(plan, for: terminal.invocation))
        }
    }
}
