import Domain
import Planning

extension RegistryReason {
    var words: RefusalWords {
        switch self {
        case .withoutCredentials(let environment):
            RefusalWords(
                "the registry of \(environment) declares no credentials, so it cannot be managed",
                wayOut: Self.declaringCredentials(of: environment))
        case .exporterWithoutCredentials(let environment):
            RefusalWords(
                "the registry of \(environment) declares no credentials, so it cannot hold the exporter",
                wayOut: Self.declaringCredentials(of: environment))
        case .immutable(let exporter, let fixed, let isOwned):
            RefusalWords(
                "\(fixed.field) of exporter \(exporter) is \(fixed.from ?? "unset") and would have to become "
                    + "\(fixed.to ?? "unset"): that is another exporter",
                wayOut: (isOwned ? Self.leadingBack(to: fixed) : "give it another `exporterName`")
                    + "; or delete the live one by hand, and the next apply makes it anew")
        case .otherMode(let address, let mode, let needed, let other, let isOfGroup):
            RefusalWords(
                "\(address) would have to be \(mode), and \(other) needs \(needed)",
                wayOut: "give one of the two a context of its own"
                    + (isOfGroup ? ", or let one group follow the other" : ""))
        case .holdsSubjects(let subjects, let environment, let context):
            RefusalWords(
                "the registry of \(environment) holds \(subjects.count) subjects in context \(context) that the exporter "
                    + "would not overwrite (\(subjects.shortened)); in IMPORT mode their applications cannot register "
                    + "schemas any more",
                wayOut: "plan with --override ImportMode, or give the exporter a context of its own")
        }
    }

    private static func leadingBack(to fixed: Change.FieldDifference) -> String {
        guard let value = fixed.from else { return "remove `\(fixed.field)`" }
        let isOfNoContext = fixed.field == "contextType" && fixed.to == ExporterContextType.custom.rawValue
        return "write `\(fixed.field): \(value)`" + (isOfNoContext ? " and remove `context`" : "")
    }

    private static func declaringCredentials(of environment: String) -> String {
        "add `schemaRegistry.credentials` to Environment \(environment)"
    }
}

extension BindingReason {
    var words: RefusalWords {
        switch self {
        case .sharedFile(let path, let from, let to):
            RefusalWords(
                "\(path) is written as \(from) and holds entries of others, which \(to) would not carry over",
                wayOut: "move those entries elsewhere, publish to another `path`, or write `format: \(from)`")
        case .format(let place, let from, let to):
            RefusalWords(
                "\(place) is written as \(from), and cannot become \(to) under its readers",
                wayOut:
                    "publish to another `key`: what is under this one is removed once the new one is written; or write "
                    + "`format: \(from)`")
        }
    }
}
