import Diagnostics

/// Applies the patches of a workspace to its objects.
struct Patcher {
    private(set) var objects: [RawObject]
    private var positions: [ObjectKey: Int] = [:]
    private var removed: Set<Int> = []

    init(_ objects: [RawObject]) {
        self.objects = objects
        for (index, object) in objects.enumerated() {
            if let key = object.key, positions[key] == nil { positions[key] = index }
        }
    }

    mutating func apply(_ patch: RawObject, _ findings: inout Findings) {
        guard patch.kind != .workspace else {
            findings.error(
                "patched-workspace", "a patch cannot change the Workspace", at: patch.anchor,
                help: "write the change into spillway.yaml")
            return
        }
        checkHeader(of: patch, &findings)
        guard let key = patch.key else {
            findings.error(
                "missing-field", "a patch needs `metadata.name`: it changes the one object of that kind and name",
                at: patch.anchor)
            return
        }
        guard let index = positions[key], !removed.contains(index) else {
            reportUnmatched(patch, key, &findings)
            return
        }
        if patch.node["spec"]?.isNull == true {
            removed.insert(index)
        } else {
            objects[index].node = MergePatch.apply(patch.node, to: objects[index].node)
        }
    }

    /// The objects that are left.
    var result: [RawObject] {
        objects.enumerated().filter { !removed.contains($0.offset) }.map(\.element)
    }

    private func checkHeader(of patch: RawObject, _ findings: inout Findings) {
        let version = patch.node["apiVersion"]
        if version == nil {
            findings.error("missing-field", "`apiVersion` is missing in this patch", at: patch.anchor)
        }
    }

    private func reportUnmatched(_ patch: RawObject, _ key: ObjectKey, _ findings: inout Findings) {
        guard !findings.isIncomplete else { return }
        let names = positions.keys.filter { $0.kind == key.kind && !removed.contains(positions[$0] ?? -1) }.map(\.name)
        let near = Suggestion.nearest(to: key.name, among: names)
        findings.error(
            "unmatched-patch", "this patch matches no \(key.kind.rawValue): there is none named `\(key.name)`",
            at: patch.namePlace,
            help: near.map { "did you mean `\($0)`?" } ?? "a patch changes an object of the bases or manifests")
    }
}
