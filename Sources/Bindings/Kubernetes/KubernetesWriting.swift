import Domain
import Execution
import FoundationEssentials
import TextForms
import Transport

/// One write of a binding's keys into one ConfigMap or Secret.
struct KubernetesWriting: Sendable {
    let place: KubernetesObjectPlace
    let binding: String
    let values: [String: Secret]
    let dropped: [String]
    /// Those of the dropped keys that are removed also when somebody else has set them since.
    let contested: [String]
    let bookkeeping: StoreSnapshot.Bookkeeping
    /// Whether values that others set may be taken back, because the plan has shown them.
    let mayTakeBack: Bool

    private struct Applied: Encodable {
        struct Metadata: Encodable {
            let name: String
            let namespace: String
            let resourceVersion: String
            let annotations: [String: String]
        }

        let apiVersion = "v1"
        let kind: String
        let metadata: Metadata
        let data: [String: String]
    }

    private struct Empty: Encodable {
        struct Metadata: Encodable {
            let name: String
            let namespace: String
        }

        let apiVersion = "v1"
        let kind: String
        let metadata: Metadata
    }

    private struct Removal: Encodable {
        struct Metadata: Encodable {
            let resourceVersion: String
        }

        let metadata: Metadata
        /// `nil` encodes as null, which removes a member (RFC 7386).
        let data: [String: String?]
    }

    /// `spillway-checkout`; managers have names of at most 128 bytes.
    private var manager: String { String("\(place.server.fieldManager)-\(binding)".prefix(128)) }

    /// Applies the keys, and removes the dropped ones, if the object is still as it was read.
    ///
    /// An object that is not there is created empty first: only a creation fails when somebody else was faster, an
    /// apply would merge into what is there by then.
    ///
    /// - Returns: Whether it was written.
    /// - Throws: `conflict` with the manager and the field when another one keeps a key.
    func perform(over object: KubernetesObject?) async throws(StepFailure) -> Bool {
        let base: KubernetesObject
        if let object {
            base = object
        } else {
            guard let created = try await create() else { return false }
            base = created
        }
        let takesBack = try checkOwners(of: base)
        guard let applied = try await apply(over: base, force: takesBack) else { return false }
        return try await removeWhatIsLeft(of: applied)
    }

    private func create() async throws(StepFailure) -> KubernetesObject? {
        try await place.send(
            HTTPCall(.post, place.kind.path(place.namespace).querying("fieldManager", manager)),
            Empty(kind: place.kind.rawValue, metadata: .init(name: place.name, namespace: place.namespace)),
            secrets: [])
    }

    private func apply(over base: KubernetesObject, force: Bool) async throws(StepFailure) -> KubernetesObject? {
        var data = kept(of: base)
        for (key, value) in values { data[key] = place.kind.stored(value) }
        let annotation = BindingAnnotation(binding)
        let body = Applied(
            kind: place.kind.rawValue,
            metadata: .init(
                name: place.name, namespace: place.namespace, resourceVersion: base.metadata.resourceVersion,
                annotations: [annotation.key: try annotation.value(bookkeeping)]),
            data: data)
        let path = place.kind.path(place.namespace).appending(place.name)
            .querying("fieldManager", manager).querying("force", force ? "true" : "false")
        return try await place.send(
            HTTPCall(.patch, path), body, mediaType: "application/apply-patch+yaml",
            secrets: place.kind == .secret ? Array(values.values) + data.values.map(Secret.init) : [])
    }

    /// Keys of an earlier content that are neither in this one nor dropped from it: they stay.
    private func kept(of base: KubernetesObject) -> [String: String] {
        let own = base.owners.filter { $0.manager == manager && $0.operation == "Apply" }.flatMap(\.dataKeys)
        return (base.data ?? [:]).filter { own.contains($0.key) && values[$0.key] == nil && !dropped.contains($0.key) }
    }

