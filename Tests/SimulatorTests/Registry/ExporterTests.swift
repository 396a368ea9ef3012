import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore
@testable import SimulatorServer

@Suite struct ExporterTests {
    var bench = RegistryBench()

    private mutating func importEast() {
        _ = bench.call("PUT", "/mode", ["mode": "IMPORT"], on: "lsrc-east")
    }

    @Test("An exporter starts by itself and copies subjects, versions and ids, old and new")
    mutating func copies() {
        importEast()
        _ = bench.register("orders", ["a:int"])
        _ = bench.register("orders", ["a:int", "b:null="])
        #expect(bench.createExporter().json == ["name": "dr"])
        #expect(bench.exporterStatus()["state"] == "STARTING")
        #expect(bench.schemas(on: "lsrc-east") == [])
        bench.pass(1_500)
        #expect(bench.exporterStatus()["state"] == "RUNNING")
        #expect(bench.schemas(on: "lsrc-east") == bench.schemas(on: "lsrc-west"))
        _ = bench.register("later", ["c:int"])
        #expect(bench.schemas(on: "lsrc-east").count == 2)
        bench.pass(500)
        #expect(bench.schemas(on: "lsrc-east") == ["later v1 #100003", "orders v1 #100001", "orders v2 #100002"])
        #expect(bench.exporterStatus()["offset"] == 3)
        #expect(bench.exporterStatus()["trace"] == "")
    }

