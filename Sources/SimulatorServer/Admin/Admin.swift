import SimulatedConfluent
import SimulatedStores
import SimulatorCore

extension World {
    /// Answers the admin API, which asks for no credentials: it is there for the test, not for the system under test.
    func administer(_ request: Request) async -> Response {
        advance()
        let path = Array(request.path.dropFirst())
        if !request.body.isEmpty {
            guard let body = request.json else { return Problem("The body is no JSON.").response }
            if path.first != "events", let problem = AdminNumbers.problem(in: body) { return problem.response }
        }
        switch (request.method, path.first, path.count) {
        case ("GET", nil, _): return .json(overview())
        case ("PUT", "regions"?, 2): return await setRegion(path[1], request.json ?? [:])
        case ("POST", "faults"?, 1):
            let answer = addFaults(request.json)
            await settled()
            return answer
        case ("GET", "faults"?, 1): return listFaults()
        case ("DELETE", "faults"?, 1): return removeFaults()
        case (_, "lies"?, 1): return lies(request)
        case (_, "workload"?, _): return workload(request, path.dropFirst())
        case ("POST", "clock"?, 1): return await moveClock(request.json)
        case ("PUT", "checkpoints"?, 2): return keep(checkpoint: path[1])
        case ("POST", "checkpoints"?, 2): return await goBack(to: path[1])
        case ("GET", "events"?, 1): return exportEvents(request)
        case ("POST", "events"?, 1): return takeEvents(request.json)
        case ("PUT", "events"?, 1): return limitEvents(request.json)
        case ("DELETE", "counts"?, 1):
            counts = [:]
            return .empty()
        case ("POST", "estate"?, 1): return await seed(request.json)
        case ("POST", "stores"?, 1): return await addStore(request.json)
        case ("POST", "produce"?, 1): return produce(request.json)
        case ("GET", "records"?, 4): return records(path)
        default:
            return .problem(404, 404, "The admin API has no \(request.method) /\(request.path.joined(separator: "/")).")
        }
    }

    // MARK: Overview

    private func overview() -> JSON {
        [
            "now": JSON(stage.now), "clock": .string(isVirtual ? "virtual" : "real"),
            "endpoints": .object(
                directory.ports.keys.sorted { $0.name < $1.name }.map {
                    JSON.Member(name: $0.name, value: JSON(directory.url($0)))
                }),
            "regions": .object(
                [JSON.Member(name: "control", value: control.json)]
                    + regions.sorted { $0.key < $1.key }.map { JSON.Member(name: $0.key, value: $0.value.json) }),
            "clusters": .array(kafka.sortedClusters.map(describe)),
            "registries": .array(
                registries.registries.values.sorted { $0.id < $1.id }.map {
                    [
                        "id": .string($0.id), "environment": .string($0.environment), "region": .string($0.site),
                        "url": JSON(directory.registry($0.id, region: $0.site)),
                    ]
                }),
            "events": JSON(stage.log.count), "requests": requestCounts(),
        ]
    }

    private func describe(_ cluster: Cluster) -> JSON {
        [
            "id": .string(cluster.id), "display_name": .string(cluster.displayName),
            "kind": .string(cluster.kind.rawValue), "region": .string(cluster.site),
            "bootstrap": .string(cluster.bootstrap), "rest": .string(cluster.restURL),
            "topics": JSON(cluster.topics.count), "links": JSON(cluster.links.count),
        ]
    }

    private func requestCounts() -> JSON {
        .object(
            counts.sorted { $0.key.name < $1.key.name }.map { listener, templates in
                let total = templates.values.reduce(0, +)
                return JSON.Member(
                    name: listener.name,
                    value: [
                        "total": JSON(total),
                        "byTemplate": .object(
                            templates.sorted { $0.key < $1.key }.map {
                                JSON.Member(name: $0.key, value: JSON($0.value))
                            }),
                    ])
            })
    }

    // MARK: Regions

    private func setRegion(_ name: String, _ body: JSON) async -> Response {
        switch RegionChange.reading(body) {
        case .failure(let problem): return problem.response
        case .success(let change):
            guard self.change(region: name, change) else {
                return .problem(404, 404, "There is no region '\(name)'.")
            }
            await settled()
            return .json((name == Listener.control.region ? control : regions[name])?.json ?? .null)
        }
    }

    // MARK: The clock

    /// Everything that is due meanwhile happens, which takes its time.
    private static let longestMove: Milliseconds = 31 * 86_400_000

    private func moveClock(_ body: JSON?) async -> Response {
        guard let milliseconds = body?["advanceMs"]?.int, (0...Self.longestMove).contains(milliseconds) else {
            return .problem(400, 400, "advanceMs is a number of milliseconds, 31 days at most.")
        }
        await settled()
        guard advance(by: milliseconds) else {
            return .problem(409, 409, "The clock is the machine's; start the simulator with a virtual one.")
        }
        await settled()
        return .json(["now": JSON(stage.now)])
    }
}
