import FoundationEssentials
import SimulatedConfluent
import SimulatedStores
import SimulatorCore

/// A place where bindings are published, as an application reads it. Each kind of store is one conformance.
protocol BindingSource: Sendable {
    /// How the event log names the place.
    var store: String { get }

    /// The values published there now, by the normal form of their keys; `nil` when nothing can be read.
    func values(in world: isolated World) -> [String: String]?
}

/// A file of the machine the simulator runs on.
struct BindingFile: BindingSource {
    let path: String
    let format: BindingText.Format

    var store: String { "file:\(path)" }

    func values(in world: isolated World) -> [String: String]? {
        (try? Data(contentsOf: URL(filePath: path))).flatMap { BindingText.values(Array($0), format) }
    }

    /// The files that `binding` of an application names.
    static func reading(_ binding: JSON?) -> Result<[BindingFile], Problem> {
        let paths = ([binding?["file"]] + (binding?["files"]?.array ?? [])).compactMap { $0?.string }
        var format: BindingText.Format?
        if let text = binding?["format"]?.string {
            guard let known = BindingText.Format(rawValue: text) else {
                return .failure(Problem("A format is one of Properties, JSON, Dotenv, YAML."))
            }
            format = known
        }
        return .success(paths.map { BindingFile(path: $0, format: format ?? BindingText.Format(path: $0)) })
    }
}

/// A place in a store that the simulator serves, as applications reach it.
struct StoredBinding: BindingSource {
    let name: String
    let place: String

    var store: String { "\(name):\(place)" }

    func values(in world: isolated World) -> [String: String]? {
        let listener = world.directory.ports.keys.first { $0.storeName == name }
        guard let listener, world.regions[listener.region]?[.clients, .rest] ?? .up == .up else { return nil }
        return world.stores[name]?.values(at: place)
    }

    /// The places that `binding.stores` of an application names: `[{"store": "consul", "place": "apps/checkout"}]`.
    static func reading(_ binding: JSON?) -> [StoredBinding] {
        (binding?["stores"]?.array ?? []).compactMap { entry in
            guard let name = entry["store"]?.string, let place = entry["place"]?.string else { return nil }
            return StoredBinding(name: name, place: place)
        }
    }
}