    @Test("Copies are events of the exporter at the time of the copy, and a copied schema is not copied again")
    mutating func events() {
        importEast()
        _ = bench.register("orders", ["a:int"])
        let start = bench.stage.now
        bench.createExporter()
        bench.createExporter("back", to: "http://west.example", user: "WEST:w", from: "lsrc-east")
        bench.pass(60_000)
        let copies = bench.stage.log.entries.filter { $0.event.actor == .exporter("lsrc-west/dr") }
        #expect(copies.map(\.time) == [start + 1_000])
        #expect(
            copies.first?.event.effect
                == .schema(
                    registry: "lsrc-east", context: ".", subject: "orders", version: 1, id: 100001, isPresent: true))
        #expect(bench.exporterStatus("back", on: "lsrc-east")["trace"]?.string?.contains("42205") == true)
        #expect(bench.stage.log.entries.contains { $0.event.actor == .exporter("lsrc-east/back") } == false)
    }

    @Test("A destination that is not in IMPORT refuses; the trace says so while the state says RUNNING")
    mutating func needsImport() {
        _ = bench.register("orders", ["a:int"])
        bench.createExporter()
        bench.pass(5_000)
        #expect(bench.exporterStatus()["state"] == "RUNNING")
        #expect(bench.exporterStatus()["trace"]?.string?.contains("error code: 42205") == true)
        #expect(bench.exporterStatus()["offset"] == 0)
        #expect(bench.exporterStatus()["ts"] == 0)
        importEast()
        bench.pass(2_000)
        #expect(bench.exporterStatus()["trace"] == "")
        #expect(bench.schemas(on: "lsrc-east") == ["orders v1 #100001"])
    }

    @Test("An id that means another schema at the destination stops the exporter with 42205")
    mutating func collision() {
        _ = bench.register("foreign", ["x:int"], on: "lsrc-east")
        _ = bench.call("PUT", "/mode?force=true", ["mode": "IMPORT"], on: "lsrc-east")
        _ = bench.register("orders", ["a:int"])
        bench.createExporter()
        bench.pass(3_000)
        #expect(bench.exporterStatus()["trace"]?.string?.contains("Overwrite new schema with id 100001") == true)
        #expect(bench.schemas(on: "lsrc-east") == ["foreign v1 #100001"])
    }

    @Test("Secrets are masked, and writing the mask back breaks authentication")
    mutating func maskedSecrets() {
        importEast()
        bench.createExporter()
        bench.pass(2_000)
        let config = bench.call("GET", "/exporters/dr/config").json
        #expect(config["basic.auth.user.info"] == "[hidden]")
        #expect(bench.call("GET", "/exporters/dr").json["config"] == config)
        _ = bench.call("PUT", "/exporters/dr/pause")
        #expect(bench.call("PUT", "/exporters/dr/config", config).status == 200)
        _ = bench.call("PUT", "/exporters/dr/resume")
        bench.pass(2_000)
        #expect(bench.exporterStatus()["state"] == "RUNNING")
        #expect(bench.exporterStatus()["trace"]?.string?.contains("error code: 401") == true)
    }

    @Test("A paused exporter copies nothing until it is resumed, and reset replays from the beginning")
    mutating func pauseResumeReset() {
        importEast()
        bench.createExporter()
        bench.pass(2_000)
        #expect(bench.call("PUT", "/exporters/dr/pause").json == ["name": "dr"])
        _ = bench.register("orders", ["a:int"])
        bench.pass(10_000)
        #expect(bench.exporterStatus()["state"] == "PAUSED")
        #expect(bench.schemas(on: "lsrc-east") == [])
        _ = bench.call("PUT", "/exporters/dr/resume")
        bench.pass(2_000)
        #expect(bench.schemas(on: "lsrc-east") == ["orders v1 #100001"])
        _ = bench.call("DELETE", "/subjects/orders", on: "lsrc-east")
        _ = bench.call("DELETE", "/subjects/orders?permanent=true", on: "lsrc-east")
        _ = bench.call("PUT", "/exporters/dr/pause")
        #expect(bench.call("PUT", "/exporters/dr/reset").status == 200)
        #expect(bench.exporterStatus()["offset"] == 0)
        _ = bench.call("PUT", "/exporters/dr/resume")
        bench.pass(2_000)
        #expect(bench.schemas(on: "lsrc-east") == ["orders v1 #100001"])
    }

    @Test(
        "Refusals of exporters have the documented codes",
        arguments: [
            ("POST", "/exporters", #"{"config":{"schema.registry.url":"http://x"}}"#, 409, 40950),
            ("POST", "/exporters", #"{"name":"new"}"#, 409, 40951),
            (
                "POST", "/exporters", #"{"name":"new","contextType":"CUSTOM","config":{"schema.registry.url":"u"}}"#,
                409, 40951
            ),
            ("POST", "/exporters", #"{"name":"new","subjects":[],"config":{"schema.registry.url":"u"}}"#, 409, 40952),
            ("POST", "/exporters", #"{"name":"dr","config":{"schema.registry.url":"u"}}"#, 409, 40960),
            ("PUT", "/exporters/dr/resume", "", 409, 40961),
            ("PUT", "/exporters/dr", #"{"subjects":["a"]}"#, 409, 40963),
            ("PUT", "/exporters/dr/config", #"{"schema.registry.url":"u"}"#, 409, 40963),
            ("PUT", "/exporters/dr/reset", "", 409, 40963),
            ("DELETE", "/exporters/dr", "", 409, 40963),
            ("GET", "/exporters/none", "", 404, 40450),
            ("GET", "/exporters/none/status", "", 404, 40450),
            ("PUT", "/exporters/none/pause", "", 404, 40450),
            ("DELETE", "/exporters/none", "", 404, 40450),
        ])
    mutating func refusals(method: String, target: String, body: String, status: Int, code: Int) {
        bench.createExporter()
        let answer = bench.call(method, target, JSON(text: body))
        #expect(answer.status == status)
        #expect(answer.code == code)
    }

    @Test("The list has names only, a quota bounds it, and a paused exporter can be deleted")
    mutating func lifecycle() {
        for number in 0..<Registry.maximalExporters { bench.createExporter("e\(number)") }
        #expect(bench.createExporter("one-more").code == 40964)
        #expect(bench.call("GET", "/exporters").json.array?.first == "e0")
        _ = bench.call("PUT", "/exporters/e0/pause")
        let answer = bench.call("DELETE", "/exporters/e0")
        #expect(answer.status == 204)
        #expect(answer.text.isEmpty)
        #expect(bench.call("GET", "/exporters").json.array?.count == Registry.maximalExporters - 1)
    }

    @Test(
        "Patterns select subjects of one context or of all",
        arguments: [
            (["*"], ["orders", "other"]), (["ord*"], ["orders"]), ([":*:"], [":.dr:orders", "orders", "other"]),
            ([":.dr:*"], [":.dr:orders"]), ([":*:ord*"], [":.dr:orders", "orders"]), (["other"], ["other"]),
        ])
    mutating func patterns(subjects: [String], copied: [String]) {
        for name in ["orders", "other", ":.dr:orders"] { _ = bench.register(name, ["a:int"]) }
        _ = bench.call("PUT", "/mode/:.__GLOBAL:", ["mode": "IMPORT"], on: "lsrc-east")
        bench.createExporter(subjects: subjects)
        bench.pass(3_000)
        #expect(bench.call("GET", "/subjects", on: "lsrc-east").json == JSON(copied))
    }

    @Test(
        "AUTO and CUSTOM write into a context of their own, which they put into IMPORT",
        arguments: [("AUTO", nil, ".lsrc-west"), ("CUSTOM", "tc", ".tc"), ("CUSTOM", ".tc", ".tc")])
    mutating func contexts(type: String, context: String?, target: String) {
        _ = bench.register("orders", ["a:int"])
        bench.createExporter(contextType: type, context: context)
        bench.pass(3_000)
        #expect(bench.schemas(on: "lsrc-east") == [":\(target):orders v1 #100001"])
        #expect(bench.call("GET", "/mode/:\(target):", on: "lsrc-east").json == ["mode": "IMPORT"])
        #expect(bench.call("GET", "/mode", on: "lsrc-east").json == ["mode": "READWRITE"])
        #expect(bench.call("GET", "/exporters/dr").json["context"]?.string == context)
    }

    @Test("A context at the end of the destination's address takes unqualified subjects, renamed as asked")
    mutating func pinnedDestination() {
        _ = bench.register("orders", ["a:int"])
        _ = bench.call("PUT", "/mode/:.pay:", ["mode": "IMPORT"], on: "lsrc-east")
        bench.createExporter(to: "http://east.example/contexts/.pay/")
        _ = bench.call("PUT", "/exporters/dr/pause")
        _ = bench.call("PUT", "/exporters/dr", ["subjectRenameFormat": "dc_${subject}"])
        _ = bench.call("PUT", "/exporters/dr/resume")
        bench.pass(3_000)
        #expect(bench.schemas(on: "lsrc-east") == [":.pay:dc_orders v1 #100001"])
    }

    @Test("Soft deletions and subject levels travel, permanent deletions do not")
    mutating func deletions() {
        importEast()
        _ = bench.register("orders", ["a:int"])
        _ = bench.register("gone", ["b:int"])
        _ = bench.call("PUT", "/config/orders", ["compatibility": "FULL"])
        bench.createExporter()
        bench.pass(2_000)
        #expect(bench.call("GET", "/config/orders", on: "lsrc-east").json == ["compatibilityLevel": "FULL"])
        _ = bench.call("DELETE", "/subjects/gone")
        bench.pass(2_000)
        #expect(bench.call("GET", "/subjects", on: "lsrc-east").json == ["orders"])
        _ = bench.call("DELETE", "/subjects/gone?permanent=true")
        bench.pass(2_000)
        #expect(bench.schemas(on: "lsrc-east", deleted: true) == ["gone v1 #100002", "orders v1 #100001"])
    }

    @Test("Cut off from its destination an exporter fails, and goes on by itself when it is reached again")
    mutating func partition() {
        importEast()
        _ = bench.register("orders", ["a:int"])
        bench.createExporter()
        bench.stage.reachability.isolated = [Reachability.Place(region: "east", service: .registry)]
        bench.pass(5_000)
        #expect(bench.exporterStatus()["trace"]?.string?.contains("Connection refused") == true)
        bench.stage.reachability.isolated = []
        bench.pass(2_000)
        #expect(bench.schemas(on: "lsrc-east") == ["orders v1 #100001"])
    }

    @Test("An exporter dies with its registry and starts again with it")
    mutating func sourceDown() {
        importEast()
        _ = bench.register("orders", ["a:int"])
        bench.createExporter()
        bench.estate.setRunning(false, of: "lsrc-west", at: bench.stage.now)
        bench.pass(60_000)
        #expect(bench.schemas(on: "lsrc-east") == [])
        bench.estate.setRunning(true, of: "lsrc-west", at: bench.stage.now)
        bench.pass(2_000)
        #expect(bench.schemas(on: "lsrc-east") == ["orders v1 #100001"])
    }

    @Test("Unknown destinations and foreign keys end up in the trace")
    mutating func unreachable() {
        bench.createExporter("lost", to: "http://nowhere.example")
        bench.createExporter("denied", user: "EAST:wrong")
        bench.pass(2_000)
        #expect(bench.exporterStatus("lost")["trace"]?.string?.contains("nowhere.example") == true)
        #expect(bench.exporterStatus("denied")["trace"]?.string?.contains("401") == true)
    }

    @Test("Thousands of subjects arrive")
    mutating func many() {
        importEast()
        for number in 0..<3_000 { _ = bench.register("subject-\(number)", ["f\(number):int"]) }
        bench.createExporter()
        bench.pass(5_000)
        #expect(bench.schemas(on: "lsrc-east") == bench.schemas(on: "lsrc-west"))
        #expect(bench.estate.nextEvent() == nil)
    }
}
