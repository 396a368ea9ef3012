import ArgumentParser
import Execution
import Manifest
import Rendering
import Session

/// Tells what can be written in a manifest.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain a kind of manifest or one of its fields, e.g. Topic.spec.partitions."
    )

    @Argument(help: "KIND or KIND.field; absent: the kinds.")
    var subject: String?

    @Option(help: "When to use colours: auto, always, never.")
    var color: ColorChoice = .auto

    func run() throws {
        let context = CommandContext.current
        guard let subject else {
            return context.output.writeLine(ManifestKind.allCases.map(\.rawValue).joined(separator: "\n"))
        }
        do {
            let explanation = try Explanation(of: subject)
            let terminal = color.terminal(for: context.output, environment: context.environment)
            context.output.writeLine(ExplainText.render(FieldExplanation(explanation), terminal: terminal))
        } catch {
            throw CommandFailure(.usage, error.inWords)
        }
    }
}

extension FieldExplanation {
    init(_ explanation: Explanation) {
        self.init(
            path: explanation.subject,
            type: explanation.field?.type ?? (explanation.subject.contains(".") ? "object" : "kind"),
            isRequired: explanation.field?.isRequired ?? false, defaultValue: explanation.field?.defaultValue,
            summary: explanation.field?.doc ?? explanation.doc ?? "",
            rules: explanation.rules + [explanation.field?.change.map { "change: \($0)" }].compactMap(\.self),
            fields: explanation.fields.map {
                FieldExplanation(
                    path: $0.path, type: $0.type, isRequired: $0.isRequired, defaultValue: $0.defaultValue,
                    summary: $0.doc)
            })
    }
}

extension UnknownSubject {
    /// The mistake with the way out.
    var inWords: String {
        let found = "there is no '\(word)'" + (place.map { " in \($0)" } ?? "")
        return found + (suggestion.map { "; did you mean '\($0)'?" } ?? "; known: \(known.joined(separator: ", "))")
    }
}
