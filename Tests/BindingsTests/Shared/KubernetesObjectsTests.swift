import Domain
import Execution
import Foundation
import SimulatorServer
import TestSupport
import Testing

@testable import Bindings

@Suite("Kubernetes as a place of shared objects")
struct KubernetesObjectsTests {
    private static let name = SharedObjectName("ledger")

    /// The objects as one more machine sees them.
    private static func objects(
        in folder: ScratchFolder, namespace: String = "shop", prefix: String = "spillway-shop"
    ) async throws -> any SharedObjects {
        var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "shop")))
        workspace.connections["k8s"] = ConnectionSpec(
            metadata: Metadata(name: "k8s"), system: .kubernetes(KubernetesSpec()))
        return try await connected(workspace, in: folder, environment: ["KUBECONFIG": "kubeconfig"])
            .kubernetesObjects(of: "k8s", in: namespace, under: prefix)
    }

    /// What a call has thrown.
    private static func failure(_ body: () async throws -> Void) async throws -> StepFailure {
        do {
            try await body()
        } catch let failure as StepFailure {
            return failure
        }
        throw Missing()
    }

    private struct Missing: Error {}

    @Test("Kubernetes keeps shared objects")
    func conformance() async throws {
        try await KubernetesRig.with { _, folder in
            let machines = [try await Self.objects(in: folder), try await Self.objects(in: folder)]
            #expect(machines.first?.location == "kubernetes:shop/spillway-shop")
            try await SharedObjectsConformance(machines).check()
        }
    }

    @Test("an object is a Secret of a type of its own, with labels that say whose it is")
    func secret() async throws {
        try await KubernetesRig.with { rig, folder in
            let objects = try await Self.objects(in: folder)
            _ = try await objects.write([0, 255], to: Self.name, over: .absent)
            let secret = try await rig.object("secrets", "spillway-shop-ledger")
            #expect(secret["type"].string == "spillway.dev/state")
            #expect(
                secret["metadata"]["labels"].members.mapValues(\.string)
                    == ["app.kubernetes.io/managed-by": "spillway", "spillway.dev/state": "spillway-shop"])
            #expect(secret["data"].members.mapValues(\.string) == ["content": "AP8="])
            #expect(secret["metadata"]["managedFields"].array.map { $0["manager"].string } == ["spillway"])
        }
    }

    @Test("different names are names of different objects that Kubernetes takes")
    func names() async throws {
        let names = [
            "a": "p-a", "a/b": "p-a--b", "a-b": "p-a-2db", "a-/b": "p-a-2d--b", "a2db": "p-a2db", "A": "p--41",
            "-a": "p--2da", "a_b": "p-a-5fb", "a.b": "p-a-2eb", "ä": "p--c3-a4", "a/2d": "p-a--2d",
        ]
        #expect(Set(names.values).count == names.count)
        try await KubernetesRig.with { rig, folder in
            let objects = try await Self.objects(in: folder, prefix: "p")
            for (name, kept) in names {
                _ = try await objects.write(Array(name.utf8), to: SharedObjectName(name), over: .absent)
                #expect(try await rig.object("secrets", kept)["metadata"]["name"].string == kept, "\(name)")
            }
            for name in names.keys {
                #expect(try await objects.read(SharedObjectName(name))?.bytes == Array(name.utf8))
            }
            let longest = String(repeating: "a", count: 251)
            _ = try await objects.write([1], to: SharedObjectName(longest), over: .absent)
            let failure = try await Self.failure { _ = try await objects.read(SharedObjectName(longest + "a")) }
            #expect(failure.kind == .rejected)
            #expect(failure.message.contains("at most 253 characters, and this one has 254"))
        }
    }

    @Test("the lock is a Lease that kubectl shows with its holder", .enabled(if: Kubectl.isInstalled))
    func lease() async throws {
        let store = SimulatedStoreConfiguration(
            .kubernetes, name: "k8s", tls: .init(certificate: TestAuthority.server, key: TestAuthority.serverKey))
        try await Simulator.withRunning(SimulatorConfiguration(stores: [store])) { endpoints in
            let folder = try ScratchFolder()
            let server = try #require(endpoints.stores["k8s"])
            let token = endpoints.credentials.secret
            let kubectl = try Kubectl(server: server, token: token, in: URL(fileURLWithPath: "\(folder.path)/kubectl"))
            #expect(try await kubectl(["create", "namespace", "shop"]).code == 0)
            var config = KubeconfigText(server: server, token: token)
            config.cluster = ["certificate-authority-data": Data(TestAuthority.authority.utf8).base64EncodedString()]
            try folder.write(config.json, to: "kubeconfig", mode: 0o600)
            let objects = try await Self.objects(in: folder)
            let held =
                #"{"run":"r-1","leaseSeconds":30,"since":1795435387250,"renewedAt":1795435397001,"machine":"a\/b"}"#
            let version = try #require(try await objects.write(Array(held.utf8), to: .lock, over: .absent))
            let shown = try await kubectl(["get", "lease", "spillway-shop-lock", "-o", "yaml"]).output
            for line in [
                "  holderIdentity: r-1\n", "  leaseDurationSeconds: 30\n", "    spillway.dev/state: spillway-shop\n",
                "  acquireTime: \"2026-11-23T12:03:07.250000Z\"\n", "  renewTime: \"2026-11-23T12:03:17.001000Z\"\n",
            ] { #expect(shown.contains(line), "\(shown)") }
            #expect(try await objects.read(.lock)?.bytes == Array(held.utf8))
            let free = #"{"run":null,"leaseSeconds":-1,"since":-1,"renewedAt":9000000000000000}"#
            #expect(try await objects.write(Array(free.utf8), to: .lock, over: .version(version)) != nil)
            let spec = try await kubectl(["get", "lease", "spillway-shop-lock", "-o", "jsonpath={.spec}"]).output
            #expect(spec == #"{"holderIdentity":""}"#)
            #expect(try await objects.read(.lock)?.bytes == Array(free.utf8))
            #expect(try await kubectl(["get", "secrets", "-o", "name"]).output == "")
        }
    }

    @Test("a lock that is no text is refused before anything is sent")
    func binaryLock() async throws {
        try await KubernetesRig.with { _, folder in
            let objects = try await Self.objects(in: folder)
            let failure = try await Self.failure { _ = try await objects.write([0xFF], to: .lock, over: .absent) }
            #expect(failure.kind == .rejected && failure.effect == StepFailure.Effect.none)
            #expect(try await objects.read(.lock) == nil)
        }
    }

    @Test("what another kind of service calls a version is refused before anything is sent")
    func foreignVersion() async throws {
        try await KubernetesRig.with { _, folder in
            let objects = try await Self.objects(in: folder)
            let failure = try await Self.failure {
                _ = try await objects.write([1], to: Self.name, over: .version(.init("\"etag\"")))
            }
            #expect(failure.kind == .rejected && failure.effect == StepFailure.Effect.none)
        }
    }

    @Test("an object of somebody else, or of another state, is no object")
    func strangers() async throws {
        try await KubernetesRig.with { rig, folder in
            try await rig.set("content", to: "x", in: ("secrets", "spillway-shop-ledger"))
            let objects = try await Self.objects(in: folder)
            let failure = try await Self.failure { _ = try await objects.read(Self.name) }
            #expect(failure.kind == .rejected)
            #expect(failure.message.hasPrefix("Secret shop/spillway-shop-ledger is not an object of the state"))
            #expect(try await objects.write([1], to: Self.name, over: .absent) == nil)
            let other = try await Self.objects(in: folder, prefix: "spillway")
            _ = try await other.write([1], to: SharedObjectName("a-b"), over: .absent)
            let nested = try await Self.objects(in: folder, prefix: "spillway-a")
            await #expect(throws: StepFailure.self) { _ = try await nested.read(SharedObjectName("2db")) }
        }
    }

    @Test("a namespace that is not there is named, and holds nothing", arguments: [name, .lock])
    func namespace(name: SharedObjectName) async throws {
        try await KubernetesRig.with { _, folder in
            let objects = try await Self.objects(in: folder, namespace: "lost")
            #expect(try await objects.read(name) == nil)
            let failure = try await Self.failure { _ = try await objects.write([1], to: name, over: .absent) }
            #expect(failure.kind == .rejected && failure.effect == StepFailure.Effect.none)
            #expect(failure.message.contains("there is no namespace lost"))
            try await objects.remove(name)
        }
    }

    @Test("rights that are missing are named", arguments: [("secrets", name), ("leases", .lock)])
    func rights(resource: String, name: SharedObjectName) async throws {
        try await KubernetesRig.with { rig, folder in
            let objects = try await Self.objects(in: folder)
            let version = try #require(try await objects.write([0x31], to: name, over: .absent))
            try await rig.refuse(resource, status: 403, reason: "Forbidden", message: "User \"u\" cannot do this")
            let calls: [(verb: String, call: @Sendable () async throws -> Void)] = [
                ("get", { _ = try await objects.read(name) }),
                ("create", { _ = try await objects.write([0x32], to: name, over: .absent) }),
                ("update", { _ = try await objects.write([0x32], to: name, over: .version(version)) }),
                ("delete", { try await objects.remove(name) }),
            ]
            for (verb, call) in calls {
                let failure = try await Self.failure(call)
                #expect(failure.kind == .denied)
                #expect(failure.message.contains("the verb \(verb) of \(resource)"), "\(failure.message)")
                #expect(failure.message.contains("in namespace shop is not allowed"), "\(failure.message)")
                #expect(failure.message.contains("cannot do this"))
                #expect(verb == "get" || failure.effect == StepFailure.Effect.none)
            }
        }
    }

    @Test("what is written stands in no message, whatever the service says", arguments: [name, .lock])
    func echoes(name: SharedObjectName) async throws {
        try await KubernetesRig.with { rig, folder in
            let objects = try await Self.objects(in: folder)
            let content = #"{"run":"run-of-a-machine-17"}"#
            let echoes = [
                "invalid: run-of-a-machine-17 is wrong",
                "invalid: \(Data(content.utf8).base64EncodedString().dropFirst(4).prefix(24))",
            ]
            for echo in echoes {
                for status in [403, 409, 422, 500] {
                    try await rig.refuse("", status: status, reason: "Invalid", message: echo)
                    let failure = try await Self.failure {
                        _ = try await objects.write(Array(content.utf8), to: name, over: .absent)
                    }
                    #expect(failure.message.contains("HTTP \(status) (Invalid)"))
                    #expect(!failure.message.contains("invalid: "), "\(failure.message)")
                }
            }
            try await rig.refuse("", status: 422, reason: "Invalid", message: "exceeded quota of the team")
            let failure = try await Self.failure {
                _ = try await objects.write(Array(content.utf8), to: name, over: .absent)
            }
            #expect(failure.kind == .rejected && failure.message.contains("exceeded quota of the team"))
        }
    }

    @Test(
        "a 404 that is not about the object is no absence",
        arguments: [("NotFound", "the server could not find the requested resource"), ("", "no such page")])
    func noAbsence(reason: String, message: String) async throws {
        try await KubernetesRig.with { rig, folder in
            let objects = try await Self.objects(in: folder)
            let version = try #require(try await objects.write([1], to: Self.name, over: .absent))
            try await rig.refuse("secrets", status: 404, reason: reason, message: message)
            let calls: [@Sendable () async throws -> Void] = [
                { _ = try await objects.read(Self.name) }, { try await objects.remove(Self.name) },
                { _ = try await objects.write([2], to: Self.name, over: .version(version)) },
            ]
            for call in calls { #expect(try await Self.failure(call).message.contains(message)) }
        }
    }

    @Test("a conflict about something else is not taken for an object that is there")
    func quotas() async throws {
        try await KubernetesRig.with { rig, folder in
            let objects = try await Self.objects(in: folder)
            try await rig.refuse(
                "secrets", status: 409, reason: "Conflict",
                message: "Operation cannot be fulfilled on resourcequotas \"team\": the object has been modified")
            let failure = try await Self.failure { _ = try await objects.write([1], to: Self.name, over: .absent) }
            #expect(failure.message.contains("resourcequotas") && failure.effect == StepFailure.Effect.none)
        }
    }

    @Test("a write whose answer is lost may have been made, and is not made twice", arguments: [name, .lock])
    func lostAnswers(name: SharedObjectName) async throws {
        try await KubernetesRig.with { rig, folder in
            let objects = try await Self.objects(in: folder)
            _ = try await rig.send("POST", "\(rig.admin)/faults", #"{"effect": "loseResponse", "count": 1}"#)
            let lost = try await Self.failure { _ = try await objects.write([0x31], to: name, over: .absent) }
            #expect(lost.effect == .unknown)
            let seen = try #require(try await objects.read(name))
            #expect(seen.bytes == [0x31])
            _ = try await rig.send("POST", "\(rig.admin)/faults", #"{"effect": "loseResponse", "count": 1}"#)
            let again = try await Self.failure {
                _ = try await objects.write([0x32], to: name, over: .version(seen.version))
            }
            #expect(again.effect == .unknown)
            #expect(try await objects.read(name)?.bytes == [0x32])
        }
    }

    @Test("more than a Secret holds is refused by Kubernetes")
    func tooLarge() async throws {
        try await KubernetesRig.with { _, folder in
            let objects = try await Self.objects(in: folder)
            let bytes = [UInt8](repeating: 7, count: (1 << 20) + 1)
            let failure = try await Self.failure { _ = try await objects.write(bytes, to: Self.name, over: .absent) }
            #expect(failure.kind == .rejected && failure.message.contains("at most 1048576 bytes"))
        }
    }
}

extension KubernetesRig {
    /// Answers every call of a resource of the namespace, or all of them, with a `Status`.
    fileprivate func refuse(_ resource: String, status: Int, reason: String, message: String) async throws {
        _ = try await send("DELETE", "\(admin)/faults")
        let group = resource == "leases" ? "/apis/coordination.k8s.io/v1" : "/api/v1"
        let body: [String: Any] = [
            "effect": "status", "status": status,
            "path": resource.isEmpty ? "/" : "\(group)/namespaces/shop/\(resource)",
            "endpoint": "k8s",
            "body": ["kind": "Status", "status": "Failure", "reason": reason, "message": message, "code": status],
        ]
        let text = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
        try #require(try await send("POST", "\(admin)/faults", text).status < 300)
    }
}
