import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore

@Suite struct ModeTests {
    var bench = RegistryBench()

    private mutating func setMode(_ mode: String, of scope: String = "", force: Bool = false) -> RegistryBench.Answer {
        bench.call(
            "PUT", "/mode\(scope.isEmpty ? "" : "/" + scope)\(force ? "?force=true" : "")", ["mode": .string(mode)])
    }

    @Test("A known schema is answered in every mode; a new one only where the mode allows it")
    mutating func registeredFirst() {
        _ = bench.register("orders", ["a:int"])
        for mode in ["READONLY", "READONLY_OVERRIDE", "IMPORT"] {
            #expect(setMode(mode, force: true).status == 200)
            #expect(bench.register("orders", ["a:int"]).json["id"] == 100001)
            #expect(bench.register("orders", ["a:int", "b:null="]).code == 42205)
        }
        #expect(setMode("READWRITE").status == 200)
        #expect(bench.register("orders", ["a:int"], id: 100001).status == 200)
        #expect(bench.register("orders", ["a:int"], id: 5).code == 42205)
    }

    @Test("Read-only scopes refuse deletion and config, import ones do not")
    mutating func writesInModes() {
        _ = bench.register("orders", ["a:int"])
        _ = setMode("READONLY")
        #expect(bench.call("DELETE", "/subjects/orders").code == 42205)
        #expect(bench.call("PUT", "/config/orders", ["compatibility": "NONE"]).code == 42205)
        _ = setMode("IMPORT", force: true)
        #expect(bench.call("DELETE", "/subjects/orders").status == 200)
    }

    @Test("IMPORT takes ids and versions as given, skips compatibility, and refuses an id that means something else")
    mutating func importing() {
        _ = setMode("IMPORT")
        #expect(bench.register("orders", ["a:int"], id: 100_700, version: 3).json == ["id": 100700])
        #expect(bench.register("orders", ["b:string"], id: 100_701, version: 9).json == ["id": 100701])
        #expect(bench.call("GET", "/subjects/orders/versions").json == [3, 9])
        let collision = bench.register("others", ["c:int"], id: 100_700)
        #expect(collision.code == 42205)
        #expect(collision.json["message"] == "Overwrite new schema with id 100700 is not permitted.")
        #expect(bench.register("others", ["a:int"], id: 100_700).status == 200)
        #expect(bench.register(":.dr:others", ["c:int"], id: 100_700).code == 42205)
        _ = setMode("READWRITE")
        #expect(bench.register("later", ["z:int"]).json["id"] == 100702)
    }

    @Test("IMPORT is refused where active subjects are, unless forced or already in IMPORT")
    mutating func importPrecondition() {
        _ = bench.register("orders", ["a:int"])
        #expect(setMode("IMPORT").code == 42205)
        #expect(setMode("IMPORT", of: "orders").code == 42205)
        #expect(setMode("IMPORT", of: "others").status == 200)
        #expect(setMode("IMPORT", force: true).status == 200)
        #expect(setMode("IMPORT").status == 200)
    }

    @Test("An unforced IMPORT of the registry looks at all contexts, and removes soft-deleted subjects everywhere")
    mutating func purge() {
        _ = bench.register(":.dr:orders", ["a:int"])
        #expect(setMode("IMPORT").code == 42205)
        _ = bench.call("DELETE", "/subjects/:.dr:orders")
        _ = bench.register("local", ["a:int"])
        _ = bench.call("DELETE", "/subjects/local")
        #expect(setMode("IMPORT").status == 200)
        #expect(bench.schemas(on: "lsrc-west", deleted: true) == [])
        #expect(bench.call("GET", "/mode/:.dr:?defaultToGlobal=true").json == ["mode": "READWRITE"])
    }

    @Test("A forced IMPORT removes nothing")
    mutating func forced() {
        _ = bench.register("orders", ["a:int"])
        _ = bench.call("DELETE", "/subjects/orders")
        #expect(setMode("IMPORT", force: true).status == 200)
        #expect(bench.schemas(on: "lsrc-west", deleted: true) == ["orders v1 #100001"])
    }

