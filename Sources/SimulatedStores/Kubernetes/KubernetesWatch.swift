import SimulatorCore

/// Which objects a list or a watch is about.
struct KubernetesFilter: Sendable {
    package let resource: KubernetesResource
    let namespace: String?
    private let fields: [(name: String, value: String)]
    private let labels: [(name: String, value: String)]

    init(_ target: KubernetesTarget, _ request: Request) throws(KubernetesRefusal) {
        resource = target.resource
        namespace = target.namespace
        fields = try Self.equalities(request.query("fieldSelector"))
        labels = try Self.equalities(request.query("labelSelector"))
        for (name, _) in fields where name != "metadata.name" && name != "metadata.namespace" {
            throw .bad("field label not supported: \(name)")
        }
    }

    private static func equalities(
        _ selector: String?
    ) throws(KubernetesRefusal) -> [(name: String, value: String)] {
        var found: [(name: String, value: String)] = []
        for part in (selector ?? "").split(separator: ",") {
            let sides = part.replacing("==", with: "=").split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, !sides[0].hasSuffix("!") else {
                throw .unmodelled("selectors other than equalities")
            }
            found.append((String(sides[0]), String(sides[1])))
        }
        return found
    }

    func takes(_ key: KubernetesKey, _ object: JSON) -> Bool {
        key.resource == resource && (namespace ?? key.namespace) == key.namespace
            && fields.allSatisfy { $0.value == ($0.name == "metadata.name" ? key.name : key.namespace) }
            && labels.allSatisfy { object.value(at: ["metadata", "labels", $0.name])?.string == $0.value }
    }
}

/// Where somebody who watches has come to.
struct KubernetesWatch: Watch {
    let filter: KubernetesFilter
    /// The version that was told last.
    var version: Int64
    let endsAt: Milliseconds

    static func line(_ type: String, _ object: JSON) -> [UInt8] {
        let event: JSON = ["type": .string(type), "object": object]
        return event.bytes + [UInt8(ascii: "\n")]
    }
}
