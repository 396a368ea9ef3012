import ArgumentParser
import Domain
import Execution
import Planning
import Rendering
import Session

/// A picture of the topology.
struct GraphCommand: AsyncParsableCommand, WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Draw the topology: clusters, links, registries, and where clients are sent.",
        discussion: """
            As it is now, by live evidence (--before), or as the manifests want it (--after). With --offline nothing live is \
            asked, and only what the manifests want can be drawn. Mermaid is drawn by GitHub and GitLab in Markdown, DOT by \
            Graphviz; SVG is a picture that needs nothing else.
            """)

    @OptionGroup var global: GlobalOptions

    /// Output of `graph`.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case mermaid
        case dot
        case svg
    }

    @Option(name: [.short, .long], help: "Output: mermaid, dot, svg.")
    var output: Format = .mermaid

    @Flag(help: "As it is now; the default.")
    var before = false

    @Flag(help: "As the manifests want it, with what is seen of it now.")
    var after = false

    @Flag(help: "Ask nothing live: as the manifests want it.")
    var offline = false

    func validate() throws {
        guard !(before && after) else { throw ValidationError("--before and --after: one picture at a time") }
        guard !(before && offline) else {
            throw ValidationError("--before and --offline: what is there now has to be asked")
        }
    }

    func run() async throws {
        guard !offline else {
            let manifests = try LoadedManifests.load(global.session)
            return draw(Topology(declared: manifests.workspace), manifests.workspace.name, "as declared")
        }
        let isUnseen = try await Workbench.with(global.session) { bench -> Bool in
            let (bench, _) = await bench.withoutLostState()
            let draft = try await bench.draft(PlanOptions())
            let holders = draft.plan.groups.reduce(into: [:]) { $0[$1.name] = $1.standing?.holder }
            let seen = Topology(seen: draft.input.observation, of: bench.workspace, holders: holders)
            if after {
                draw(seen.becoming(Topology(declared: bench.workspace)), bench.workspace.name, "after an apply")
            } else {
                draw(seen, bench.workspace.name, "now")
            }
            return seen.sites.contains { $0.silence != nil }
        }
        if isUnseen { throw CommandFailure(.incomplete) }
    }

    private func draw(_ topology: Topology, _ workspace: String, _ moment: String) {
        let text =
            switch output {
            case .mermaid: GraphText.mermaid(topology)
            case .dot: GraphText.dot(topology)
            case .svg: GraphSVG.render(topology, title: "\(workspace), \(moment)")
            }
        CommandContext.current.output.write(text)
    }
}
