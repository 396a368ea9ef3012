import Diagnostics
import Domain

/// Reads a workspace: `spillway.yaml`, bases, manifests and patches, and says everything that is wrong with them.
package struct WorkspaceLoader: Sendable {
    /// Name of the workspace file in its folder.
    package static let fileName = "spillway.yaml"

    private let files: any ManifestFiles
    private let version: String
    private let limits = Limits()

    /// - Parameters:
    ///   - files: Where the workspace is read from.
    ///   - version: The version of this Spillway, compared with `spec.requiredVersion`.
    package init(files: any ManifestFiles = DiskFiles(), version: String) {
        self.files = files
        self.version = version
    }

    /// Loads the workspace at a path: its `spillway.yaml`, or the folder that holds one.
    package func load(_ path: String) -> LoadResult {
        var load = WorkspaceLoad(files: files, version: version, limits: limits)
        let loaded = load.run(path)
        return LoadResult(
            loaded: load.findings.errorCount == 0 ? loaded : nil, diagnostics: load.findings.collector.sorted,
            files: load.findings.shownFiles)
    }
}

/// One run of the loader.
struct WorkspaceLoad {
    let files: any ManifestFiles
    let version: String
    let limits: Limits
    var findings = Findings()

    init(files: any ManifestFiles, version: String, limits: Limits) {
        self.files = files
        self.version = version
        self.limits = limits
    }

    mutating func run(_ path: String) -> LoadedWorkspace? {
        guard let file = workspaceFile(path) else { return nil }
        let documents = objects(in: read(file, named: nil))
        guard let object = workspaceObject(among: documents, of: file) else { return nil }
        let before = findings.errorCount
        var checker = ShapeChecker(kind: object.kind.rawValue)
        checker.check(object.node, is: Shape.document(.workspace), anchor: object.anchor, &findings)
        guard let spec = WorkspaceSpec(decoding: object.node), findings.errorCount == before else { return nil }
        if let problem = RequiredVersion.problem(spec.requiredVersion, version) {
            findings.error(
                problem.code, problem.message, at: object.place(of: "spec.requiredVersion"), help: problem.help)
            return nil
        }
        let others = documents.filter { $0.kind != .workspace }
        return assemble(Source(file: file, object: object, spec: spec), others, checker.references)
    }

    struct Source {
        var file: String
        var object: RawObject
        var spec: WorkspaceSpec
        var folder: String { ManifestPath.folder(of: file) }
    }

    private mutating func assemble(
        _ source: Source, _ own: [RawObject], _ references: [Reference]
    ) -> LoadedWorkspace {
        let objects = gather(source, own)
        var kept: [ObjectKey: RawObject] = [ObjectKey(kind: .workspace, name: source.spec.metadata.name): source.object]
        var assembler = Assembler(source.spec)
        for object in objects {
            assembler.add(object, &findings)
            guard let key = object.key else { continue }
            if let first = kept[key] {
                findings.error(
                    "duplicate-name", "there are two \(key.kind.rawValue)s named `\(key.name)`", at: object.namePlace,
                    notes: [("the first is here", first.namePlace)],
                    help: "rename one, or make it a patch if it changes the other")
            } else {
                kept[key] = object
            }
        }
        let rules = RuleContext(
            workspace: assembler.workspace, objects: kept, references: references + assembler.references)
        rules.check(&findings)
        return LoadedWorkspace(
            workspace: assembler.workspace, path: source.file, folder: source.folder, objects: kept, findings: findings)
    }
}

extension WorkspaceLoad {
    private mutating func workspaceFile(_ path: String) -> String? {
        let file: String
        switch files.kind(of: path) {
        case .file: file = ManifestPath.normalized(path)
        case .folder: file = ManifestPath.join(path, WorkspaceLoader.fileName)
        case .special, nil:
            findings.error(
                "file-not-found", "there is no `\(path)`", at: nil,
                help: "give a spillway.yaml or its folder with `-f`; `spillway init` makes one")
            return nil
        }
        guard files.kind(of: file) == .file else {
            findings.error(
                "file-not-found", "there is no `\(file)`", at: nil,
                help: "a workspace is a folder with a spillway.yaml; `spillway init` makes one")
            return nil
        }
        return file
    }

