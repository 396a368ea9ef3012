import Domain

/// What a binding publishes, as far as it is known now.
struct WantedContent {
    /// Plain values; `nil` while an endpoint in them is not known.
    var properties: [String: String]?
    /// Why they are not known.
    var unknown: String?
    /// Fingerprints of secrets; `nil` while they cannot be read.
    var secrets: [String: Fingerprint]?

    /// One flat map, as the ledger keeps it, of the parts that are known.
    var fields: [String: String] {
        var fields: [String: String] = [:]
        for (key, value) in properties ?? [:] { fields["properties.\(key)"] = value }
        for (key, value) in secrets ?? [:] { fields["secrets.\(key)"] = value.hexadecimal }
        return fields
    }

    /// Field of a row whose content was published before all of it was known to the plan.
    static let partialMark = "partial"

    /// Field of a row that says which part of the content went into the store.
    static let contentsMark = "contents"

    /// Which part of the content a row says went into the store; `nil` in rows that do not say.
    static func contents(of row: [String: String]) -> PublishedContents? {
        row[contentsMark].flatMap(PublishedContents.init(rawValue:))
    }

    /// Whether every part is known.
    var isComplete: Bool { properties != nil && secrets != nil }

    /// The part that goes into a store.
    func part(_ contents: PublishedContents) -> [String: String] {
        fields.filter { contents.carries($0.key) }
    }
}

extension StoreSnapshot {
    /// What the store holds, as the ledger would keep it.
    var fields: [String: String] {
        var fields: [String: String] = [:]
        for (key, value) in properties { fields["properties.\(key)"] = value }
        for (key, value) in secrets { fields["secrets.\(key)"] = value.hexadecimal }
        return fields
    }

    /// What the store holds with the bookkeeping beside it.
    var seen: [String: String] {
        var seen = fields
        seen["primary"] = bookkeeping?.primary
        seen["epoch"] = bookkeeping?.epoch.map(String.init)
        seen["ledger"] = bookkeeping?.ledger
        seen["generation"] = bookkeeping.map { String($0.generation) }
        return seen
    }

    /// Whether nothing of the binding was ever written there.
    var isFresh: Bool { properties.isEmpty && secrets.isEmpty && bookkeeping == nil }
}

extension Facts {
    func content(of binding: ClientBindingSpec, at cluster: String, group: String?) -> WantedContent {
        let values = BindingValues(cluster: cluster, group: group, workspace: workspace, sites: observation.sites)
        let secrets = binding.secrets.isEmpty ? [:] : secrets.bindings[binding.name]
        do {
            return WantedContent(properties: try values.properties(of: binding), unknown: nil, secrets: secrets)
        } catch {
            return WantedContent(properties: nil, unknown: error.description, secrets: secrets)
        }
    }

    /// The generation of a content: one number per content, so that a store that was dark gets the same one later; new
    /// content gets a greater one than any that was ever seen.
    func generation(of content: WantedContent, for binding: ClientBindingSpec) -> Int {
        let rows = binding.addresses.compactMap { recorded.owned[$0] }
        let stores = zip(binding.addresses, binding.publish).compactMap { address, target in
            observation.stores[address]?.snapshot.map { ($0, target) }
        }
        let published = rows.map(\.generation) + stores.compactMap { $0.0.bookkeeping?.generation }
        guard let greatest = published.max(), greatest > 0 else { return 1 }
        let isInLedger = rows.contains { $0.generation == greatest && $0.holds(content) }
        let isInStore = stores.contains { store, target in
            store.bookkeeping?.generation == greatest && store.holds(content.part(target.contents))
        }
        let isRecorded = rows.contains { $0.generation == greatest && $0.hasContent }
        return isInLedger || (isInStore && !isRecorded) ? greatest : greatest + 1
    }
}

extension StoreSnapshot {
    /// Whether a content would be nothing new here.
    func holds(_ content: [String: String]) -> Bool {
        let fields = fields
        return content.allSatisfy { fields[$0.key] == $0.value }
    }
}

extension Recorded.Owned {
    fileprivate var generation: Int { applied["generation"].flatMap { Int($0) } ?? 0 }

    private var content: [String: String] {
        applied.filter { $0.key.hasPrefix("properties.") || $0.key.hasPrefix("secrets.") }
    }

    /// Whether the whole content was known when it was published.
    fileprivate var hasContent: Bool { applied[WantedContent.partialMark] == nil }

    /// Whether this content was published last, as far as it is known now.
    fileprivate func holds(_ wanted: WantedContent) -> Bool {
        let fields = wanted.fields
        return wanted.isComplete
            ? content == fields : !fields.isEmpty && fields.allSatisfy { content[$0.key] == $0.value }
    }
}
