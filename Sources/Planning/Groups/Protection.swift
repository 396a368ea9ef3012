import Domain

/// Whether a group is protected, with every reason why not: the one place that says so.
struct Protection {
    /// Whether a standby could take over everything that clients were promised.
    var isProtected = false
    /// What stands against it, and what stands against standbys beside one that could.
    var gaps: [ProtectionGap] = []
}

/// One standby of a group, as its protection is judged.
private struct Standby {
    let group: FailoverGroupSpec
    let family: GroupFamily
    let holder: String
    let member: String
    let topics: Set<String>
    /// Entries that Spillway itself wrote there, and takes away before clients come.
    let ownEntries: Set<ACLBinding>
}

extension GroupPhase {
    /// Judges a group by what was seen; what was not seen protects nobody.
    mutating func protection(
        of group: FailoverGroupSpec, in family: GroupFamily, _ situation: FamilySituation?, _ topics: Set<String>
    ) -> Protection {
        let holder = situation?.source ?? family.primary
        let others = family.members.filter { $0 != holder }
        let retired = others.filter { family.leader.reprotect == .retire && situation?.moves.demoted[$0] != nil }
        let standbys = others.filter { !retired.contains($0) }
        var protection = Protection()
        if topics.isEmpty { protection.gaps.append(.withoutTopics) }
        if standbys.isEmpty { protection.gaps.append(retired.isEmpty ? .withoutStandby : .retired(members: retired)) }
        if let reach = observation.clusters[holder], reach.state.isUnseen {
            protection.gaps.append(.holderUnseen(member: holder, silence: reach.silence ?? "not observed"))
        }
        let stands = protection.gaps.isEmpty
        for member in standbys {
            let gaps = gaps(
                Standby(
                    group: group, family: family, holder: holder, member: member, topics: topics,
                    ownEntries: situation?.moves.fences[member]?.written ?? []))
            if stands, gaps.allSatisfy(\.leavesProtected) { protection.isProtected = true }
            protection.gaps += gaps.filter { !protection.gaps.contains($0) }
        }
        return protection
    }

    private mutating func gaps(_ standby: Standby) -> [ProtectionGap] {
        guard let snapshot = observation.clusters[standby.member]?.snapshot else {
            let silence = observation.clusters[standby.member]?.silence ?? "not observed"
            return [.memberUnseen(member: standby.member, silence: silence)]
        }
        return facts.mirrorGaps(standby, snapshot) + linkGaps(standby, snapshot) + schemaGaps(standby)
            + clientGaps(standby)
    }

    private mutating func linkGaps(_ standby: Standby, _ snapshot: KafkaSnapshot) -> [ProtectionGap] {
        let rows = index.mirrors[standby.member] ?? [:]
        let used = Set(standby.topics.compactMap { rows[$0].flatMap { $0.isLive ? $0.link : nil } })
        let wanted = LinkConfigs.offsetSync(standby.family.linkSettings)
        var gaps: [ProtectionGap] = []
        for link in snapshot.links.sorted(by: { $0.name < $1.name }) where used.contains(link.name) {
            if let problem = link.interruption {
                gaps.append(.link(member: standby.member, link: link.name, problem: problem))
            }
            for task in link.tasks where task.state == .inError && !task.isCutOff {
                let problem = "\(task.name): \(task.errors.joined(separator: "; "))"
                gaps.append(
                    task.isOfGroupsInUse
                        ? .groupsInUse(
                            member: standby.member, link: link.name, groups: groupsInUse(standby), problem: problem)
                        : .task(member: standby.member, link: link.name, problem: problem))
            }
            for (config, value) in wanted.sorted(by: { $0.key < $1.key }) {
                let live = (link.configs[config] ?? LinkConfigs.defaults[config]).map {
                    ConfigValue.canonical(config, $0)
                }
                guard live != ConfigValue.canonical(config, value) else { continue }
                gaps.append(
                    .offsetSync(member: standby.member, link: link.name, config: config, live: live, wanted: value))
            }
        }
        return gaps
    }

