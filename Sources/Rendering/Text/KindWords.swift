import Domain
import Planning

extension ResourceKind {
    /// The noun for a number of such objects.
    func noun(_ count: Int) -> String {
        let singular = nouns.0
        return count == 1 ? singular : nouns.1
    }

    private var nouns: (String, String) {
        switch self {
        case .environment: ("environment", "environments")
        case .cluster: ("cluster", "clusters")
        case .registry: ("Schema Registry", "Schema Registries")
        case .topic: ("topic", "topics")
        case .link: ("cluster link", "cluster links")
        case .mirror: ("mirror topic", "mirror topics")
        case .compatibility: ("compatibility", "compatibility levels")
        case .mode: ("registry mode", "registry modes")
        case .exporter: ("schema exporter", "schema exporters")
        case .fence: ("fence", "fences")
        case .group: ("failover group", "failover groups")
        case .binding: ("client binding", "client bindings")
        case .hook: ("restart hook", "restart hooks")
        }
    }
}

extension ResourceAddress {
    /// The heading a change of the object stands under: where it lives.
    var location: String {
        switch kind {
        case .environment, .cluster, .registry: name
        case .binding, .hook: "clients"
        case .group: name
        default: place ?? name
        }
    }

    /// The object in words: `topic orders on west`.
    var words: String {
        let noun = kind.noun(1)
        guard let place else { return kind == .registry ? "\(noun) of \(name)" : "\(noun) \(name)" }
        switch kind {
        case .compatibility: return "compatibility level of \(place)"
        case .mode: return "registry mode of \(place)\(name == "." ? "" : ", context \(name)")"
        default: return "\(noun) \(name) on \(place)"
        }
    }

    /// The name shown where kind and place are clear already.
    var shortName: String {
        switch kind {
        case .mode where name == ".": "default context"
        default: name
        }
    }
}

extension Change.Effect {
    /// The symbol in the left column.
    var symbol: String {
        switch self {
        case .create: "+"
        case .update: "~"
        case .delete: "-"
        case .replace: "-/+"
        case .adopt: "="
        case .release: "."
        }
    }

    /// What the symbol means, for the legend.
    var meaning: String {
        switch self {
        case .create: "add"
        case .update: "change"
        case .delete: "destroy"
        case .replace: "destroy, then add again"
        case .adopt: "adopt: exists already, owned from now on"
        case .release: "release: no longer owned, stays as it is"
        }
    }

    /// Its colour where colour may be used.
    var style: StyledText.Style {
        switch self {
        case .create: .green
        case .update: .yellow
        case .delete, .replace: .red
        case .adopt: .cyan
        case .release: .magenta
        }
    }

    /// The symbol in its colour, as wide as the widest.
    var mark: StyledText { StyledText(symbol, style).padded(to: 3) }
}
