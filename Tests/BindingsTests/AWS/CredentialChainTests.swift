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
            let workspace = Self.workspace(server.url, role: role)
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
        "AWS_METADATA_SERVICE_TIMEOUT": "60",
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
            [profile region-only]
            region = eu-west-1
            [profile by-environment]
            role_arn = arn:aws:iam::1:role/publisher
            credential_source = Environment
            [profile by-container]
            role_arn = arn:aws:iam::1:role/publisher
            credential_source = EcsContainer
            [profile by-instance]
            role_arn = arn:aws:iam::1:role/publisher
            credential_source = Ec2InstanceMetadata
            [profile by-magic]
            role_arn = arn:aws:iam::1:role/publisher
            credential_source = Magic
            [profile program]
            credential_process = /bin/true
            """
        func result(_ profile: String) async throws -> (key: String?, problem: String?, calls: [String]) {
            let environment = Self.instance.merging(Self.container) { $1 }.merging(["AWS_PROFILE": profile]) { $1 }
            return try await Self.keyInUse(environment, files: [".aws/config": config])
        }
        #expect(try await result("region-only").key == "CONTAINER", "the chain goes on")
        #expect(try await result("by-container").key == "ROLE-BY-CONTAINER")
        #expect(try await result("by-instance").key == "ROLE-BY-INSTANCE")
        #expect(try await result("by-environment").problem?.contains("has no credentials") == true)
        #expect(try await result("by-magic").problem?.contains("credential_source Magic") == true)
        #expect(try await result("base").key == "BASE")
        #expect(try await result("publisher").key == "ROLE-BY-BASE")
        #expect(try await result("loop").problem?.contains("its own source_profile") == true)
        #expect(try await result("program").problem?.contains("credential_process") == true)
        #expect(try await result("nobody").problem?.contains("no profile nobody") == true)
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
            let reader = connected(
                Self.workspace(server.url), in: try ScratchFolder(),
                environment: [
                    "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url, "AWS_METADATA_SERVICE_TIMEOUT": "60",
                ]
            ).secrets
            let secret = try await reader.resolve(.awsSecretsManager(connection: "aws", name: "s", field: nil))
            #expect(secret.reveal { $0 } == "value")
            #expect(server.seen.filter { $0.target == "/latest/api/token" }.count == 2)
        }
    }

    @Test("credentials of a container are fetched from this machine, its agents and by TLS only")
    func containerHosts() async throws {
        for host in ["http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://localhost@evil.example"]
        {
            let result = try await Self.keyInUse(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(host)/container"])
            #expect(result.problem?.contains("neither https nor this machine") == true, "\(host)")
        }
        let relative = try await Self.keyInUse(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "@evil.example/"])
        #expect(relative.problem?.contains("does not begin with /") == true)
        let token = try await Self.keyInUse([
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/container",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "FOLDER/nowhere",
        ])
        #expect(token.problem?.contains("nowhere cannot be read") == true)
        #expect(token.calls == [])
    }

    @Test("an instance that never answers is waited for once, and briefly")
    func silentInstance() async throws {
        try await LocalServer.with({ _, _ in nil }) { server in
            let environment = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url, "HOME": try ScratchFolder().path]
            let reader = connected(Self.workspace(server.url), in: try ScratchFolder(), environment: environment)
                .secrets
            do throws(UnresolvedSecret) {
                _ = try await reader.resolve(.awsSecretsManager(connection: "aws", name: "s", field: nil))
                Issue.record("it was read")
            } catch {
                #expect(error.reason.contains("no AWS credentials were found"))
            }
            #expect(server.seen.map(\.target) == ["/latest/api/token"])
        }
    }

    @Test(
        "temporary credentials are used until shortly before they end; with an end that cannot be read they are none",
        arguments: [("2020-01-01T00:00:00.5Z", 2), ("2199-01-01T00:00:00Z", 1), ("tomorrow", nil)])
    func ends(end: String, searches: Int?) async throws {
        try await LocalServer.with({ number, seen in
            guard seen.target == "/container" else { return Self.answer(number, seen) }
            return .json(#"{"AccessKeyId": "A", "SecretAccessKey": "s", "Token": "t", "Expiration": "\#(end)"}"#)
        }) { server in
            let environment = [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(server.url)/container", "HOME": try ScratchFolder().path,
            ]
            let reader = connected(Self.workspace(server.url), in: try ScratchFolder(), environment: environment)
                .secrets
            do throws(UnresolvedSecret) {
                for name in ["a", "b"] {
                    _ = try await reader.resolve(.awsSecretsManager(connection: "aws", name: name, field: nil))
                }
                #expect(server.seen.filter { $0.target == "/container" }.count == searches)
            } catch {
                #expect(searches == nil && error.reason.contains("Expiration"), "\(error.reason)")
            }
        }
    }

    @Test("everybody who asks at once waits for one search")
    func shared() async throws {
        try await LocalServer.with(Self.answer) { server in
            let environment = [
                "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url, "HOME": try ScratchFolder().path,
                "AWS_METADATA_SERVICE_TIMEOUT": "60",
            ]
            let reader = connected(Self.workspace(server.url), in: try ScratchFolder(), environment: environment)
                .secrets
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        _ = try await reader.resolve(
                            .awsSecretsManager(connection: "aws", name: "\(number)", field: nil))
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.seen.filter { $0.target == "/latest/api/token" }.count == 1)
        }
    }

    @Test("whether a role was refused or could not be asked for is told apart")
    func refusedRole() async throws {
        let denial = """
            <ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole\
            </Message></Error></ErrorResponse>
            """
        let target = PublishTarget.awsSecretsManager(AWSSecretPlace(connection: "aws", name: "s", contents: .all))
        func reach(_ status: Int, _ body: String) async throws -> Reach<StoreSnapshot> {
            try await LocalServer.with({ _, _ in
                .init(status: status, headers: ["content-type": "text/xml"], body: body)
            }) { server in
                var workspace = checkoutWorkspace(publish: [target])
                workspace.connections = Self.workspace(server.url, role: "arn:aws:iam::1:role/r").connections
                workspace.spec.timeouts.unreachableAfter = .seconds(120)
                let folder = try ScratchFolder()
                let binding = try #require(workspace.clientBindings["checkout"])
                return await BindingStoreObserver(
                    folder: folder.path, connections: connected(workspace, in: folder, environment: Self.fixed),
                    fingerprinter: fingerprinter
                ).observe(binding, targetIndex: 0)
            }
        }
        guard case .denied(let reason, _) = try await reach(403, denial) else {
            Issue.record("it is denied")
            return
        }
        #expect(reason.contains("the role arn:aws:iam::1:role/r cannot be assumed"))
        #expect(reason.contains("sts:AssumeRole"))
        guard case .denied = try await reach(400, denial) else {
            Issue.record("it is denied by status 400 too")
            return
        }
        var workspace = checkoutWorkspace(publish: [target])
        let silent = try SilentPort()
        workspace.connections = Self.workspace(silent.url, role: "r").connections
        let folder = try ScratchFolder()
        let binding = try #require(workspace.clientBindings["checkout"])
        let gone = await BindingStoreObserver(
            folder: folder.path, connections: connected(workspace, in: folder, environment: Self.fixed),
            fingerprinter: fingerprinter
        ).observe(binding, targetIndex: 0)
        withExtendedLifetime(silent) { #expect(gone.isUnreachable) }
    }

    @Test("an empty AWS_REGION is none, and the region stands in the signature")
    func regions() async throws {
        try await LocalServer.with(Self.answer) { server in
            let environment = Self.fixed.merging(["AWS_REGION": "", "AWS_DEFAULT_REGION": "eu-north-1"]) { $1 }
            let reader = connected(
                Self.workspace(server.url, region: nil), in: try ScratchFolder(), environment: environment
            ).secrets
            _ = try await reader.resolve(.awsSecretsManager(connection: "aws", name: "s", field: nil))
            #expect(server.seen.last?.headers["authorization"]?.contains("/eu-north-1/secretsmanager/") == true)
        }
    }

    /// A workspace with one connection.
    private static func workspace(
        _ endpoint: String, role: String? = nil, region: String? = "eu-west-1"
    ) -> Workspace {
        var spec = AWSSpec()
        (spec.endpoint, spec.region, spec.roleARN) = (endpoint, region, role)
        var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "shop")))
        workspace.connections["aws"] = ConnectionSpec(metadata: Metadata(name: "aws"), system: .aws(spec))
        workspace.spec.timeouts.unreachableAfter = .seconds(120)
        return workspace
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
