import Diagnostics
import Domain
import Manifest
import TestSupport
import Testing

@Suite("Loading a workspace")
struct LoadingTests {
    private static let environment = "apiVersion: spillway/v1\nkind: Environment\nmetadata: {name: NAME}\n"

    private static func environment(_ name: String) -> String {
        environment.replacing("NAME", with: name)
    }

    private static func workspace(_ spec: String) -> String {
        "apiVersion: spillway/v1\nkind: Workspace\nmetadata: {name: w}\nspec: {\(spec)}\n"
    }

    private func load(_ files: [String: String], _ path: String = ".") -> LoadResult {
        WorkspaceLoader(files: MemoryFiles(files), version: "1.4.2").load(path)
    }

    private func environments(_ result: LoadResult) -> [String]? {
        result.loaded?.workspace.environments.keys.sorted()
    }

    @Test("Without `manifests`, everything beside the workspace file is loaded, in any depth, dot folders excepted")
    func defaultManifests() {
        let result = load([
            "spillway.yaml": "apiVersion: spillway/v1\nkind: Workspace\nmetadata: {name: w}\n---\n"
                + Self.environment("own"),
            "a.yaml": Self.environment("a"), "x/y/b.yml": Self.environment("b"), "x/readme.md": "not: [yaml",
            ".git/c.yaml": "[", ".hidden.yaml": "[", "x/.spillway/d.yaml": "[",
        ])
        #expect(environments(result) == ["a", "b", "own"])
    }

    @Test("The workspace file or its folder may be named", arguments: ["w", "w/", "w/spillway.yaml", "./w", "x/../w"])
    func paths(path: String) {
        let result = load(["w/spillway.yaml": Self.workspace(""), "w/a.yaml": Self.environment("a")], path)
        #expect(environments(result) == ["a"])
        #expect(result.files.map(\.path) == ["w/spillway.yaml", "w/a.yaml"])
    }

    @Test("Bases come first, and their Workspace is ignored; `manifests` may lead out of the folder")
    func bases() {
        let result = load(
            [
                "prod/spillway.yaml": Self.workspace("bases: [../base], manifests: [../shared/one.yaml, own]"),
                "base/spillway.yaml": Self.workspace("bases: [nowhere], patches: [nothing]"),
                "base/a.yaml": Self.environment("a"), "shared/one.yaml": Self.environment("b"),
                "shared/two.yaml": Self.environment("c"), "prod/own/d.yaml": Self.environment("d"),
                "prod/e.yaml": Self.environment("e"),
            ], "prod")
        #expect(environments(result) == ["a", "b", "d"])
    }

    @Test("A file that several paths lead to is loaded once, and patches are no manifests")
    func once() {
        let patch = "apiVersion: spillway/v1\nkind: Environment\nmetadata: {name: a}\nspec: {displayName: A}\n"
        let result = load([
            "spillway.yaml": Self.workspace("bases: [base], manifests: [., a.yaml, base/b.yaml], patches: [patches]"),
            "a.yaml": Self.environment("a"), "base/b.yaml": Self.environment("b"), "patches/p.yaml": patch,
        ])
        #expect(environments(result) == ["a", "b"])
        #expect(result.loaded?.workspace.environments["a"]?.displayName == "A")
    }

    @Test("Symbolic links are followed once, and circles end")
    func links() {
        var files = MemoryFiles([
            "spillway.yaml": Self.workspace(""), "a/a.yaml": Self.environment("a"), "b/b.yaml": Self.environment("b"),
        ])
        files.link("a/again", to: "a")
        files.link("a/other", to: "b")
        files.link("loop", to: "loop")
        let result = WorkspaceLoader(files: files, version: "1.0.0").load(".")
        #expect(environments(result) == ["a", "b"])
    }

