import ArgumentParser
import Diagnostics
import Execution
import Manifest
import Session

/// Prints the JSON Schema of manifests, for editors.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema (2020-12) of a kind, or of all kinds.")

    @Argument(help: "Kind, e.g. Topic; absent: one schema for all kinds.")
    var kind: String?

    func run() throws {
        let output = CommandContext.current.output
        guard let kind else { return output.writeLine(ManifestSchema.jsonSchema()) }
        guard let known = ManifestKind(rawValue: kind) else {
            let names = ManifestKind.allCases.map(\.rawValue)
            let hint = Suggestion.nearest(to: kind, among: names).map { "did you mean \($0)?" }
            throw CommandFailure(
                .usage, "there is no kind '\(kind)'; \(hint ?? "known: \(names.joined(separator: ", "))")")
        }
        output.writeLine(ManifestSchema.jsonSchema(known))
    }
}
