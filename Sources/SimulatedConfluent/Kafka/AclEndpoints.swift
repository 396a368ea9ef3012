import OrderedCollections
import SimulatorCore

extension KafkaEstate {
    /// `acls` and `acls:batch`.
    func acls(
        _ call: KafkaCall, _ collection: String, _ path: [String], in stage: inout Stage
    ) throws(KafkaRefusal) -> Response {
        guard path.isEmpty else { throw .noRoute }
        switch (collection, call.request.method) {
        case ("acls", "GET"):
            try checkFilter(call.request)
            let filter = AclFilter(call.request)
            return aclList(call.cluster.acls.filter { filter.selects($0) }, on: call.cluster)
        case ("acls", "POST"):
            add(try binding(in: try call.body()), to: call.cluster, by: call.actor, in: &stage)
            return .empty(201)
        case ("acls:batch", "POST"): return try createBatch(call, in: &stage)
        case ("acls", "DELETE"): return try deleteAcls(call, in: &stage)
        default: throw .wrongVerb
        }
    }

    /// Refuses words that no field of an ACL has: a search for them would look as if there were nothing.
    private func checkFilter(_ request: Request) throws(KafkaRefusal) {
        let known: [(String, Set<String>)] = [
            ("resource_type", AclBinding.resourceTypes), ("pattern_type", ["LITERAL", "PREFIXED", "MATCH"]),
            ("operation", AclBinding.operations), ("permission", ["ALLOW", "DENY"]),
        ]
        for (name, words) in known {
            guard let word = request.query(name)?.uppercased(), !["", "ANY", "UNKNOWN"].contains(word) else { continue }
            guard words.contains(word) else { throw .malformed("Unknown \(name) '\(word)'.") }
        }
    }

    private func createBatch(_ call: KafkaCall, in stage: inout Stage) throws(KafkaRefusal) -> Response {
        guard let entries = try call.body()["data"]?.array else { throw .malformed("data cannot be unspecified.") }
        var bindings: [AclBinding] = []
        for entry in entries { bindings.append(try binding(in: entry)) }
        for binding in bindings { add(binding, to: call.cluster, by: call.actor, in: &stage) }
        return .empty(201)
    }

    private func binding(in json: JSON) throws(KafkaRefusal) -> AclBinding {
        guard let binding = AclBinding(json) else {
            throw .malformed("An ACL binding has a field that is unspecified or UNKNOWN.")
        }
        guard binding.resourceType != "CLUSTER" || binding.resourceName == "kafka-cluster" else {
            throw .rejected("The only valid name for the CLUSTER resource is kafka-cluster")
        }
        return binding
    }

    private func deleteAcls(_ call: KafkaCall, in stage: inout Stage) throws(KafkaRefusal) -> Response {
        for name in ["resource_type", "pattern_type", "operation", "permission"] {
            guard let value = call.request.query(name), !["", "UNKNOWN"].contains(value.uppercased()) else {
                throw .malformed("\(name) cannot be unspecified or UNKNOWN")
            }
        }
        try checkFilter(call.request)
        let filter = AclFilter(call.request)
        let selected = call.cluster.acls.filter { filter.selects($0) }
        for binding in selected { remove(binding, from: call.cluster, by: call.actor, in: &stage) }
        return .json(["data": .array(selected.map { aclData($0, on: call.cluster) })])
    }

    private func aclList(_ bindings: OrderedSet<AclBinding>, on cluster: Cluster) -> Response {
        .json([
            "kind": "KafkaAclList", "metadata": ["self": .string("\(cluster.base)/acls"), "next": nil],
            "data": .array(bindings.map { aclData($0, on: cluster) }),
        ])
    }

    private func aclData(_ binding: AclBinding, on cluster: Cluster) -> JSON {
        [
            "kind": "KafkaAcl",
            "metadata": [
                "self": .string(
                    "\(cluster.base)/acls?resource_type=\(binding.resourceType)&principal=\(binding.principal)")
            ],
            "cluster_id": .string(cluster.id), "resource_type": .string(binding.resourceType),
            "resource_name": .string(binding.resourceName), "pattern_type": .string(binding.patternType),
            "principal": .string(binding.principal), "host": .string(binding.host),
            "operation": .string(binding.operation), "permission": .string(binding.permission),
        ]
    }
}
