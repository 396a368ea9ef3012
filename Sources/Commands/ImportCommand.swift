import ArgumentParser
import Domain
import Estate
import Execution
import Foundation
import Rendering
import Session

/// Writes a workspace for what exists already.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Write a workspace for what exists already.",
        discussion: """
            Reads an organization of Confluent Cloud (CLOUD_KEY, CLOUD_SECRET), sites that you run yourself (--platform), or a \
            Terraform state (--from), and writes manifests whose plan adopts and changes nothing. Keys are read from \
            KAFKA_<CLUSTER>_KEY and _SECRET, REGISTRY_<ENVIRONMENT>_KEY and _SECRET (KAFKA_KEY, REGISTRY_KEY where those are \
            not set); of --platform from KAFKA_<NAME>_USERNAME and _PASSWORD.
            """)

    @Argument(help: ArgumentHelp("Folder to write to; new or empty.", valueName: "dir"))
    var folder: String

    @Option(help: ArgumentHelp("Name of the workspace (default: the folder's).", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("Control plane, in place of Confluent Cloud's.", valueName: "url"))
    var endpoint: String = "https://api.confluent.cloud"

    @Option(help: ArgumentHelp("A Terraform state to read in place of live systems.", valueName: "terraform.tfstate"))
    var from: String?

    @Option(help: ArgumentHelp("A site that you run yourself: its Kafka REST endpoint.", valueName: "name=url"))
    var platform: [NamedValue] = []

    @Option(help: ArgumentHelp("Bootstrap servers of such a site.", valueName: "name=servers"))
    var bootstrap: [NamedValue] = []

    @Option(help: ArgumentHelp("Schema Registry of such a site.", valueName: "name=url"))
    var registry: [NamedValue] = []

    @Option(
        help: ArgumentHelp(
            "Only what these globs of addresses take, where they name a kind: topic/west/payments.*, cluster/prod-*.",
            valueName: "glob"))
    var include: [String] = []

    @Option(help: ArgumentHelp("Nothing that these globs of addresses take.", valueName: "glob"))
    var exclude: [String] = []

    @Flag(inversion: .prefixedNo, help: "Whether links and exporters that do what a failover group does become one.")
    var groups = true

    @Option(help: "When to use colours: auto, always, never.")
    var color: ColorChoice = .auto

    @Flag(name: [.short, .long], help: "Log every request on stderr.")
    var verbose = false

    func validate() throws {
        guard from == nil || platform.isEmpty else {
            throw ValidationError("--from and --platform: a state tells of Confluent Cloud only")
        }
        let sites = Set(platform.map(\.name))
        guard sites.count == platform.count else { throw ValidationError("--platform names a site twice") }
        for (flag, values) in [("--bootstrap", bootstrap), ("--registry", registry)] {
            for value in values where !sites.contains(value.name) {
                throw ValidationError("\(flag) \(value.name): there is no --platform of this name")
            }
        }
        for site in platform where !bootstrap.contains(where: { $0.name == site.name }) {
            throw ValidationError(
                "--platform \(site.name) needs --bootstrap \(site.name)=…: its REST API does not tell it")
        }
        _ = try filter()
    }

    func run() async throws {
        let context = CommandContext.current
        let target = try ImportFolder(folder)
        let options = GlobalOptions.session(at: context.path(folder), color: color, verbose: verbose)
        let outcome = try await Importer(try request(), options).outcome()
        _ = try target.write(outcome)
        context.output.write(ImportText.render(outcome, in: folder, terminal: options.outputTerminal))
        _ = try LoadedManifests.load(options)
        if !outcome.unread.isEmpty { throw CommandFailure(.incomplete) }
    }

    private func filter() throws -> EstateFilter {
        do throws(EstateFilter.Malformed) {
            return try EstateFilter(include: include, exclude: exclude)
        } catch {
            let kinds = EstateFilter.kinds.map { "\($0.rawValue)/…" }.joined(separator: ", ")
            throw ValidationError("\(error.pattern) begins with none of the kinds that can be chosen: \(kinds)")
        }
    }

    private func request() throws -> ImportRequest {
        let source: ImportRequest.Source =
            if let from {
                .terraform(path: from, endpoint: endpoint)
            } else if platform.isEmpty {
                .cloud(endpoint: endpoint)
            } else {
                .platform(
                    platform.map { site in
                        .init(
                            name: site.name, restEndpoint: site.value,
                            bootstrapServers: bootstrap.first { $0.name == site.name }?.value ?? "",
                            registryEndpoint: registry.first { $0.name == site.name }?.value)
                    })
            }
        let standard = URL(fileURLWithPath: CommandContext.current.path(folder)).lastPathComponent
        return ImportRequest(
            source: source, filter: try filter(), infersGroups: groups, name: SiteNames.text(name ?? standard))
    }
}
