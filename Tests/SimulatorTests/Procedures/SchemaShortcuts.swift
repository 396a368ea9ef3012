import Testing

@testable import SimulatorCore
@testable import SimulatorServer

extension Shortcut {
    private static func call(
        _ name: String, in scene: Scene, is answer: [Int], _ method: String, _ path: String, _ body: JSON? = nil
    ) -> Shortcut {
        Shortcut(name, in: scene, is: answer) { try await $0.west.registry(method, path, body) }
    }

    static let ofSchemas: [Shortcut] = modes + deletions + exporters

    private static let modes = [
        call(
            "IMPORT on a registry that is not empty", in: .registered, is: [422, 42205], "PUT", "mode",
            ["mode": "IMPORT"]),
        call(
            "IMPORT on a subject that is there", in: .registered, is: [422, 42205], "PUT", "mode/orders-value",
            ["mode": "IMPORT"]),
        call("a mode there is not", in: .apart, is: [422, 42204], "PUT", "mode", ["mode": "WRITEONLY"]),
        call(
            "FORWARD for one subject", in: .registered, is: [422, 42204], "PUT", "mode/orders-value",
            ["mode": "FORWARD"]),
        call("the mode of a scope that has none", in: .registered, is: [404, 40409], "GET", "mode/orders-value"),
        call("the level of a scope that has none", in: .registered, is: [404, 40408], "GET", "config/orders-value"),
        Shortcut("register without an id in IMPORT", in: .apart, is: [422, 42205]) { sites in
            _ = try await sites.west.setMode("IMPORT")
            return try await sites.west.register("orders-value", "a")
        },
        Shortcut("register with an id in READWRITE", in: .apart, is: [422, 42205]) {
            try await $0.west.register("orders-value", "a", id: 7)
        },
        Shortcut("register in READONLY", in: .registered, is: [422, 42205]) { sites in
            _ = try await sites.west.setMode("READONLY")
            return try await sites.west.register("orders-value", "b")
        },
        Shortcut("delete in READONLY", in: .registered, is: [422, 42205]) { sites in
            _ = try await sites.west.setMode("READONLY")
            return try await sites.west.registry("DELETE", "subjects/orders-value")
        },
        Shortcut("give an id to a second schema", in: .registered, is: [422, 42205]) { sites in
            let id = try await sites.west.register("orders-value", "a").json["id"]?.int ?? 0
            _ = try await sites.west.setMode("IMPORT", flags: "?force=true")
            return try await sites.west.register("carts-value", "b", id: Int(id))
        },
        Shortcut("register what cannot read the version before", in: .registered, is: [409, 40901]) {
            let schema = #"{"type":"record","name":"Order","fields":[{"name":"id","type":"string"}]}"#
            return try await $0.west.registry(
                "POST", "subjects/orders-value/versions", ["schema": .string(schema)])
        },
    ]

    private static let deletions = [
        call(
            "delete for good what was not deleted before", in: .registered, is: [404, 40405], "DELETE",
            "subjects/orders-value?permanent=true"),
        Shortcut("delete softly twice", in: .registered, is: [404, 40404]) { sites in
            _ = try await sites.west.registry("DELETE", "subjects/orders-value")
            return try await sites.west.registry("DELETE", "subjects/orders-value")
        },
        Shortcut("delete what others refer to", in: .registered, is: [422, 42206]) { sites in
            let body: JSON = [
                "schema": #"{"type":"record","name":"Cart","fields":[{"name":"order","type":"Order"}]}"#,
                "references": [["name": "Order", "subject": "orders-value", "version": 1]],
            ]
            let made = try await sites.west.registry("POST", "subjects/carts-value/versions", body)
            guard made.status == 200 else { return made }
            return try await sites.west.registry("DELETE", "subjects/orders-value/versions/1")
        },
        call(
            "delete a version that is not there", in: .registered, is: [404, 40402], "DELETE",
            "subjects/orders-value/versions/9"),
    ]

    private static let exporters = [
        call(
            "change an exporter at work", in: .exported, is: [409, 40963], "PUT", "exporters/to-east",
            ["subjects": ["a"]]),
        call("reset an exporter at work", in: .exported, is: [409, 40963], "PUT", "exporters/to-east/reset"),
        call("resume an exporter at work", in: .exported, is: [409, 40961], "PUT", "exporters/to-east/resume"),
        call("delete an exporter at work", in: .exported, is: [409, 40963], "DELETE", "exporters/to-east"),
        call("pause an exporter there is not", in: .apart, is: [404, 40450], "PUT", "exporters/to-east/pause"),
        Shortcut("make an exporter twice", in: .exported, is: [409, 40960]) { sites in
            try await sites.west.registry("POST", "exporters", sites.exporterBody("to-east", to: sites.east))
        },
        call(
            "make an exporter to nowhere", in: .apart, is: [409, 40951], "POST", "exporters",
            ["name": "x", "contextType": "NONE", "subjects": ["*"], "config": [:]]),
    ]
}