    private mutating func workspaceObject(among objects: [RawObject], of file: String) -> RawObject? {
        let found = objects.filter { $0.kind == .workspace }
        if found.count > 1 {
            findings.error(
                "second-workspace", "a workspace has one Workspace document", at: found[1].anchor,
                notes: [("the first is here", found[0].anchor)], help: "remove one of them")
        }
        if found.isEmpty && !findings.isIncomplete && findings.errorCount == 0 {
            findings.error(
                "no-workspace", "`\(file)` holds no `kind: Workspace` document", at: nil,
                help: "add `apiVersion: spillway/v1`, `kind: Workspace`, `metadata: {name: …}`")
        }
        return found.first
    }

    /// The documents of one file.
    private mutating func read(_ path: String, named place: Place?) -> [Node] {
        do {
            let bytes = try files.contents(of: path, limit: limits.bytes)
            return YAMLReader(limits: limits).documents(of: bytes, path: path, into: &findings)
        } catch {
            findings.error("unreadable-file", "`\(path)` cannot be read: \(error.reason)", at: place)
            findings.isIncomplete = true
            return []
        }
    }

    private mutating func objects(in documents: [Node]) -> [RawObject] {
        documents.flatMap { DocumentReader().objects(in: $0, &findings) }
    }

    private mutating func gather(_ source: Source, _ own: [RawObject]) -> [RawObject] {
        var gatherer = FileGatherer(files: files)
        gatherer.exclude(source.file)
        let patchFiles = find(source.spec.patches, "spec.patches", of: source, &gatherer)
        let bases = find(source.spec.bases, "spec.bases", of: source, &gatherer)
        let manifests = find(source.spec.manifests, "spec.manifests", of: source, &gatherer)
        var objects: [RawObject] = []
        for document in bases.flatMap({ read($0.path, named: $0.place) }) {
            objects += self.objects(in: [document]).filter { $0.kind != .workspace }
        }
        objects += own
        for document in unpublished(manifests, own, in: source.folder) {
            for object in self.objects(in: [document]) {
                if object.kind == .workspace {
                    reportSecond(object, source)
                } else {
                    objects.append(object)
                }
            }
        }
        var patcher = Patcher(objects)
        for document in patchFiles.flatMap({ read($0.path, named: $0.place) }) {
            for patch in self.objects(in: [document]) { patcher.apply(patch, &findings) }
        }
        return patcher.result
    }

    private mutating func reportSecond(_ object: RawObject, _ source: Source) {
        findings.error(
            "second-workspace", "this is a second Workspace", at: object.anchor,
            notes: [("the workspace that is loaded", source.object.anchor)],
            help: "list the files and folders to load in `manifests`, or load this folder through `bases`")
    }

    private mutating func find(
        _ paths: [String], _ field: String, of source: Source, _ gatherer: inout FileGatherer
    ) -> [(path: String, place: Place)] {
        paths.enumerated().flatMap { index, path in
            let place = source.object.place(of: "\(field)[\(index)]")
            let whole = ManifestPath.join(source.folder, path)
            return gatherer.files(at: whole, named: place, &findings).map { ($0, place) }
        }
    }

    /// The documents of manifest files, without the files that bindings of this workspace publish: those are written
    /// by Spillway itself and may be YAML.
    private mutating func unpublished(
        _ manifests: [(path: String, place: Place)], _ own: [RawObject], in folder: String
    ) -> [Node] {
        let read = manifests.map { (path: $0.path, documents: self.read($0.path, named: $0.place)) }
        let nodes = own.map(\.node) + read.flatMap(\.documents)
        let published = Set(
            nodes.flatMap(PublishedFiles.paths).compactMap {
                files.canonicalPath(of: ManifestPath.join(folder, $0))
            })
        guard !published.isEmpty else { return nodes.suffix(nodes.count - own.count) }
        return read.filter { file in
            files.canonicalPath(of: file.path).map { !published.contains($0) } ?? true
        }.flatMap(\.documents)
    }
}

/// The files that bindings write, before anything was checked.
private enum PublishedFiles {
    static func paths(in document: Node) -> [String] {
        let items = document["items"]?.sequence ?? []
        return ([document, document["defaults"]].compactMap(\.self) + items).flatMap { node in
            (node["spec"]?["publish"]?.sequence ?? []).compactMap { $0["file"]?["path"]?.scalar?.text }
        }
    }
}
