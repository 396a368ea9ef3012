import Testing

@testable import SimulatorCore
@testable import SimulatorServer

@Suite("Worlds that are made what they were")
struct CheckpointTests {
    private func ledger(_ bench: Bench) async throws -> [JSON] {
        try await bench.admin("GET", "events").array ?? []
    }

    @Test("topics, mirrors, records, registries and the log are what they were, as often as asked")
    func goesBack() async throws {
        try await Bench.run { bench in
            let east = try await bench.mirrorOrders()
            let west = try await bench.kafka("lkc-west")
            try await bench.admin("PUT", "checkpoints/mirrored")
            let log = try await ledger(bench)
            for _ in 0..<2 {
                try await bench.act("failover")
                try await bench.produce(5)
                _ = try await bench.http("POST", "\(west)/topics", ["topic_name": "later"])
                _ = try await bench.register("orders", at: try await bench.registry("lsrc-w"))
                try await bench.advance(5_000)
                #expect(try await bench.status() == "STOPPED")
                try await bench.admin("POST", "checkpoints/mirrored")
                #expect(try await bench.status() == "ACTIVE")
                #expect(try await bench.http("GET", "\(west)/topics/later").status == 404)
                let registry = try await bench.registry("lsrc-w")
                #expect(try await bench.http("GET", "\(registry)/subjects").json == [])
                #expect(try await ledger(bench) == log)
                #expect(try await bench.row()["mirror_lags"]?.array?.allSatisfy { $0["lag"] == 0 } ?? false)
            }
            // What goes on is the world that was made again, not the one it was copied from.
            try await bench.produce(3)
            try await bench.advance(5_000)
            let held = try await bench.http("GET", "\(east)/links/west-east/mirrors/orders").json["mirror_lags"]?.array
            #expect(held?.reduce(0) { $0 + ($1["last_source_fetch_offset"]?.int ?? 0) } == 33)
            try await bench.act("promote")
            try await bench.advance(5_000)
            #expect(try await bench.status() == "STOPPED")
        }
    }

    @Test("regions are reached as they were, at the same ports")
    func regions() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            try await bench.admin("PUT", "checkpoints/up")
            try await bench.set(region: "us-west-2", ["state": "down"])
            try await bench.admin("PUT", "checkpoints/down")
            try await bench.admin("POST", "checkpoints/up")
            #expect(try await bench.http("GET", west).status == 200)
            try await bench.admin("POST", "checkpoints/down")
            await #expect(throws: (any Error).self) { try await bench.http("GET", west) }
        }
    }

    @Test("there is no way back to what was not kept")
    func unknown() async throws {
        try await Bench.run { bench in
            let answer = try await bench.http("POST", "\(bench.endpoints.admin)/checkpoints/never")
            #expect(answer.status == 404)
        }
    }
}
