import Domain
import Execution
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Bindings

@Suite("Where credentials for AWS come from")
struct CredentialChainTests {
    /// The access key that a request was signed with.
    private static func key(of seen: LocalServer.Seen) -> String? {
        seen.headers["authorization"]?.firstMatch(of: /Credential=([^\/]+)/).map { String($0.1) }
    }

    /// Runs a read of one secret against a server that plays Secrets Manager, STS, containers and an instance.
    ///
    /// - Returns: The access key that Secrets Manager was asked with, or why there was none.
    private static func keyInUse(
        _ environment: [String: String], files: [String: String] = [:], role: String? = nil
    ) async throws -> (key: String?, problem: String?, calls: [String]) {
        try await LocalServer.with(answer) { server in
            let folder = try ScratchFolder()
            for (name, text) in files { try folder.write(text, to: name, mode: 0o600) }
            var spec = AWSSpec()
            spec.endpoint = server.url
            spec.region = "eu-west-1"
            spec.roleARN = role
            var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "shop")))
            workspace.connections["aws"] = ConnectionSpec(metadata: Metadata(name: "aws"), system: .aws(spec))
            workspace.spec.timeouts.unreachableAfter = .seconds(5)
            var all = ["HOME": folder.path, "AWS_EC2_METADATA_DISABLED": "true"].merging(environment) { $1 }
            for (name, value) in all {
                all[name] = value.replacingOccurrences(of: "FOLDER", with: folder.path)
                    .replacingOccurrences(of: "SERVER", with: server.url)
            }
            let reader = connected(workspace, in: folder, environment: all).secrets
            do throws(UnresolvedSecret) {
                _ = try await reader.resolve(.awsSecretsManager(connection: "aws", name: "s", field: nil))
            } catch {
                return (nil, error.reason, server.seen.map(\.target))
            }
            let signed = server.seen.last { $0.headers["x-amz-target"] != nil }
            return (signed.flatMap(key(of:)), nil, server.seen.map(\.target))
        }
    }

    @Sendable private static func answer(_ number: Int, _ seen: LocalServer.Seen) -> LocalServer.Answer? {
        if seen.headers["x-amz-target"] != nil {
            return .json(#"{"SecretString": "value", "VersionId": "1"}"#)
        }
        let found =
            #"{"AccessKeyId": "KEY", "SecretAccessKey": "s", "Token": "t", "Expiration": "2199-01-01T00:00:00Z"}"#
        switch seen.target {
        case "/latest/api/token": return .init(body: "instance-token")
        case "/latest/meta-data/iam/security-credentials/":
            return seen.headers["x-aws-ec2-metadata-token"] == "instance-token"
                ? .init(body: "role\n") : .init(status: 401)
        case "/latest/meta-data/iam/security-credentials/role":
            return .json(found.replacingOccurrences(of: "KEY", with: "INSTANCE"))
        case "/container":
            let isKnown = seen.headers["authorization"] == "container-token"
            return isKnown ? .json(found.replacingOccurrences(of: "KEY", with: "CONTAINER")) : .init(status: 403)
        default:
            let by = seen.body.contains("AssumeRoleWithWebIdentity") ? "WEB" : "ROLE-BY-\(key(of: seen) ?? "nobody")"
            return .init(
                headers: ["content-type": "text/xml"],
                body: """
                    <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>\(by)</AccessKeyId>\
                    <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
                    <Expiration>2199-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
                    """)
        }
    }

    private static let fixed = ["AWS_ACCESS_KEY_ID": "ENVIRONMENT", "AWS_SECRET_ACCESS_KEY": "s"]
    private static let web = ["AWS_WEB_IDENTITY_TOKEN_FILE": "FOLDER/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/r"]
    private static let shared = "[default]\naws_access_key_id = DEFAULT\naws_secret_access_key = s\n"
    private static let container = [
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/container",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "container-token",
    ]
    private static let instance = [
        "AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "SERVER",
    ]

    @Test("the first that has any wins, in the order of AWS's own tools")
    func order() async throws {
        let files = ["token": "a.jwt", ".aws/credentials": Self.shared]
        var environment = Self.instance.merging(Self.container) { $1 }
        func key(_ files: [String: String]) async throws -> String? {
            try await Self.keyInUse(environment, files: files).key
        }
        #expect(try await key([:]) == "CONTAINER")
        #expect(try await key(files) == "DEFAULT")
        environment.merge(Self.web) { $1 }
        #expect(try await key(files) == "WEB")
        environment.merge(Self.fixed) { $1 }
        #expect(try await key(files) == "ENVIRONMENT")
        environment = Self.instance
        #expect(try await key([:]) == "INSTANCE")
    }

    @Test("a role is assumed with what the chain found, once for everything that goes through the connection")
    func role() async throws {
        let result = try await Self.keyInUse(Self.fixed, role: "arn:aws:iam::1:role/publisher")
        #expect(result.key == "ROLE-BY-ENVIRONMENT")
        #expect(result.calls.count == 2)
    }

    @Test("profiles: named ones, roles by a source profile, and what is not run")
    func profiles() async throws {
        let config = """
            [default]
            region = eu-west-1
            [profile base]
            aws_access_key_id=BASE
            aws_secret_access_key=s
            [profile publisher]
            role_arn = arn:aws:iam::1:role/publisher
            source_profile = base
            [profile loop]
            role_arn = arn:aws:iam::1:role/publisher
            source_profile = other
            [profile other]
            role_arn = arn:aws:iam::1:role/publisher
            source_profile = loop
            [profile program]
            credential_process = /bin/true
            """
        func result(_ profile: String) async throws -> (key: String?, problem: String?, calls: [String]) {
            try await Self.keyInUse(["AWS_PROFILE": profile], files: [".aws/config": config])
        }
        #expect(try await result("base").key == "BASE")
        #expect(try await result("publisher").key == "ROLE-BY-BASE")
        #expect(try await result("loop").problem?.contains("its own source_profile") == true)
        #expect(try await result("program").problem?.contains("credential_process") == true)
        #expect(try await result("nobody").problem?.contains("profile nobody has no credentials") == true)
    }

    @Test("credentials that have ended are looked for again, once")
    func expired() async throws {
        let answers = Mutex(0)
        try await LocalServer.with({ number, seen in
            guard seen.headers["x-amz-target"] != nil else { return Self.answer(number, seen) }
            let isFirst = answers.withLock { count in
                count += 1
                return count == 1
            }
            let ended = ##"{"__type": "ExpiredTokenException", "message": "The security token has expired"}"##
            return isFirst ? .json(ended, status: 400) : .json(#"{"SecretString": "value"}"#)
        }) { server in
            var spec = AWSSpec()
            (spec.endpoint, spec.region) = (server.url, "eu-west-1")
            var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "shop")))
            workspace.connections["aws"] = ConnectionSpec(metadata: Metadata(name: "aws"), system: .aws(spec))
            let reader = connected(
                workspace, in: try ScratchFolder(),
                environment: [
                    "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url
                ]
            ).secrets
            let secret = try await reader.resolve(.awsSecretsManager(connection: "aws", name: "s", field: nil))
            #expect(secret.reveal { $0 } == "value")
            #expect(server.seen.filter { $0.target == "/latest/api/token" }.count == 2)
        }
    }

    @Test("a region is needed, and nothing is told of secrets when there are no credentials")
    func missing() async throws {
        let nothing = try await Self.keyInUse([:])
        #expect(nothing.problem?.contains("no AWS credentials were found") == true)
        #expect(nothing.calls == [])
        var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "shop")))
        workspace.connections["aws"] = ConnectionSpec(metadata: Metadata(name: "aws"), system: .aws(AWSSpec()))
        let reader = connected(workspace, in: try ScratchFolder(), environment: Self.fixed).secrets
        do throws(UnresolvedSecret) {
            _ = try await reader.resolve(.awsSecretsManager(connection: "aws", name: "s", field: nil))
            Issue.record("it was read without a region")
        } catch {
            #expect(error.reason.contains("AWS_REGION"))
        }
    }
}
