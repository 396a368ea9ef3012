import Confluent
import Domain
import Execution
import Planning
import Testing
import Transport

/// What an observation costs and covers.
@Suite struct ObservationTests {
    private func requests(topics count: Int) async throws -> Int {
        try await Rig.with { rig in
            try await rig.seedRegions(topics: #"[{"name":"t","count":\#(count),"partitions":2}]"#)
            let managed = rig.managing((0..<9).map { "t00000\($0)" })
            let before = rig.transport.requestCount
            let observation = await managed.observe()
            #expect(observation.clusters["west"]?.snapshot?.topics.count == count)
            #expect(observation.clusters["west"]?.snapshot?.configs.count == count)
            return rig.transport.requestCount - before
        }
    }

    @Test("The number of requests does not depend on the number of topics")
    func requestsByTopics() async throws {
        // An attempt that a busy machine lets time out is sent again, and counted again.
        func least(topics: Int) async throws -> Int {
            min(try await requests(topics: topics), try await requests(topics: topics))
        }
        let few = try await least(topics: 10)
        let many = try await least(topics: 700)
        #expect(few == many)
    }

    @Test("Few managed topics are read one by one; one that does not exist has no configs")
    func fewTopics() async throws {
        try await Rig.with { rig in
            try await rig.seedRegions(topics: #"[{"name":"t","count":5,"configs":{"retention.ms":"7"}}]"#)
            let observation = await rig.managing(["t000001", "missing"]).observe()
            #expect(
                observation.clusters["west"]?.snapshot?.configs.mapValues(\.withoutNoise) == [
                    "t000001": ["retention.ms": "7"]
                ])
        }
    }

    /// Stores that say which target was asked.
    private struct EchoingStores: StoreObserver {
        func observe(_ binding: ClientBindingSpec, targetIndex: Int) async -> Reach<StoreSnapshot> {
            .reachable(StoreSnapshot(properties: ["target": "\(binding.name)/\(targetIndex)"]))
        }

        func observe(_ place: PlaceLeft) async -> Reach<StoreSnapshot> {
            .reachable(StoreSnapshot(properties: ["target": "left \(place.target.place)"]))
        }
    }

    @Test("Every target of every binding is observed, under its address")
    func stores() async throws {
        try await Rig.with { rig in
            try await rig.seedRegions()
            var workspace = rig.workspace
            var binding = ClientBindingSpec(metadata: Metadata(name: "checkout"), target: .cluster("west"))
            binding.publish = [
                .file(FilePlace(path: "a.properties", format: .properties, contents: .all)),
                .file(FilePlace(path: "b.json", format: .json, contents: .all)),
            ]
            workspace.clientBindings["checkout"] = binding
            let observer = ConfluentObserver(secrets: rig.secrets, transport: rig.transport, stores: EchoingStores())
            let observation = await observer.observe(
                ObservationScope(workspace, recorded: Recorded()), of: workspace, recorded: Recorded())
            for index in 0..<2 {
                let address = ResourceAddress(.binding, "checkout/\(index)")
                #expect(observation.stores[address]?.snapshot?.properties == ["target": "checkout/\(index)"])
            }
            #expect(observation.stores.count == 2)
            var recorded = Recorded()
            var row = PublishTarget.file(FilePlace(path: "old.json", format: .json, contents: .all)).remembered
            row["properties.acks"] = "all"
            recorded.owned[ResourceAddress(.binding, "checkout/2")] = Recorded.Owned(
                origin: .created, deletionPolicy: .retain, applied: row)
            let later = await observer.observe(
                ObservationScope(workspace, recorded: recorded), of: workspace, recorded: recorded)
            let left = ResourceAddress(placeLeftBy: "checkout", "file old.json")
            #expect(later.stores[left]?.snapshot?.properties == ["target": "left file old.json"])
        }
    }

    @Test("The organization is asked for only when the manifest expects one")
    func organization() async throws {
        try await Rig.with { rig in
            try await rig.seedRegions()
            #expect(await rig.observe().controlPlanes["cloud"]?.snapshot?.organization == nil)
            var rig = rig
            guard case .confluentCloud(var spec)? = rig.workspace.connections["cloud"]?.system else { return }
            spec.organization = "expected"
            rig.workspace.connections["cloud"]?.system = .confluentCloud(spec)
            #expect(await rig.observe().controlPlanes["cloud"]?.snapshot?.organization != nil)
        }
    }
}