    @Test("YAML files that bindings publish are no manifests")
    func published() {
        let binding = """
            apiVersion: spillway/v1
            kind: ClientBinding
            metadata: {name: b}
            spec: {cluster: k, properties: {a: b}, publish: [{file: {path: out/b.yaml, format: YAML}}]}
            ---
            apiVersion: spillway/v1
            kind: Cluster
            metadata: {name: k}
            spec: {type: ApacheKafka, id: x, bootstrapServers: "k:9"}
            """
        let result = load([
            "spillway.yaml": Self.workspace(""), "b.yaml": binding, "out/b.yaml": "# generation 1\na: b\n",
        ])
        #expect(result.diagnostics.isEmpty)
        #expect(result.loaded?.workspace.clientBindings["b"] != nil)
    }

    @Test("What is missing is named with the path that was asked for")
    func missing() {
        MarkedWorkspace([
            "spillway.yaml": """
            apiVersion: spillway/v1
            kind: Workspace
            metadata: {name: w}
            spec:
              bases: [1️⃣bsae]
              manifests: [2️⃣nowhere]
              patches: [3️⃣patch.yml]
            """,
            "base/a.yaml": Self.environment("a"), "patch.yaml": Self.environment("a"),
        ]).expectWords([
            "1️⃣ error file-not-found: there is no `bsae` (did you mean `base`?)",
            "2️⃣ error file-not-found: there is no `nowhere` (paths are relative to the workspace file)",
            "3️⃣ error file-not-found: there is no `patch.yml` (did you mean `patch.yaml`?)",
        ])
        #expect(load([:], "nowhere").diagnostics.map(\.code) == ["file-not-found"])
        #expect(load(["w/a.yaml": ""], "w").diagnostics.map(\.code) == ["file-not-found"])
        #expect(load(["spillway.yaml": ""]).diagnostics.map(\.code) == ["no-workspace"])
        #expect(load(["spillway.yaml": Self.environment("a")]).diagnostics.map(\.code) == ["no-workspace"])
    }

    @Test("A second Workspace is an error, in the file or among the manifests")
    func secondWorkspace() {
        let one = Self.workspace("")
        #expect(load(["spillway.yaml": one + "---\n" + one]).diagnostics.map(\.code) == ["second-workspace"])
        #expect(load(["spillway.yaml": one, "x/spillway.yaml": one]).diagnostics.map(\.code) == ["second-workspace"])
    }

    @Test("A broken file hides names, so references are not called dangling")
    func incomplete() {
        let cluster = """
            apiVersion: spillway/v1
            kind: Cluster
            metadata: {name: c}
            spec: {type: Basic, environment: hidden}
            """
        let result = load(["spillway.yaml": Self.workspace(""), "a.yaml": cluster, "b.yaml": "a: [\n"])
        #expect(result.diagnostics.map(\.code) == ["truncated-yaml"])
    }

    @Test("A malformed manifest is still known by its name")
    func malformed() {
        let documents = """
            apiVersion: spillway/v1
            kind: Environment
            metadata: {name: e}
            spec: {displayNmae: x}
            ---
            apiVersion: spillway/v1
            kind: Cluster
            metadata: {name: c}
            spec: {type: Basic, environment: e}
            """
        let result = load(["spillway.yaml": Self.workspace(""), "a.yaml": documents])
        #expect(result.diagnostics.map(\.code) == ["unknown-field"])
    }

    @Test(
        "The required version is compared",
        arguments: [
            (">=1.2 <2", []), ("1.4.2", []), ("=1.4.2", []), (">1.4.1, !=1.5", []), ("<=1.4.2", []), (">=1", []),
            (">=1.5", ["version-mismatch"]), ("<1.4.2", ["version-mismatch"]), ("!=1.4.2", ["version-mismatch"]),
            ("1.4", ["version-mismatch"]), ("~1.4", ["invalid-version-range"]), (">=x", ["invalid-version-range"]),
            (">=1.2.3.4", ["invalid-version-range"]),
        ] as [(String, [String])])
    func requiredVersion(range: String, codes: [String]) {
        let result = load(["spillway.yaml": Self.workspace("requiredVersion: \"\(range)\"")])
        #expect(result.diagnostics.map(\.code) == codes)
    }

