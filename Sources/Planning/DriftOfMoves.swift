import Domain

extension Drift {
    /// What moves have made of mirrors, links and registries on the member that took over. The rows of the ledger say it
    /// when a later plan hands them over; until then it is known all the same, and no drift.
    struct DeedsOfMoves {
        /// Members that a family was moved to, and the environments these are in, by the owner of what derives from it.
        private let places: [String: Set<String>]

        init(_ recorded: Recorded) {
            let environments = Dictionary(
                recorded.sites.environments.compactMap { name, site in site.id.map { ($0, name) } },
                uniquingKeysWith: { first, _ in first })
            places = recorded.moves.reduce(into: [:]) { places, entry in
                let (family, moves) = entry
                let begun = moves.open.flatMap { $0.isPast ? $0.to : nil }
                let sites = Set([begun, moves.serving?.site].compactMap(\.self))
                let around = sites.compactMap {
                    recorded.sites.clusters[$0]?.environmentID.flatMap { environments[$0] }
                }
                places[LinkOwner.name(ofFamily: family)] = sites.union(around)
            }
        }

        /// Whether a move left a field of an object as it is.
        func explain(_ difference: Change.FieldDifference, of address: ResourceAddress, _ owned: Recorded.Owned) -> Bool
        {
            guard let owner = owned.declaredBy, let place = address.place, places[owner]?.contains(place) ?? false
            else {
                return false
            }
            switch address.kind {
            case .mirror:
                let ended = [MirrorStatus.stopped, .pendingStopped].map(\.description)
                return difference.field == Self.status && difference.to.map(ended.contains) ?? false
            case .link:
                // A side that became primary is not written to by its links any more; their filters go with the switch.
                return LinkConfigs.enableFlags.contains { flag, filters in
                    difference.field == "configs.\(flag)" && difference.to == "false"
                        || difference.field == "configs.\(filters)" && difference.to == nil
                }
            case .mode: return difference.to == RegistryMode.readWrite.description
            default: return false
            }
        }

        /// The field of a mirror that tells whether it goes on.
        static let status = "status"
    }
}