    /// Consumer groups whose offsets are to be synced and that have members on a standby.
    private mutating func groupsInUse(_ standby: Standby) -> [String] {
        let probe = Probe.readers(cluster: standby.member, topics: standby.topics.sorted())
        guard case .readers(let groups)? = answer(to: probe) else { return [] }
        return groups.filter { standby.group.link.consumerOffsetSync?.syncs($0) ?? true }.sorted()
    }

    // MARK: Schemas

    private mutating func schemaGaps(_ standby: Standby) -> [ProtectionGap] {
        guard let settings = standby.group.schemas, let source = facts.environment(of: standby.holder),
            let destination = facts.environment(of: standby.member), source != destination
        else { return [] }
        guard let holding = observation.registries[source]?.snapshot else {
            return [.registryUnseen(environment: source, silence: facts.silence(ofRegistry: source))]
        }
        guard let filled = observation.registries[destination]?.snapshot else {
            return [.registryUnseen(environment: destination, silence: facts.silence(ofRegistry: destination))]
        }
        let contexts = RegistryContext.reached(bySubjects: settings.subjects) ?? [.standard]
        var gaps: [ProtectionGap] = contexts.filter { filled.modes[$0] != .import }.map {
            .registryMode(
                environment: destination, context: $0.description,
                mode: (filled.modes[$0] ?? .readWrite).description)
        }
        gaps += facts.exporterGaps(settings, standby.group, of: standby.family, source, holding, destination)
        guard gaps.isEmpty else { return gaps }
        let comparison = SchemaComparison(source: source, destination: destination, subjects: settings.subjects)
        switch answer(to: .missingSchemas(comparison, renameFormat: settings.subjectRenameFormat)) {
        case .schemas(let missing)?:
            return missing.isEmpty
                ? []
                : [
                    .schemas(
                        environment: destination, missing: missing.sorted().map { "\($0.subject) v\($0.version)" })
                ]
        case .unanswered(let silence)?: return [.schemasUnseen(environment: destination, silence: silence)]
        default: return [.schemasUnseen(environment: destination, silence: "its schemas were not asked for")]
        }
    }

    // MARK: Clients

    private mutating func clientGaps(_ standby: Standby) -> [ProtectionGap] {
        var gaps: [ProtectionGap] = []
        if standby.family.members.contains(standby.member), workspace.clusters[standby.member]?.type != .apacheKafka {
            if observation.clusters[standby.member]?.snapshot?.denials == nil {
                gaps.append(.entriesUnseen(member: standby.member))
            }
            let denials = facts.denials(
                on: standby.member, of: [standby.group], topics: standby.topics, besides: standby.ownEntries)
            if !denials.isEmpty { gaps.append(.denied(member: standby.member, entries: denials.map(\.inWords))) }
        }
        for binding in index.bindingsOfGroups[standby.group.name] ?? []
        where binding.credentials[standby.member] != nil {
            switch answer(to: .signIn(binding: binding.name, cluster: standby.member)) {
            case .signIn(let refused)?:
                gaps += refused.map { .signIn(member: standby.member, binding: binding.name, reason: $0) }
            case .unanswered(let silence)?:
                gaps.append(.signIn(member: standby.member, binding: binding.name, reason: "not checked, \(silence)"))
            default:
                gaps.append(.signIn(member: standby.member, binding: binding.name, reason: "sign-in was not checked"))
            }
        }
        return gaps
    }
}

extension Facts {
    // MARK: Records

