package import SimulatorCore

/// What every object of the control plane carries.
package struct ObjectMetadata: Sendable {
    var created: Milliseconds
    var updated: Milliseconds
    var deleted: Milliseconds?

    package init(created: Milliseconds) {
        self.created = created
        updated = created
    }

    package func json(path: String, name: String, base: String) -> JSON {
        var value: JSON = [
            "self": .string(base + path), "resource_name": .string(name),
            "created_at": .string(Timestamp.text(created)), "updated_at": .string(Timestamp.text(updated)),
        ]
        if let deleted { value.append("deleted_at", .string(Timestamp.text(deleted))) }
        return value
    }
}