    @Test("A pre-release counts as its release")
    func prerelease() {
        let files = MemoryFiles(["spillway.yaml": Self.workspace("requiredVersion: \">=1.0\"")])
        #expect(WorkspaceLoader(files: files, version: "1.0.0-beta.1+x").load(".").loaded != nil)
    }
}

@Suite("Patches")
struct PatchTests {
    private func expect(_ patch: String, _ expected: [String], at location: SourceLocation = #_sourceLocation) {
        marked(patch).expect(expected, at: location)
    }

    private func marked(_ patch: String) -> MarkedWorkspace {
        MarkedWorkspace([
            "spillway.yaml": """
            apiVersion: spillway/v1
            kind: Workspace
            metadata: {name: w}
            spec: {manifests: [a.yaml], patches: [patch.yaml]}
            """,
            "a.yaml": """
            apiVersion: spillway/v1
            kind: Cluster
            metadata: {name: north, labels: {a: "1", b: "2"}}
            spec: {type: ApacheKafka, id: x, bootstrapServers: "k:9", credentials: {apiKey: {env: K}, apiSecret: {env: S}}}
            ---
            apiVersion: spillway/v1
            kind: Topic
            metadata: {name: t}
            spec: {cluster: north, configs: {cleanup.policy: delete, compression.type: gzip}}
            """,
            "patch.yaml": patch,
        ])
    }

    @Test("Mappings merge, scalars replace, null removes")
    func merge() throws {
        let result = marked(
            """
            apiVersion: spillway/v1
            kind: Cluster
            metadata: {name: north, labels: {b: null, c: "3"}}
            spec: {id: y, region: r}
            ---
            apiVersion: spillway/v1
            kind: Topic
            metadata: {name: t}
            spec: {configs: {cleanup.policy: null, compression.type: zstd, f: {x: null}}}
            """.replacing(", f: {x: null}", with: "")
        ).load()
        let workspace = try #require(result.loaded).workspace
        let cluster = try #require(workspace.clusters["north"])
        #expect(cluster.metadata.labels == ["a": "1", "c": "3"])
        #expect(cluster.id == "y")
        #expect(cluster.region == "r")
        #expect(cluster.bootstrapServers == "k:9")
        #expect(workspace.topics["t"]?.configs == ["compression.type": "zstd"])
    }

    @Test("`spec: null` removes the object")
    func remove() throws {
        let result = marked("apiVersion: spillway/v1\nkind: Topic\nmetadata: {name: t}\nspec: null\n").load()
        #expect(try #require(result.loaded).workspace.topics.isEmpty)
    }

    @Test("A removed object is missing for those who name it")
    func removedReference() {
        expect(
            "apiVersion: spillway/v1\nkind: Cluster\nmetadata: {name: north}\nspec: null\n",
            ["a.yaml:9:17 error dangling-reference"])
    }

    @Test("A patch must match one object")
    func unmatched() {
        expect(
            """
            apiVersion: spillway/v1
            kind: Cluster
            metadata: {name: 1️⃣nroth}
            spec: {id: y}
            ---
            apiVersion: spillway/v1
            kind: Environment
            metadata: {name: 2️⃣north}
            spec: null
            ---
            apiVersion: spillway/v1
            3️⃣kind: Cluster
            spec: {id: y}
            ---
            apiVersion: spillway/v1
            4️⃣kind: Workspace
            metadata: {name: w}
            ---
            5️⃣kind: Topic
            metadata: {name: t}
            """,
            [
                "1️⃣ error unmatched-patch", "2️⃣ error unmatched-patch", "3️⃣ error missing-field",
                "4️⃣ error patched-workspace", "5️⃣ error missing-field",
            ])
    }

    @Test("What a patch writes is checked where it stands")
    func checked() {
        expect(
            """
            apiVersion: spillway/v1
            kind: Cluster
            metadata: {name: north}
            spec: {type: 1️⃣Dedicatd, credentials: {2️⃣apikey: {env: K}}}
            """, ["1️⃣ error unknown-value", "2️⃣ error unknown-field"])
    }
}