    fileprivate func mirrorGaps(_ standby: Standby, _ snapshot: KafkaSnapshot) -> [ProtectionGap] {
        let rows = index.mirrors[standby.member] ?? [:]
        let source = id(ofCluster: standby.holder)
        let remotes = Dictionary(snapshot.links.map { ($0.name, $0.remoteClusterID) }) { first, _ in first }
        var idle: [Idle: [String]] = [:]
        var strayed: [String?: [String]] = [:]
        for topic in standby.topics {
            guard let row = rows[topic], row.status == .active else {
                idle[Idle(status: rows[topic]?.status, error: rows[topic]?.error), default: []]
                    .append(topic)
                continue
            }
            let remote = remotes[row.link] ?? nil
            if remote == nil || remote != source { strayed[remote, default: []].append(topic) }
        }
        return idle.sorted { $0.key < $1.key }.map { idle, topics in
            .notFetching(
                member: standby.member, status: idle.status, topics: topics.sorted(), error: idle.error)
        }
            + strayed.sorted { $0.key ?? "" < $1.key ?? "" }.map { remote, topics in
                .otherSource(
                    member: standby.member,
                    source: standby.family.members.first { remote != nil && id(ofCluster: $0) == remote },
                    holder: standby.holder, topics: topics.sorted())
            }
    }

    fileprivate func silence(ofRegistry environment: String) -> String {
        observation.registries[environment]?.silence ?? "not observed"
    }

    fileprivate func exporterGaps(
        _ settings: SchemaSettings, _ group: FailoverGroupSpec, of family: GroupFamily, _ source: String,
        _ snapshot: RegistrySnapshot, _ destination: String
    ) -> [ProtectionGap] {
        let base = settings.exporterName ?? group.name
        let url = observation.sites.environments[destination]?.registryEndpoint.map(Self.endpoint)
        let derived = family.groups.count == 1 ? exporters(of: family, on: source) : []
        let named = snapshot.exporters.filter { $0.name == base || $0.name == "\(base)-\(destination)" }
        let own = (named + derived).first { exporter in
            url == nil || exporter.destinationURL == nil || exporter.destinationURL.map(Self.endpoint) == url
        }
        guard let own else {
            return [.noExporter(environment: source, exporter: base, destination: destination)]
        }
        var gaps: [ProtectionGap] = []
        if own.state != .running || own.trace != nil {
            gaps.append(
                .exporter(environment: source, exporter: own.name, state: own.state, trace: own.trace))
        }
        let definition = ExporterDefinition(
            environment: source, exporter: own.name, destination: destination, contextType: .none, context: nil,
            settings: settings)
        let live = own.fields(destination: destination)
        for field in ["contextType", "subjectRenameFormat", "subjects"] {
            guard let wanted = definition.fields[field], live[field] != wanted else { continue }
            gaps.append(
                .exporterSelection(
                    environment: source, exporter: own.name, field: field, live: live[field], wanted: wanted))
        }
        return gaps
    }

    /// Entries on a member that keep clients of groups from what they need there.
    func denials(
        on member: String, of groups: [FailoverGroupSpec], topics: Set<String>, besides own: Set<ACLBinding>
    ) -> [ACLBinding] {
        let there = observation.clusters[member]?.snapshot?.denials ?? []
        let named = Set(groups.flatMap { $0.fence?.denyWrites ?? [] })
        let clients = named.isEmpty ? ["User:*"] : named
        let synced = groups.compactMap(\.link.consumerOffsetSync)
        return there.filter { entry in
            !own.contains(entry) && entry.denies(anyOf: clients)
                && entry.concerns(topics: topics) { name in
                    synced.isEmpty || synced.contains { $0.syncs(name) }
                }
        }.sorted()
    }
}

/// What topics that do not fetch have in common.
private struct Idle: Hashable, Comparable {
    let status: MirrorStatus?
    let error: String?

    static func < (left: Idle, right: Idle) -> Bool {
        (left.status?.description ?? "", left.error ?? "") < (right.status?.description ?? "", right.error ?? "")
    }
}

extension OffsetSyncSpec {
    /// Whether the offsets of a consumer group are to be synced: then it is one of the group's own.
    fileprivate func syncs(_ group: String) -> Bool {
        (includeGroups.isEmpty || includeGroups.contains { Glob($0).matches(group) })
            && !excludeGroups.contains { Glob($0).matches(group) }
    }
}