    @Test("A soft-deleted subject that something still refers to cannot be purged")
    mutating func purgeOfReferenced() {
        _ = bench.register("base", ["a:int"])
        _ = bench.call("DELETE", "/subjects/base")
        let body: JSON = [
            "schema": #"{"type":"record","name":"Use","fields":[{"name":"o","type":"Order"}]}"#,
            "references": [["name": "Order", "subject": ":.:base", "version": 1]],
        ]
        #expect(bench.call("POST", "/subjects/:.use:use/versions", body).status == 200)
        #expect(setMode("IMPORT", of: "base").code == 42206)
        #expect(bench.schemas(on: "lsrc-west", deleted: true).contains("base v1 #100001"))
    }

    @Test("A custom context takes its mode from its own scope or the global pseudo-context, never from the default one")
    mutating func inheritance() {
        _ = setMode("READONLY")
        #expect(bench.register(":.dr:orders", ["a:int"]).status == 200)
        _ = setMode("READONLY", of: ":.__GLOBAL:")
        #expect(bench.register(":.dr:orders", ["a:int", "b:null="]).code == 42205)
        _ = setMode("READWRITE", of: ":.dr:")
        #expect(bench.register(":.dr:orders", ["a:int", "b:null="]).status == 200)
        _ = setMode("READONLY", of: ":.dr:orders")
        #expect(bench.register(":.dr:orders", ["c:null="]).code == 42205)
        #expect(bench.call("GET", "/mode/:.dr:orders").json == ["mode": "READONLY"])
        #expect(bench.call("DELETE", "/mode/:.dr:orders").json == ["mode": "READONLY"])
        #expect(bench.call("GET", "/mode/:.dr:orders").code == 40409)
        #expect(bench.call("GET", "/mode/:.dr:orders?defaultToGlobal=true").json == ["mode": "READWRITE"])
    }

    @Test(
        "Each mode, at each scope, decides who may register there, and nobody else's scope changes",
        arguments: ["orders", ":.dr:orders", "", ":.:", ":.dr:", ":.__GLOBAL:"], ["READWRITE", "READONLY", "IMPORT"])
    mutating func scopes(_ scope: String, _ mode: String) {
        #expect(setMode(mode, of: scope).json == ["mode": .string(mode)])
        let concerned: [String: Set<String>] = [
            "orders": ["orders"], ":.dr:orders": [":.dr:orders"], "": ["orders", "carts"], ":.:": ["orders", "carts"],
            ":.dr:": [":.dr:orders", ":.dr:carts"],
        ]
        var id = 200_000
        for subject in ["orders", "carts", ":.dr:orders", ":.dr:carts"] {
            let isConcerned = concerned[scope]?.contains(subject) ?? true
            let effective = isConcerned ? mode : "READWRITE"
            let asked = bench.call("GET", "/mode/\(subject)?defaultToGlobal=true")
            #expect(asked.json == ["mode": .string(effective)], "\(subject)")
            id += 1
            #expect(bench.register(subject, ["f\(id):int"], id: id).code == (effective == "IMPORT" ? nil : 42205))
            #expect(bench.register(subject, ["a:int"]).code == (effective == "READWRITE" ? nil : 42205), "\(subject)")
        }
    }

    @Test("READONLY_OVERRIDE beats narrower scopes")
    mutating func override() {
        _ = setMode("READWRITE", of: "orders")
        _ = setMode("READONLY_OVERRIDE")
        #expect(bench.register("orders", ["a:int"]).code == 42205)
    }

    @Test("Modes cannot be changed when the server forbids it")
    mutating func immutable() {
        bench.estate.setModeMutability(false, of: "lsrc-west")
        #expect(setMode("READONLY").code == 42205)
        #expect(setMode("IMPORT", force: true).code == 42205)
    }

    @Test("Compatibility is asked for per scope, and DELETE answers what was there")
    mutating func configs() {
        #expect(bench.call("GET", "/config").json == ["compatibilityLevel": "BACKWARD"])
        #expect(bench.call("PUT", "/config/orders", ["compatibility": "NONE"]).json == ["compatibility": "NONE"])
        #expect(bench.call("GET", "/config/orders").json == ["compatibilityLevel": "NONE"])
        #expect(bench.call("GET", "/config/others?defaultToGlobal=true").json == ["compatibilityLevel": "BACKWARD"])
        #expect(bench.call("DELETE", "/config/orders").json == ["compatibilityLevel": "NONE"])
        #expect(bench.call("GET", "/config/orders").code == 40408)
    }
}