    /// A dropped key that somebody else has set in the meantime is not removed by applying without it.
    private func removeWhatIsLeft(of applied: KubernetesObject) async throws(StepFailure) -> Bool {
        let left = contested.filter { applied.data?[$0] != nil }
        guard !left.isEmpty else { return true }
        let path = place.kind.path(place.namespace).appending(place.name).querying("fieldManager", manager)
        let body = Removal(
            metadata: .init(resourceVersion: applied.metadata.resourceVersion),
            data: Dictionary(uniqueKeysWithValues: left.map { ($0, String?.none) }))
        let result = try await place.send(
            HTTPCall(.patch, path), body, mediaType: "application/merge-patch+json", secrets: [])
        return result != nil
    }

    // MARK: Conflicts

    private struct Owner: Hashable {
        let field: String
        let manager: String
        let keepsApplying: Bool
    }

    /// Fields that this write would change and another manager owns.
    ///
    /// - Returns: Whether the write has to take fields from others: values that somebody set once (`Update`: by hand,
    ///   with `kubectl edit`) and the plan has shown.
    /// - Throws: `conflict` for what another manager applies, and for what the plan has not shown.
    private func checkOwners(of base: KubernetesObject) throws(StepFailure) -> Bool {
        let foreign = foreignOwners(of: base)
        let refused = foreign.filter { $0.keepsApplying || !mayTakeBack }
        guard refused.isEmpty else {
            let list = refused.map { "\($0.field) is kept by field manager '\($0.manager)'" }.joined(separator: "; ")
            let advice =
                refused.contains(where: \.keepsApplying)
                ? "remove the key from what that manager applies, or from the binding"
                : "it was changed since the plan was made, or the plan could not see it; plan again"
            throw StepFailure(.conflict, "\(place.words): \(list): \(advice)")
        }
        return !foreign.isEmpty
    }

    private func foreignOwners(of base: KubernetesObject) -> [Owner] {
        let others = base.owners.filter { $0.manager != manager || $0.operation != "Apply" }
        var changed = values.filter { key, value in base.data?[key] != place.kind.stored(value) }.keys.sorted()
        changed += contested.filter { base.data?[$0] != nil }
        let annotation = BindingAnnotation(binding).key
        var found: [Owner] = []
        for owner in others {
            let name = owner.manager ?? "unknown"
            let keepsApplying = owner.operation == "Apply"
            for key in changed where owner.owns("data", key) {
                found.append(Owner(field: "data.\(key)", manager: name, keepsApplying: keepsApplying))
            }
            if owner.owns("metadata", "annotations", annotation) {
                found.append(
                    Owner(field: "annotation \(annotation)", manager: name, keepsApplying: keepsApplying))
            }
        }
        return found
    }
}

/// The annotation with the bookkeeping of one binding: `binding.spillway/checkout`.
struct BindingAnnotation: Sendable {
    let key: String

    /// The part of an annotation's key behind the `/` has at most 63 characters.
    private static let longestName = 63

    init(_ binding: String) {
        key = "binding.spillway/\(binding.prefix(Self.longestName))"
    }

    /// What an object says; `nil` when it says nothing.
    ///
    /// - Throws: `conflict` when the annotation holds something else: who may write cannot be told then.
    func bookkeeping(
        in object: KubernetesObject, _ place: KubernetesObjectPlace
    ) throws(StepFailure) -> StoreSnapshot.Bookkeeping? {
        guard let text = object.metadata.annotations?[key] else { return nil }
        do {
            return try JSONDecoder().decode(StoreSnapshot.Bookkeeping.self, from: Data(text.utf8))
        } catch {
            throw StepFailure(
                .conflict, "\(place.words): annotation \(key) is not Spillway's bookkeeping; remove the annotation")
        }
    }

    func value(_ bookkeeping: StoreSnapshot.Bookkeeping) throws(StepFailure) -> String {
        do {
            return try SortedJSON.text(bookkeeping)
        } catch {
            throw StepFailure(.rejected, "the bookkeeping has no JSON form")
        }
    }
}
