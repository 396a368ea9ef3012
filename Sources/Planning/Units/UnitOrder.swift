import Domain

/// Puts units in an order in which every dependency comes first; among equals by address, so that equal inputs give
/// equal plans.
struct UnitOrder {
    private let units: [ResourceAddress: Unit]
    private var ordered: [ResourceAddress] = []
    private var visited: Set<ResourceAddress> = []

    private init(_ units: [ResourceAddress: Unit]) {
        self.units = units
    }

    /// The units with something to say, and everything they depend on: in a steady state of ten thousand topics none.
    static func sorted(_ units: [ResourceAddress: Unit]) -> [ResourceAddress] {
        var order = UnitOrder(units)
        for address in units.lazy.filter({ !$0.value.isIdle }).map(\.key).sorted() { order.visit(address) }
        return order.ordered
    }

    /// Depth is bounded by the chain environment → cluster → topic → mirror → binding.
    private mutating func visit(_ address: ResourceAddress) {
        guard visited.insert(address).inserted, let dependencies = units[address]?.dependencies else { return }
        let open = dependencies.filter { !visited.contains($0) }
        for dependency in open.sorted() { visit(dependency) }
        ordered.append(address)
    }

    /// The addresses a set of units needs, itself included.
    static func closure(of roots: some Sequence<ResourceAddress>, in units: [ResourceAddress: Unit])
        -> Set<ResourceAddress>
    {
        var found: Set<ResourceAddress> = []
        var open = Array(roots)
        while let address = open.popLast() {
            guard found.insert(address).inserted, let unit = units[address] else { continue }
            open.append(contentsOf: unit.dependencies)
        }
        return found
    }
}
