package import Domain

/// What differs between the live systems and what was last applied, whatever the manifests say now.
package struct Drift: Hashable, Sendable {
    /// One owned object that is not as it was applied.
    package struct Finding: Hashable, Sendable {
        /// The object.
        package let address: ResourceAddress
        /// Whether it is gone.
        package let isMissing: Bool
        /// Fields: `from` = applied, `to` = live.
        package let differences: [Change.FieldDifference]

        init(_ address: ResourceAddress, isMissing: Bool = false, differences: [Change.FieldDifference] = []) {
            self.address = address
            self.isMissing = isMissing
            self.differences = differences
        }
    }

    /// Objects that drifted, by address.
    package let findings: [Finding]
    /// Owned objects whose endpoint did not tell, with the reason.
    package let unseen: [ResourceAddress: String]
    /// Owned objects that were compared.
    package let compared: Int

    /// Compares what the ledger says was applied with what was seen.
    package static func compare(_ recorded: Recorded, with observation: Observation) -> Drift {
        var findings: [Finding] = []
        var unseen: [ResourceAddress: String] = [:]
        var compared = 0
        let seen = Seen(recorded, observation)
        let moves = DeedsOfMoves(recorded)
        for (address, owned) in recorded.owned where owned.origin != .creating && address.leftPlace == nil {
            switch seen.live(address, owned) {
            case .unseen(let reason): unseen[address] = reason
            case .missing:
                compared += 1
                findings.append(Finding(address, isMissing: true))
            case .found(let fields, let besides):
                compared += 1
                let differences = (differences(applied: owned.applied, live: fields, kind: address.kind) + besides)
                    .filter { !moves.explain($0, of: address, owned) }
                if !differences.isEmpty { findings.append(Finding(address, differences: differences)) }
            }
        }
        return Drift(findings: findings.sorted { $0.address < $1.address }, unseen: unseen, compared: compared)
    }

    /// Fields only the ledger knows; nothing live can be compared with them.
    private static let unreadable: Set<String> = [
        "credentials", "epoch", "generation", "kekRenameFormat", "place", "remote", "source", "sourceTopic",
        WantedContent.partialMark, WantedContent.contentsMark,
    ]

    private static func isReadable(_ field: String) -> Bool {
        !unreadable.contains(field) && !Unit.Ownership.isMark(field) && !PublishedPlace.isPart(field)
    }

    private static func differences(
        applied: [String: String], live: [String: String], kind: ResourceKind
    ) -> [Change.FieldDifference] {
        let ignoresSwitchedOff = LinkConfigs.enableFlags.compactMap { flag, filter in
            applied["configs.\(flag)"] == "false" ? "configs.\(filter)" : nil
        }
        return applied.keys.filter { isReadable($0) && !ignoresSwitchedOff.contains($0) }.sorted()
            .compactMap { field in
                isSame(field, live[field], applied[field])
                    ? nil : Change.FieldDifference(field, from: applied[field], to: live[field])
            }
    }

    /// Whether what is there is what was applied; what an older version wrote down may be in another form.
    private static func isSame(_ field: String, _ live: String?, _ applied: String?) -> Bool {
        guard field.isConfig else { return live == applied }
        let name = String(field.dropFirst("configs.".count))
        return live == applied
            || (live.map { ConfigValue.canonical(name, $0) } == applied.map { ConfigValue.canonical(name, $0) })
    }
}

extension KafkaSnapshot {
    /// The fields of one topic in the ledger's form; `nil` when there is no such topic.
    func fields(ofTopic name: String) -> [String: String]? {
        guard let topic = topics[name] else { return nil }
        var fields = ["partitions": String(topic.partitions), "replicationFactor": String(topic.replicationFactor)]
        for (name, value) in configs[name] ?? [:] { fields["configs.\(name)"] = ConfigValue.canonical(name, value) }
        return fields
    }
}

extension ObservedLink {
    /// The fields of a link in the ledger's form; what is not listed has its default.
    var managedFields: [String: String] {
        var fields = ["mode": mode.description]
        for (name, value) in LinkConfigs.defaults { fields["configs.\(name)"] = value }
        for (name, value) in configs { fields["configs.\(name)"] = ConfigValue.canonical(name, value) }
        return fields
    }
}

extension StoreSnapshot {
    /// The content of a store in the ledger's form; `nil` when it holds nothing of the binding. Keys the target does
    /// not carry are taken as applied.
    func fields(comparedTo applied: [String: String]) -> [String: String]? {
        guard !properties.isEmpty || !secrets.isEmpty || bookkeeping != nil else { return nil }
        var fields: [String: String] = [:]
        let contents = WantedContent.contents(of: applied)
        let carriesProperties = contents?.includesProperties ?? !properties.isEmpty
        let carriesSecrets = contents?.includesSecrets ?? !secrets.isEmpty
        for (field, value) in applied {
            if field.hasPrefix("properties."), !carriesProperties { fields[field] = value }
            if field.hasPrefix("secrets."), !carriesSecrets { fields[field] = value }
        }
        for (key, value) in properties { fields["properties.\(key)"] = value }
        for (key, value) in secrets { fields["secrets.\(key)"] = value.hexadecimal }
        fields["primary"] = bookkeeping?.primary
        // The mark of another ledger is kept where it was taken over, as it was left.
        if applied[Recorded.Owned.publishedByMark] != nil {
            fields[Recorded.Owned.publishedByMark] = bookkeeping?.ledger
        }
        return fields
    }
}
