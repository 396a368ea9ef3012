import OrderedCollections
package import SimulatorCore

/// A change of an ACL that is listed and not yet in force.
package struct LateAcl: Equatable {
    var binding: AclBinding
    var isPresent: Bool
    var actor: Event.Actor
    package var time: Milliseconds
}

extension Cluster {
    /// The ACLs that bind callers now: those that are listed, but for what is late.
    var aclsInForce: OrderedSet<AclBinding> {
        var inForce = acls
        for late in lateAcls.reversed() {
            if late.isPresent {
                inForce.remove(late.binding)
            } else {
                inForce.append(late.binding)
            }
        }
        return inForce
    }
}

extension KafkaEstate {
    /// Who a key is to ACLs: the account that owns it and, since nothing else may be known of it, the key itself.
    package func principals(ofKey key: String, on cluster: Cluster) -> [String] {
        guard let grant = keys.grants[key], grant.resource == cluster.id else { return ["User:\(key)"] }
        return ["User:\(grant.owner)", "User:\(key)"]
    }

    /// Whether ACLs let a principal do something.
    ///
    /// A DENY that matches wins. A resource with ALLOW entries is open to whom they name. Others are open to everybody,
    /// as role bindings, which are no part of the model, would have it.
    package func permits(
        _ operation: String, on type: String, _ name: String, to principals: [String], of cluster: Cluster,
        in stage: Stage
    ) -> Bool {
        guard !stage.lies.contains(.aclsNotEnforced) else { return true }
        var hasAllows = false
        var isAllowed = false
        for binding in cluster.aclsInForce where binding.isAbout(type, name) {
            let concerns = principals.contains { binding.concerns(type, name, $0, operation) }
            if binding.permission == "ALLOW" {
                hasAllows = true
                isAllowed = isAllowed || concerns
            } else if concerns {
                return false
            }
        }
        return isAllowed || !hasAllows
    }

    /// Whether ACLs let a caller of the REST API write to a topic. The pair that opens everything is above them.
    func permitsWrite(_ call: KafkaCall, to topic: Topic, in stage: Stage) -> Bool {
        guard case .owner = call.caller else { return true }
        let principals = principals(ofKey: call.request.credentials?.key ?? "", on: call.cluster)
        return permits("WRITE", on: "TOPIC", topic.name, to: principals, of: call.cluster, in: stage)
    }

    /// Logs a change of an ACL when it takes effect, which may be late.
    func noteAcl(
        _ binding: AclBinding, on cluster: Cluster, isPresent: Bool, by actor: Event.Actor, in stage: inout Stage
    ) {
        let delay: Milliseconds? = stage.trouble(["region": cluster.site, "cluster": cluster.id]) { kind in
            if case .lateACLs(let delay) = kind { delay } else { nil }
        }
        let change = LateAcl(binding: binding, isPresent: isPresent, actor: actor, time: stage.now + (delay ?? 0))
        if delay == nil, !cluster.lateAcls.contains(where: { $0.binding == binding }) {
            record(change, on: cluster, in: &stage)
        } else {
            cluster.lateAcls.append(change)
            agenda.add(.acl(cluster, change), at: change.time)
        }
        for link in cluster.readers + cluster.sortedLinks { wake(.aclSync, of: link, in: &stage) }
    }

    /// A late change takes effect.
    func settle(_ change: LateAcl, on cluster: Cluster, in stage: inout Stage) {
        guard let position = cluster.lateAcls.firstIndex(of: change) else { return }
        cluster.lateAcls.remove(at: position)
        record(change, on: cluster, in: &stage)
    }

    private func record(_ change: LateAcl, on cluster: Cluster, in stage: inout Stage) {
        stage.record(
            Event(
                .acl(cluster: cluster.id, binding: change.binding.description, isPresent: change.isPresent),
                by: change.actor),
            at: stage.now)
    }
}
