import SimulatorServer
import TestSupport

extension FieldChapters {
    /// Exporters outside any group.
    static let exporters = FieldChapter(
        name: "SchemaLink", estate: Sites.estate(),
        documents: { stage in
            Sites.documents(stage) + [
                exporter("whole"), exporter("plain"),
                exporter("custom").with("CUSTOM", at: ["spec", "contextType"]),
            ]
        },
        entries: exporterEnds + exporterSettings)

    private static func exporter(_ name: String) -> JSONValue {
        Documents.of("SchemaLink", name, ["source": "env-w", "destination": "env-e", "subjects": [.text("\(name)*")]])
    }

    private static func exporter(_ name: String, _ key: String) -> FieldEntry.Wire {
        { try await $0.registered("exporters/\(name)", at: "west")[key] }
    }

    private static let exporterEnds = [
        FieldEntry(
            "SchemaLink spec.source", of: "SchemaLink/plain", set: .shows("env-w", "plain"),
            changed: .refused("env-e", by: "link-to-itself"), removed: .refused(nil, by: "missing-field"),
            wire: exporter("plain", "name")),
        FieldEntry(
            "SchemaLink spec.destination", of: "SchemaLink/plain", set: .shows("env-e", true),
            changed: .refused("env-w", by: "link-to-itself"), removed: .refused(nil, by: "missing-field")
        ) { stage in
            let url = try await stage.registered("exporters/plain", at: "west")["config"]["schema.registry.url"].string
            return .bool(url == (try await stage.registry(in: "us-east-1")))
        },
        FieldEntry(
            "SchemaLink spec.contextType", of: "SchemaLink/plain", set: .shows("NONE", "NONE"),
            changed: .refused("AUTO", by: "Immutable"), removed: .refused(nil, by: "Immutable"),
            wire: exporter("plain", "contextType")),
        FieldEntry(
            "SchemaLink spec.context", of: "SchemaLink/custom", set: .shows("west", "west"),
            changed: .refused("other", by: "Immutable"), removed: .refused(nil, by: "missing-field"),
            wire: exporter("custom", "context")),
        FieldEntry(
            "SchemaLink spec.destinationMode", of: "SchemaLink/custom", set: .shows("IMPORT", "IMPORT"),
            changed: .shows("Unmanaged", "IMPORT"), removed: .shows(nil, "IMPORT")
        ) { try await $0.registered("mode/:.west:", at: "east")["mode"] },
    ]

    private static let exporterSettings = [
        FieldEntry(
            "SchemaLink spec.exporterName", of: "SchemaLink/whole", set: .shows("whole-1", "whole-1"),
            changed: .refused("whole-2", by: "Immutable"), removed: .refused(nil, by: "Immutable"),
            wire: exporter("whole-1", "name")),
        FieldEntry(
            "SchemaLink spec.subjects", of: "SchemaLink/whole", set: .shows(["a*"], ["a*"]),
            changed: .shows(["a*", "b"], ["a*", "b"]), removed: .refused(nil, by: "missing-field"),
            wire: exporter("whole-1", "subjects")),
        FieldEntry(
            "SchemaLink spec.subjectRenameFormat", of: "SchemaLink/whole",
            set: .shows("west-${subject}", "west-${subject}"), changed: .shows("w-${subject}", "w-${subject}"),
            removed: .shows(nil, "${subject}"), wire: exporter("whole-1", "subjectRenameFormat")),
        FieldEntry(
            "SchemaLink spec.kekRenameFormat", of: "SchemaLink/whole",
            set: .shows("west-${kek}", "west-${kek}"), changed: .shows("w-${kek}", "w-${kek}"),
            removed: .shows(nil, "${kek}"), wire: exporter("whole-1", "kekRenameFormat")),
        FieldEntry(
            "SchemaLink spec.paused", of: "SchemaLink/whole", set: .shows(true, "PAUSED"),
            changed: .shows(false, "RUNNING"), removed: .shows(nil, "RUNNING")
        ) { try await $0.registered("exporters/whole-1/status", at: "west")["state"] },
    ]
}
