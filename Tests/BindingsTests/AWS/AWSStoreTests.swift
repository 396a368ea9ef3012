import Domain
import Execution
import Foundation
import Planning
import TestSupport
import Testing

@testable import Bindings

/// Against a real AWS-compatible server.
@Suite("AWS as a store of bindings and of secrets", .enabled(if: MotoServer.isInstalled, "moto is not installed"))
struct AWSStoreTests {
    @Test(
        "Secrets Manager and Parameter Store keep what every store keeps",
        arguments: [AWSRig.Place.secret(.secrets), .secret(.all), .parameters(.properties), .parameters(.all)])
    func conformance(place: AWSRig.Place) async throws {
        let server = try await MotoServer.start()
        defer { server.stop() }
        try await StoreConformance(AWSRig(server: server, place: place)).check()
    }

    @Test("secrets are read whole and by field, and what is missing is told without any value")
    func references() async throws {
        let server = try await MotoServer.start()
        defer { server.stop() }
        let rig = AWSRig(server: server, place: .secret(.all))
        try await rig.call(
            "secretsmanager.CreateSecret", ["Name": "clients", "SecretString": #"{"west": "hunter2", "deep": {}}"#])
        try await rig.call("secretsmanager.CreateSecret", ["Name": "plain", "SecretString": "whole"])
        let reader = connected(rig.workspace(), in: try ScratchFolder(), environment: rig.environment).secrets
        func reference(_ name: String, _ field: String?) -> SecretReference {
            .awsSecretsManager(connection: "aws", name: name, field: field)
        }
        #expect(try await reader.resolve(reference("clients", "west")).reveal { $0 } == "hunter2")
        #expect(try await reader.resolve(reference("plain", nil)).reveal { $0 } == "whole")
        for (name, field, words) in [
            ("nowhere", nil, "there is no secret nowhere"), ("clients", "east", "has no field 'east'"),
            ("clients", "deep", "is no text"), ("plain", "west", "is no JSON object"),
        ] {
            do throws(UnresolvedSecret) {
                _ = try await reader.resolve(reference(name, field))
                Issue.record("\(name) was read")
            } catch {
                #expect(error.reason.contains(words), "\(error.reason)")
                #expect(!error.reason.contains("hunter2"))
            }
        }
    }

    @Test("a secret that is to be deleted, and one that is no object, are refused and left alone")
    func refusals() async throws {
        let server = try await MotoServer.start()
        defer { server.stop() }
        let rig = AWSRig(server: server, place: .secret(.all))
        try await rig.call("secretsmanager.CreateSecret", ["Name": "apps/checkout", "SecretString": "no object"])
        let foreign = try await rig.observation()
        guard case .broken(let reason, _) = foreign else {
            Issue.record("it was read: \(foreign)")
            return
        }
        #expect(reason.contains("aws secret aws: apps/checkout") && !reason.contains("no object"))
        try await rig.call("secretsmanager.DeleteSecret", ["SecretId": "apps/checkout"])
        guard case .broken(let reason, _) = try await rig.observation() else {
            Issue.record("it was read")
            return
        }
        #expect(reason.contains("scheduled for deletion"))
    }

    @Test("a role is assumed at a real server, and what it gives signs the rest")
    func role() async throws {
        let server = try await MotoServer.start()
        defer { server.stop() }
        var rig = AWSRig(server: server, place: .secret(.all))
        rig.role = "arn:aws:iam::123456789012:role/publisher"
        try await StoreConformance(rig).check()
    }

    @Test("keys that no parameter can have are refused before anything is written")
    func names() async throws {
        let server = try await MotoServer.start()
        defer { server.stop() }
        let rig = AWSRig(server: server, place: .parameters(.properties))
        var workspace = rig.workspace()
        workspace.clientBindings["checkout"]?.properties["a/b"] = "x"
        let failing = performer(
            workspace, in: try ScratchFolder(), environment: applicationSecrets.merging(rig.environment) { $1 })
        do throws(StepFailure) {
            try await failing.perform(publication())
            Issue.record("it was published")
        } catch {
            #expect(error.kind == .rejected && error.message.contains("'a/b'"))
        }
        #expect(try await rig.values().isEmpty)
    }

    @Test("refused credentials are told as such")
    func denied() async throws {
        let body =
            ##"{"__type": "com.amazon.coral.service#UnrecognizedClientException", "message": "The token is invalid."}"##
        try await LocalServer.with({ _, _ in .json(body, status: 400) }) { server in
            let rig = AWSRig(url: server.url, place: .secret(.all))
            guard case .denied(let reason, _) = try await rig.observation() else {
                Issue.record("it was accepted")
                return
            }
            #expect(reason.contains("UnrecognizedClientException"))
        }
    }

    @Test("a server that is gone is told as unreachable, when it is read and when it is written")
    func unreachable() async throws {
        let silent = try SilentPort()
        for place in [AWSRig.Place.secret(.all), .parameters(.all)] {
            let rig = AWSRig(url: silent.url, place: place)
            let reach = try await rig.observation()
            #expect(reach.isUnreachable)
            let failing = performer(
                rig.workspace(), in: try ScratchFolder(),
                environment: applicationSecrets.merging(rig.environment) { $1 })
            do throws(StepFailure) {
                try await failing.perform(publication())
                Issue.record("it was published")
            } catch {
                #expect(error.kind == .unreachable)
            }
        }
        withExtendedLifetime(silent) {}
    }

    @Test("a server that an authority of AWS_CA_BUNDLE signed is trusted, and no other is")
    func tls() async throws {
        let folder = try ScratchFolder()
        try folder.write(TestAuthority.server, to: "certificate")
        try folder.write(TestAuthority.serverKey, to: "key")
        try folder.write(TestAuthority.authority, to: "authority")
        let server = try await MotoServer.start(certificate: ("\(folder.path)/certificate", "\(folder.path)/key"))
        defer { server.stop() }
        var rig = AWSRig(server: server, place: .secret(.all))
        let distrusted = try await rig.observation()
        #expect(distrusted.isWrong)
        rig.bundle = "\(folder.path)/authority"
        let trusted = try await rig.observation()
        #expect(trusted.snapshot == StoreSnapshot())
    }
}

/// A place in an AWS-compatible server, edited with plain calls, which it takes unsigned.
struct AWSRig: StoreRig {
    enum Place: Sendable, Equatable {
        case secret(PublishedContents)
        case parameters(PublishedContents)
    }

    let server: MotoServer?
    let url: String
    let place: Place
    var bundle: String?
    var role: String?

    init(server: MotoServer, place: Place) {
        self.server = server
        url = server.url
        self.place = place
    }

    init(url: String, place: Place) {
        server = nil
        self.url = url
        self.place = place
    }

    var target: PublishTarget {
        switch place {
        case .secret(let contents):
            .awsSecretsManager(AWSSecretPlace(connection: "aws", name: "apps/checkout", contents: contents))
        case .parameters(let contents):
            .awsParameterStore(AWSParameterPlace(connection: "aws", path: "/apps/checkout", contents: contents))
        }
    }
    var connections: [ConnectionSpec] {
        var spec = AWSSpec()
        (spec.endpoint, spec.roleARN) = (url, role)
        return [ConnectionSpec(metadata: Metadata(name: "aws"), system: .aws(spec))]
    }
    var environment: [String: String] {
        var environment = [
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI", "AWS_REGION": "eu-west-1",
        ]
        environment["AWS_CA_BUNDLE"] = bundle
        return environment
    }
    /// What it held is gone with it.
    var canBeCutOff: Bool { false }

    @discardableResult
    func call(_ target: String, _ body: [String: String], allowing: Int? = nil) async throws -> JSONValue {
        try await call(
            target, text: String(decoding: try JSONEncoder().encode(body), as: UTF8.self), allowing: allowing)
    }

    @discardableResult
    func call(_ target: String, text: String, allowing: Int? = nil) async throws -> JSONValue {
        let service = target.hasPrefix("AmazonSSM") ? "ssm" : "secretsmanager"
        let http = PlainHTTP(
            base: url,
            headers: [
                "X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1",
                "Authorization": "AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/\(service)/aws4_request, "
                    + "SignedHeaders=host, Signature=0",
            ])
        return try await http.json("POST", "", text, allowing: allowing)
    }

    func values() async throws -> [String: String] {
        switch place {
        case .secret:
            let answer = try await current()
            let text = answer["SecretString"].string ?? "{}"
            return try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        case .parameters:
            return try await parameters().reduce(into: [:]) { values, item in
                let name = item["Name"].string ?? ""
                values[String(name.dropFirst("/apps/checkout/".count))] = item["Value"].string
            }
        }
    }

    /// moto answers with what was put as current last where no stage is asked for, and AWS with AWSCURRENT.
    private func current() async throws -> JSONValue {
        try await call(
            "secretsmanager.GetSecretValue", ["SecretId": "apps/checkout", "VersionStage": "AWSCURRENT"], allowing: 400)
    }

    private func parameters() async throws -> [JSONValue] {
        try await call(
            "AmazonSSM.GetParametersByPath", text: #"{"Path": "/apps/checkout", "WithDecryption": true}"#
        )["Parameters"].array
    }

    func set(_ key: String, to value: String) async throws {
        switch place {
        case .secret:
            let values = try await values().merging([key: value]) { $1 }
            let text = String(decoding: try JSONEncoder().encode(values), as: UTF8.self)
            // As a rotation does it: moto leaves two versions current otherwise.
            let old = try await current()["VersionId"].string ?? ""
            let body: [String: Any] = [
                "SecretId": "apps/checkout", "SecretString": text, "VersionStages": ["AWSPENDING"],
            ]
            let put = try await call(
                "secretsmanager.PutSecretValue",
                text: String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self))
            try await call(
                "secretsmanager.UpdateSecretVersionStage",
                [
                    "SecretId": "apps/checkout", "VersionStage": "AWSCURRENT", "RemoveFromVersionId": old,
                    "MoveToVersionId": put["VersionId"].string ?? "",
                ])
        case .parameters:
            let body = #"{"Name": "/apps/checkout/\#(key)", "Value": "\#(value)", "Type": "String", "Overwrite": true}"#
            try await call("AmazonSSM.PutParameter", text: body)
        }
    }

    func wipe() async throws {
        switch place {
        case .secret:
            try await call(
                "secretsmanager.DeleteSecret",
                text: #"{"SecretId": "apps/checkout", "ForceDeleteWithoutRecovery": true}"#)
        case .parameters:
            for item in try await parameters() {
                try await call("AmazonSSM.DeleteParameter", ["Name": item["Name"].string ?? ""])
            }
            try await call("AmazonSSM.DeleteParameter", ["Name": "/apps/checkout.spillway/checkout"])
        }
    }

    func version() async throws -> String {
        switch place {
        case .secret:
            return try await call("secretsmanager.DescribeSecret", ["SecretId": "apps/checkout"])["VersionIdsToStages"]
                .members.keys.sorted().joined(separator: ",")
        case .parameters:
            return try await parameters().map { "\($0["Name"].string ?? "")@\($0["Version"].int ?? 0)" }
                .joined(separator: ",")
        }
    }

    func setReachable(_ isReachable: Bool) async throws {}
}
