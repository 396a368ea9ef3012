/// What a region runs; each part fails by itself.
package enum Service: String, Sendable, CaseIterable {
    /// The Kafka REST API, which needs the brokers for whatever it is asked.
    case rest
    /// The brokers, which links and applications dial.
    case brokers
    case registry
}

/// Which regions' servers reach which, service by service.
package struct Reachability: Sendable, Equatable {
    package struct Place: Sendable, Hashable {
        package var region: String
        var service: Service

        package init(region: String, service: Service) {
            self.region = region
            self.service = service
        }
    }

    /// A path between two regions, whichever of them begins.
    package struct Path: Sendable, Hashable {
        let regions: Set<String>
        let service: Service

        package init(_ one: String, _ other: String, _ service: Service) {
            regions = [one, other]
            self.service = service
        }
    }

    /// What no other region reaches.
    package var isolated: Set<Place> = []
    /// What nobody reaches, its own region included.
    package var dead: Set<Place> = []
    /// Paths that are cut while both of their ends may be well.
    package var cut: Set<Path> = []

    func joins(_ from: String, _ to: String, _ service: Service) -> Bool {
        let ends = [Place(region: from, service: service), Place(region: to, service: service)]
        guard dead.isDisjoint(with: ends) else { return false }
        return from == to || isolated.isDisjoint(with: ends) && !cut.contains(Path(from, to, service))
    }
}
