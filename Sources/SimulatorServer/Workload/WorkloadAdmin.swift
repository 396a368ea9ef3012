import SimulatedConfluent
import SimulatorCore

extension World {
    /// `/_sim/workload`.
    func workload(_ request: Request, _ path: ArraySlice<String>) -> Response {
        switch (request.method, path.first) {
        case ("GET", nil): return .json(workloadReport())
        case ("POST", nil): return start(request.json)
        case ("DELETE", nil): return stopWorkload()
        case ("POST", "restart"?): return restart(request.json)
        default: return .problem(405, 405, "The workload is posted, got and deleted, and its clients are restarted.")
        }
    }

    private func start(_ body: JSON?) -> Response {
        var described: [ClientDescription] = []
        for json in body?["clients"]?.array ?? body?.array ?? [] {
            switch ClientDescription.reading(json) {
            case .failure(let problem): return problem.response
            case .success(let description): described.append(description)
            }
        }
        let names = described.map(\.name)
        guard Set(names).count == names.count, workload.clients.keys.allSatisfy({ !names.contains($0) }) else {
            return .problem(409, 409, "Two clients cannot have the same name.")
        }
        for description in described {
            let client = WorkloadClient(description, at: stage.now)
            workload.clients[description.name] = client
            agenda.add(.client(client), at: stage.now)
        }
        advance()
        return .json(["clients": JSON(names)], status: 201)
    }

    /// What a restart hook does to applications: they begin again with what their policy lets them read.
    private func restart(_ body: JSON?) -> Response {
        let names = body?["clients"]?.array?.compactMap(\.string)
        let group = body?["group"]?.string
        let chosen = workload.sortedClients.filter { client in
            names?.contains(client.description.name) ?? true
                && group ?? client.description.group == client.description.group
        }
        for client in chosen {
            leave(client)
            client.restart(at: stage.now)
        }
        return .json(["restarted": JSON(chosen.map(\.description.name))])
    }

    /// Stops all clients; answers what they lived through.
    private func stopWorkload() -> Response {
        let report = workloadReport()
        for client in workload.sortedClients { leave(client) }
        workload = Workload()
        return .json(report)
    }

    // MARK: Report

    func workloadReport() -> JSON {
        let reachable = kafka.sortedClusters.filter(isReachableByClients)
        let consumers = Dictionary(grouping: workload.sortedClients.filter { $0.description.consumption != nil }) {
            $0.description.consumption?.group ?? ""
        }
        return [
            "now": JSON(stage.now), "clients": .array(workload.sortedClients.map(describe)),
            "groups": .array(
                workload.accounts.sorted { $0.key < $1.key }.map { name, account in
                    [
                        "group": .string(name), "acknowledged": JSON(account.acked.total),
                        "lost": JSON(workload.lost(of: account, on: reachable)),
                        "oldestLostAckedAt": workload.oldestLoss(of: account, on: reachable).map { JSON($0) } ?? .null,
                        "moves": describe(account.moves),
                    ]
                }),
            "consumerGroups": .array(
                consumers.sorted { $0.key < $1.key }.map { name, clients in
                    [
                        "group": .string(name), "consumed": JSON(clients.reduce(0) { $0 + $1.consumed }),
                        "duplicates": JSON(clients.reduce(0) { $0 + $1.duplicates }),
                        "gaps": JSON(clients.reduce(0) { $0 + gaps(of: $1) }),
                    ]
                }),
        ]
    }

    private func gaps(of client: WorkloadClient) -> Int64 {
        guard let cluster = client.consumesFrom.flatMap({ kafka.clusters[$0] }) else { return 0 }
        return workload.gaps(of: client, on: cluster)
    }

    private func describe(_ client: WorkloadClient) -> JSON {
        let found = client.address.flatMap { kafka.cluster(bootstrap: $0.bootstrap) }
        return [
            "name": .string(client.description.name), "group": .string(client.description.group),
            "bootstrap": JSON(client.address?.bootstrap), "key": JSON(client.address?.credentials?.key),
            "cluster": JSON(found?.id), "reads": JSON(client.reads),
            "lastRead": client.lastRead.map { JSON($0) } ?? .null,
            "acknowledged": JSON(client.acknowledged), "refused": counts(client.refused),
            "lastAck": client.lastAck.map { JSON($0.time) } ?? .null,
            "lastAckOn": JSON(client.lastAck?.cluster), "longestPauseMs": JSON(client.longestPause),
            "moves": describe(client.moves), "consumed": JSON(client.consumed), "duplicates": JSON(client.duplicates),
            "gaps": JSON(gaps(of: client)), "resets": JSON(client.resets), "unread": counts(client.unread),
        ]
    }

    private func describe(_ moves: [WorkloadClient.Move]) -> JSON {
        .array(
            moves.map {
                [
                    "from": .string($0.from), "to": .string($0.to), "lastAckBefore": JSON($0.lastAckBefore),
                    "firstAckAfter": JSON($0.firstAckAfter), "outageMs": JSON($0.firstAckAfter - $0.lastAckBefore),
                ]
            })
    }

    private func counts(_ counts: [String: Int64]) -> JSON {
        .object(counts.sorted { $0.key < $1.key }.map { JSON.Member(name: $0.key, value: JSON($0.value)) })
    }
}
