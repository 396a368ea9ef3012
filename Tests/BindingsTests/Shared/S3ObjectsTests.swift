import Domain
import Execution
import TestSupport
import Testing
import Transport

@testable import Bindings

@Suite("S3 as a place of shared objects")
struct S3ObjectsTests {
    private static let name = SharedObjectName("ledger")
    private static let secret = "wJalrXUtnFEMI/K7MDENG"

    /// The objects as one more machine sees them.
    private func objects(
        at url: String, bucket: String = PlayedS3.bucket, key: String = "spillway/shop",
        encryption: S3Encryption = .bucketDefault, role: String? = nil, secret: String = Self.secret
    ) async throws -> any SharedObjects {
        var spec = AWSSpec()
        (spec.endpoint, spec.roleARN) = (url, role)
        var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "shop")))
        workspace.spec.timeouts.unreachableAfter = .seconds(60)
        workspace.connections["aws"] = ConnectionSpec(metadata: Metadata(name: "aws"), system: .aws(spec))
        let environment = [
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": "eu-west-1",
        ]
        return try await connected(workspace, in: try ScratchFolder(), environment: environment)
            .s3Objects(of: "aws", in: bucket, under: key, encryption: encryption)
    }

    /// Runs a body beside a played S3.
    private func beside(
        _ played: PlayedS3 = PlayedS3(), _ body: @Sendable (PlayedS3, String) async throws -> Void
    ) async throws {
        try await LocalServer.with(played.answer) { try await body(played, $0.url) }
    }

    private enum Deed: Sendable {
        case read
        case write(over: SharedObject.Seen)
        case remove
        case prove(SharedObject)
    }

    /// How a deed fails that writes one byte, if any.
    private func failure(
        of deed: Deed, _ objects: any SharedObjects, at place: SourceLocation = #_sourceLocation
    ) async throws -> StepFailure {
        do throws(StepFailure) {
            switch deed {
            case .read: _ = try await objects.read(Self.name)
            case .write(let seen): _ = try await objects.write([1], to: Self.name, over: seen)
            case .remove: try await objects.remove(Self.name)
            case .prove(let object): try await objects.proveConditions(on: Self.name, holding: object)
            }
        } catch {
            return error
        }
        Issue.record("it did not fail", sourceLocation: place)
        throw CancellationError()
    }

    // MARK: What every service does

    @Test("a service that keeps to S3's reference keeps shared objects")
    func conformance() async throws {
        try await beside { played, url in
            let machines = [try await objects(at: url), try await objects(at: url)]
            #expect(machines.first?.location == "s3:ledgers/spillway/shop")
            try await SharedObjectsConformance(machines).check()
            #expect(played.texts.isEmpty)
        }
    }

    /// Not checked: that of simultaneous writers one wins. moto looks at a condition and writes in two steps, between which
    /// its other threads may write.
    @Test("moto keeps shared objects", .enabled(if: MotoServer.isInstalled, "moto is not installed"))
    func moto() async throws {
        let server = try await MotoServer.start()
        defer { server.stop() }
        try await server.createBucket(PlayedS3.bucket)
        let machines = [
            try await objects(at: server.url, encryption: .aes256),
            try await objects(at: server.url, key: "spillway/shop"),
        ]
        try await SharedObjectsConformance(machines, without: [.simultaneousWriters]).check()
        let elsewhere = try await objects(at: server.url, bucket: "nowhere")
        let told = try await failure(of: .read, elsewhere)
        #expect(told.kind == .rejected)
        #expect(told.message.contains("there is no bucket nowhere"), "\(told)")
    }

    // MARK: Addresses and headers

    @Test(
        "keys of any characters, and none at all, are signed as they are sent, and kept as they were named",
        arguments: ["état des lieux/#1 + 50%?", "a//b/../c", "日本/~x_y.z-1*'()", ""])
    func keys(key: String) async throws {
        try await beside { played, url in
            let objects = try await objects(at: url, key: key)
            let version = try await objects.write([1, 2], to: Self.name, over: .absent)
            #expect(version != nil)
            #expect(played.look { Array($0.objects.keys) } == [key.isEmpty ? "ledger" : "\(key)/ledger"])
            #expect(try await objects.read(Self.name)?.version == version)
            try await objects.remove(Self.name)
            #expect(played.texts.isEmpty)
        }
    }

    @Test("an endpoint with a path of its own is signed with it")
    func endpointWithPath() async throws {
        try await beside { played, url in
            // The played server takes the first segment for the bucket.
            let objects = try await objects(at: "\(url)/\(PlayedS3.bucket)/", bucket: "deeper")
            #expect(try await objects.write([1], to: Self.name, over: .absent) != nil)
            #expect(played.look { Array($0.objects.keys) } == ["deeper/spillway/shop/ledger"])
        }
    }

    @Test("a bucket is in the host name where AWS's certificates hold for that, and else in the path")
    func addresses() {
        for (bucket, region, endpoint, base, path) in [
            ("ledgers", "eu-west-1", nil, "https://ledgers.s3.eu-west-1.amazonaws.com", ""),
            ("ledgers", "cn-north-1", nil, "https://ledgers.s3.cn-north-1.amazonaws.com.cn", ""),
            ("led.gers", "eu-west-1", nil, "https://s3.eu-west-1.amazonaws.com", "/led.gers"),
            ("evil/#", "eu-west-1", nil, "https://s3.eu-west-1.amazonaws.com", "/evil%2F%23"),
            ("ledgers", "eu-west-1", "https://minio:9000", "https://minio:9000", "/ledgers"),
        ] as [(String, String, String?, String, String)] {
            let address = S3Address(bucket: bucket, region: region, endpoint: endpoint)
            #expect(address.base == base)
            #expect(address.path.description == path)
        }
    }

    @Test("objects are encrypted as asked for, whether they are new or written over")
    func encryption() async throws {
        let prefix = "x-amz-server-side-encryption"
        for (encryption, headers) in [
            (S3Encryption.bucketDefault, [:]), (.aes256, [prefix: "AES256"]), (.kms(keyID: nil), [prefix: "aws:kms"]),
            (.kms(keyID: "alias/spillway"), [prefix: "aws:kms", "\(prefix)-aws-kms-key-id": "alias/spillway"]),
        ] as [(S3Encryption, [String: String])] {
            try await beside { played, url in
                let objects = try await objects(at: url, encryption: encryption)
                var seen = SharedObject.Seen.absent
                for byte: UInt8 in 0...1 {
                    seen = .version(try #require(try await objects.write([byte], to: Self.name, over: seen)))
                    #expect(played.look { $0.objects.values.first?.encryption } == headers)
                }
            }
        }
    }

    // MARK: Faults

    @Test("a write that meets another one is sent again a few times, and is then one whose condition was not met")
    func conflicts() async throws {
        try await beside { played, url in
            let objects = try await objects(at: url)
            played.change { $0.faults.conflicts = 1 }
            #expect(try await objects.write([1], to: Self.name, over: .absent) != nil)
            played.change { $0.faults.conflicts = 4 }
            let other = SharedObjectName("other")
            #expect(try await objects.write([1], to: other, over: .absent) == nil)
            #expect(try await objects.read(other) == nil)
        }
    }

    @Test("a service that is asked too much is asked again")
    func throttling() async throws {
        try await beside { played, url in
            let objects = try await objects(at: url)
            played.change { $0.faults.throttled = 1 }
            let version = try await objects.write([1], to: Self.name, over: .absent)
            #expect(version != nil)
            played.change { $0.faults.throttled = 1 }
            #expect(try await objects.read(Self.name)?.version == version)
            played.change { $0.faults.throttled = 1 }
            try await objects.remove(Self.name)
            #expect(played.texts.isEmpty)
        }
    }

    @Test("a write whose answer is lost is sent again: it is there once, and nobody is told that it failed")
    func lostAnswer() async throws {
        try await beside { played, url in
            let objects = try await objects(at: url)
            let first = try #require(try await objects.write([1], to: Self.name, over: .absent))
            played.change { $0.faults.lost = 1 }
            #expect(try await objects.write([2], to: Self.name, over: .version(first)) == nil)
            played.change { $0.faults.lost = 1 }
            #expect(try await objects.read(Self.name)?.bytes == [2])
            played.change { $0.faults.lost = 1 }
            try await objects.remove(Self.name)
            #expect(played.texts.isEmpty)
        }
    }

    @Test("a write that nobody answers may have been made")
    func silence() async throws {
        try await beside { played, url in
            let objects = try await objects(at: url)
            played.change { $0.faults.lost = 100 }
            let told = try await failure(of: .write(over: .absent), objects)
            #expect(told.kind == .unreachable)
            #expect(told.effect == .unknown)
        }
        try await beside { played, url in
            let objects = try await objects(at: url)
            let first = try #require(try await objects.write([0], to: Self.name, over: .absent))
            played.change { ($0.faults.lost, $0.faults.endsCredentialsWhenLost) = (1, true) }
            let told = try await failure(of: .write(over: .version(first)), objects)
            #expect(told.kind == .denied)
            #expect(told.effect == .unknown, "the write before the refusal had its effect")
            #expect(played.look { $0.objects.values.map(\.bytes) } == [[1]])
        }
        let nobody = try await objects(at: "http://127.0.0.1:1")
        let told = try await failure(of: .write(over: .absent), nobody)
        #expect(told.kind == .unreachable)
        #expect(told.effect == StepFailure.Effect.none)
    }

    @Test("an answer without an ETag is none")
    func withoutTags() async throws {
        try await beside { played, url in
            let objects = try await objects(at: url)
            played.change { $0.faults.hidesTags = true }
            let write = try await failure(of: .write(over: .absent), objects)
            #expect(write.kind == .broken)
            #expect(write.effect == .some)
            let read = try await failure(of: .read, objects)
            #expect(read.kind == .broken)
            #expect(read.message.contains("without an ETag"))
        }
    }

    // MARK: Refusals

    @Test("a service that takes a condition for any header is found out, and named with what it ignores")
    func ignoredConditions() async throws {
        for header in ["If-None-Match", "If-Match"] {
            try await beside { played, url in
                let objects = try await objects(at: url)
                played.change { $0.faults.ignored = [header.lowercased()] }
                _ = try await objects.write([1, 2], to: Self.name, over: .absent)
                let object = try #require(try await objects.read(Self.name))
                let told = try await failure(of: .prove(object), objects)
                #expect(told.kind == .rejected)
                #expect(
                    told.message
                        == "this S3 service ignores \(header): two runs could overwrite each other's state; use one "
                        + "with conditional writes")
                #expect(try await objects.read(Self.name)?.bytes == [1, 2])
            }
        }
    }

    @Test(
        "what S3 refuses is told with its code and its words, without any secret, and is no absence",
        arguments: [
            (403, "AccessDenied", StepFailure.Kind.denied), (400, "InvalidToken", .denied),
            (403, "RequestTimeTooSkewed", .denied), (404, "NoSuchUpload", .rejected),
            (400, "EntityTooLarge", .rejected), (501, "NotImplemented", .rejected),
            (301, "PermanentRedirect", .rejected),
        ])
    func refusals(status: Int, code: String, kind: StepFailure.Kind) async throws {
        for mediaType in ["application/xml", "text/plain"] {
            try await beside { played, url in
                let objects = try await objects(at: url)
                played.change {
                    $0.faults.refusal = PlayedS3.error(status, code, "no, not with \(Self.secret)")
                        .with("content-type", mediaType)
                }
                for deed in [Deed.read, .write(over: .absent), .remove] {
                    let told = try await failure(of: deed, objects)
                    #expect(told.kind == kind)
                    #expect(told.effect == StepFailure.Effect.none || status == 501)
                    #expect(told.message.contains("(\(code)): no, not with "), "\(told.message)")
                    #expect(!told.message.contains(Self.secret))
                }
            }
        }
    }

    @Test("a bucket that is not there is named, in reading, writing and removing")
    func absentBucket() async throws {
        try await beside { _, url in
            let objects = try await objects(at: url, bucket: "nowhere")
            for deed in [Deed.read, .write(over: .version(.init("\"1\""))), .remove] {
                let told = try await failure(of: deed, objects)
                #expect(told.kind == .rejected)
                #expect(told.message == "there is no bucket nowhere at \(url)")
            }
        }
    }

    @Test("a secret that is not the key's is refused")
    func wrongSecret() async throws {
        try await beside { played, url in
            let objects = try await objects(at: url, secret: "another secret")
            let told = try await failure(of: .write(over: .absent), objects)
            #expect(told.kind == .denied)
            #expect(told.message.contains("SignatureDoesNotMatch"))
            #expect(!told.message.contains("another secret"))
            #expect(played.texts.isEmpty)
        }
    }

    @Test("credentials whose time is over are renewed once")
    func renewal() async throws {
        try await beside { played, url in
            let objects = try await objects(at: url, role: "arn:aws:iam::1:role/ledger")
            played.change { $0.faults.expired = ["ASIA1"] }
            #expect(try await objects.write([1], to: Self.name, over: .absent) != nil)
            #expect(played.look { $0.assumed } == 2)
            played.change { $0.faults.expired = ["ASIA2", "ASIA3"] }
            let told = try await failure(of: .read, objects)
            #expect(told.kind == .denied)
            #expect(played.look { $0.assumed } == 3)
        }
    }
}
