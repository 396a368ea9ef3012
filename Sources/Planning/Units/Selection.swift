import Diagnostics
import Domain

/// What `--target` and `--selector` leave of a plan: the objects they name, with everything those depend on.
struct Selection {
    /// `nil` = everything.
    private let addresses: Set<ResourceAddress>?
    /// Targets that name nothing: a typo must not look like "nothing to do".
    let refusals: [Refusal]

    init(of units: [ResourceAddress: Unit], _ options: PlanOptions) {
        refusals = options.targets.filter { units[$0] == nil }.map { target in
            let near = Suggestion.nearest(to: target.description, among: units.keys.map(\.description))
            return Refusal(
                .identity, subject: target.description, .identity(.unknownTarget(target, nearest: near)))
        }
        guard !options.targets.isEmpty || !options.selector.isEmpty || !options.families.isEmpty else {
            addresses = nil
            return
        }
        let roots = units.values.filter { unit in
            (options.families.isEmpty || unit.family.map(options.families.contains) ?? false)
                && (options.targets.isEmpty || options.targets.contains(unit.address))
                && options.selector.allSatisfy { unit.labels[$0.key] == $0.value }
        }
        addresses = UnitOrder.closure(of: roots.map(\.address), in: units)
    }

    /// Whether an object that was selected is such a one; always when nothing was selected.
    func contains(where isMatch: (ResourceAddress) -> Bool) -> Bool {
        addresses?.contains(where: isMatch) ?? true
    }

    func includes(_ address: ResourceAddress) -> Bool {
        addresses?.contains(address) ?? true
    }

    func includes(_ refused: RefusedWork) -> Bool {
        refused.addresses.isEmpty || refused.addresses.contains(where: includes)
    }

    func units(of units: [ResourceAddress: Unit]) -> [ResourceAddress: Unit] {
        addresses == nil ? units : units.filter { includes($0.key) }
    }
}
