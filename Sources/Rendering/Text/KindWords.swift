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
        case .group: part?.place ?? name
        default: place ?? name
        }
    }

    /// What a part of a group's move is about: `group/payments/schemas-prod-west` are schemas of `prod-west`.
    private enum Part {
        case schemas(of: String, environment: String)
        case standby(of: String, member: String)

        var place: String {
            switch self {
            case .schemas(_, let place), .standby(_, let place): place
            }
        }
    }

    private var part: Part? {
        guard let (family, milestone) = Milestone.of(self) else { return nil }
        return switch milestone {
        case .schemasReconciled(let environment): .schemas(of: family, environment: environment)
        case .confirmed(let member), .returned(let member): .standby(of: family, member: member)
        case .served, .fenced, .unfenced, .closed, .abandoned: nil
        }
    }

    /// The noun for a number of such objects.
    func noun(_ count: Int) -> String {
        if leftPlace != nil { return count == 1 ? "left place" : "left places" }
        return switch part {
        case .schemas?: "lost schemas"
        case .standby?: count == 1 ? "standby" : "standbys"
        case nil: kind.noun(count)
        }
    }

    /// The object in words: `topic orders on west`.
    var words: String {
        let noun = kind.noun(1)
        if let left = leftPlace { return "what was published of \(left.binding) to \(left.place)" }
        switch part {
        case .schemas(let group, let environment)?: return "lost schemas of \(group) on \(environment)"
        case .standby(let group, let member)?: return "\(member) as a standby of \(group)"
        case nil: break
        }
        guard let place else { return kind == .registry ? "\(noun) of \(name)" : "\(noun) \(name)" }
        switch kind {
        case .fence: return "fence of \(shortName) on \(place)"
        case .compatibility: return "compatibility level of \(place)"
        case .mode: return "registry mode of \(place)\(name == "." ? "" : ", context \(name)")"
        default: return "\(noun) \(name) on \(place)"
        }
    }

    /// The name shown where kind and place are clear already.
    var shortName: String {
        if let left = leftPlace { return "\(left.binding): \(left.place)" }
        return switch kind {
        case .mode where name == ".": "default context"
        case .fence, .group: String(name.prefix { $0 != "/" })
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
        case .adoptAndChange: "~="
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
        case .adoptAndChange: "adopt and change: exists already, and is made as declared"
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
        case .adoptAndChange: .yellow
        case .release: .magenta
        }
    }

    /// The symbol in its colour, as wide as the widest.
    var mark: StyledText { StyledText(symbol, style).padded(to: 3) }
}
