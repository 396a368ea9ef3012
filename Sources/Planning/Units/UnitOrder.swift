import Domain

/// Puts units in an order in which every dependency comes first; among equals by address, so that equal inputs give
/// equal plans.
struct UnitOrder {
    private let units: [ResourceAddress: Unit]
    private var ordered: [Unit] = []
    private var visited: Set<ResourceAddress> = []

    private init(_ units: [ResourceAddress: Unit]) {
        self.units = units
        ordered.reserveCapacity(units.count)
        visited.reserveCapacity(units.count)
    }

    static func sorted(_ units: [ResourceAddress: Unit]) -> [Unit] {
        var order = UnitOrder(units)
        for address in units.keys.sorted() { order.visit(address) }
        return order.ordered
    }

    /// Depth is bounded by the chain environment → cluster → topic → mirror → binding.
    private mutating func visit(_ address: ResourceAddress) {
        guard visited.insert(address).inserted, let unit = units[address] else { return }
        let open = unit.dependencies.filter { !visited.contains($0) }
        for dependency in open.sorted() { visit(dependency) }
        ordered.append(unit)
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
