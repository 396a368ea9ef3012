extension World {
    /// Answers the admin API, which asks for no credentials: it is there for the test, not for the system under test.
    func administer(_ request: Request) async -> Response {
        advance()
        let path = Array(request.path.dropFirst())
        switch (request.method, path.first, path.count) {
        case ("GET", nil, _): return .json(overview())
        case ("PUT", "regions"?, 2): return await setRegion(path[1], request.json ?? [:])
        case ("POST", "faults"?, 1): return addFaults(request.json)
        case ("GET", "faults"?, 1): return .json(.array(faults.map { $0.source }))
        case ("DELETE", "faults"?, 1):
            faults = []
            return .empty()
        case ("POST", "clock"?, 1): return await moveClock(request.json)
        case ("GET", "events"?, 1):
            return .json(stage.log.json(from: request.query("from").flatMap { Int($0) } ?? 0))
        case ("DELETE", "counts"?, 1):
            counts = [:]
            return .empty()
        case ("POST", "estate"?, 1): return await seed(request.json)
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
            "events": JSON(stage.log.entries.count), "requests": requestCounts(),
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
        guard var region = name == "control" ? control : regions[name] else {
            return .problem(404, 404, "There is no region '\(name)'.")
        }
        let before = region
        if let text = body["state"]?.string {
            guard let state = Region.State(rawValue: text) else {
                return .problem(400, 400, "A state is one of up, down, blackhole.")
            }
            switch body["vantage"]?.string {
            case nil: (region.runner, region.sites, region.clients) = (state, state, state)
            case "runner"?: region.runner = state
            case "sites"?: region.sites = state
            case "clients"?: region.clients = state
            default: return .problem(400, 400, "A vantage is one of runner, sites, clients.")
            }
        }
        if let latency = body["latencyMs"]?.int { region.latency = max(0, latency) }
        if name == "control" {
            control = region
            return .json(region.json)
        }
        regions[name] = region
        noteReachability(of: name, from: before, to: region)
        await move(name, from: before.runner, to: region.runner)
        return .json(region.json)
    }

    private func noteReachability(of name: String, from before: Region, to after: Region) {
        let changes = [
            ("runner", before.runner, after.runner), ("sites", before.sites, after.sites),
            ("clients", before.clients, after.clients),
        ]
        for (vantage, old, new) in changes where (old == .up) != (new == .up) {
            stage.record(
                Event(.reach(from: vantage, to: name, isReachable: new == .up), by: .operator), at: stage.now)
        }
        if after.sites == .up {
            stage.isolatedSites.remove(name)
        } else {
            stage.isolatedSites.insert(name)
        }
        for registry in registries.registries.values where registry.site == name {
            registries.setRunning(after.sites == .up, of: registry.id, at: stage.now)
        }
        kafka.refreshLinks(in: &stage)
    }

    /// Opens and closes the sockets of a region. Coming back from a black hole drops the requests that hang in it.
    private func move(_ name: String, from before: Region.State, to after: Region.State) async {
        guard before != after else { return }
        let listeners = directory.ports.keys.filter { $0.region == name }.sorted { $0.name < $1.name }
        for listener in listeners {
            if after == .down || before == .blackhole { close(listener) }
        }
        await settled()
        for listener in listeners where after != .down && before != .up { reopen(listener) }
        await settled()
    }

    // MARK: Faults and the clock

    private func addFaults(_ body: JSON?) -> Response {
        let rules = body?.array ?? body.map { [$0] } ?? []
        var added: [FaultRule] = []
        for rule in rules {
            guard let fault = FaultRule(rule, id: addedFaults + added.count + 1) else {
                return .problem(400, 400, "An effect is one of status, html, garbage, truncate, loseResponse, delay.")
            }
            added.append(fault)
        }
        addedFaults += added.count
        faults += added
        return .json(["added": .array(added.map { JSON($0.id) })], status: 201)
    }

    private func moveClock(_ body: JSON?) async -> Response {
        guard let milliseconds = body?["advanceMs"]?.int, milliseconds >= 0 else {
            return .problem(400, 400, "advanceMs is a number of milliseconds.")
        }
        await settled()
        guard advance(by: milliseconds) else {
            return .problem(409, 409, "The clock is the machine's; start the simulator with a virtual one.")
        }
        return .json(["now": JSON(stage.now)])
    }
}
