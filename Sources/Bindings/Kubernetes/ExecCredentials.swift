import Domain
import Execution
import Foundation
import Subprocess
import SystemPackage
import Transport

/// What signs a call to an API server in.
struct KubernetesCredential: Sendable {
    var authorization = Authorization.none
    var certificate: Secret?
    var key: Secret?
    /// When it has to be asked for again; `nil` = never in this run.
    var expiresAt: Timestamp?
}

/// A kubeconfig's exec plugin: a program without shell that prints an `ExecCredential`.
struct ExecCredentials: Sendable {
    let spec: Kubeconfig.ExecSpec
    let user: String
    /// Folder of the kubeconfig, which a relative program path starts from.
    let folder: String
    let environment: [String: String]
    /// The cluster as the plugin is told of it, when it asks for that.
    let cluster: [String: String]
    /// What must not be told of what it prints.
    let secrets: KnownSecrets
    var limit: Duration = .seconds(60)

    private static let keptOutput = 1 << 20
    private static let shownOutput = 300
    private static let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

    private struct Answer: Decodable {
        struct Status: Decodable {
            let token: String?
            let clientCertificateData: String?
            let clientKeyData: String?
            let expirationTimestamp: String?
        }

        let kind: String?
        let apiVersion: String?
        let status: Status?
    }

    private enum Outcome: Sendable {
        case late
        case ended(TerminationStatus, output: String, complaint: String)
    }

    /// Runs the program and takes what it prints.
    ///
    /// - Throws: `withoutCredentials` when it fails, is late, or prints something else; nothing it printed to its
    ///   standard output is told.
    func fetch() async throws(StepFailure) -> KubernetesCredential {
        guard let version = spec.apiVersion, Self.versions.contains(version) else {
            throw failure("has apiVersion '\(spec.apiVersion ?? "")'; v1 and v1beta1 are supported")
        }
        guard spec.interactiveMode != "Always" else { throw failure("wants a terminal, which Spillway has none of") }
        let outcome: Outcome
        do {
            outcome = try await finished(version)
        } catch {
            throw failure("could not be run: \(error)")
        }
        switch outcome {
        case .late: throw failure("did not end within \(limit.components.seconds) s")
        case .ended(let status, let output, let complaint):
            guard status.isSuccess else {
                let said = secrets.clean(complaint).suffix(Self.shownOutput)
                throw failure("ended with \(status)\(said.isEmpty ? "" : ": \(said)")")
            }
            return try credential(in: output, version)
        }
    }

    private func credential(in output: String, _ version: String) throws(StepFailure) -> KubernetesCredential {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(output.utf8)),
            answer.kind == "ExecCredential", let status = answer.status
        else { throw failure("printed no ExecCredential with a status") }
        guard answer.apiVersion == version else {
            throw failure("answered apiVersion '\(answer.apiVersion ?? "")' instead of '\(version)'")
        }
        var credential = KubernetesCredential()
        if let token = status.token, !token.isEmpty { credential.authorization = .bearer(Secret(token)) }
        if let certificate = status.clientCertificateData, let key = status.clientKeyData {
            credential.certificate = Secret(certificate)
            credential.key = Secret(key)
        }
        guard status.token?.isEmpty == false || credential.certificate != nil else {
            throw failure("printed neither a token nor a client certificate with its key")
        }
        if let text = status.expirationTimestamp {
            guard let end = Timestamp(rfc3339: text) else {
                throw failure("printed an expirationTimestamp that is no time")
            }
            credential.expiresAt = end
        }
        return credential
    }

    private func finished(_ version: String) async throws -> Outcome {
        let (program, arguments, limit) = (program, spec.args ?? [], limit)
        let environment = try self.environment(version)
        return try await withThrowingTaskGroup(of: Outcome.self) { group in
            group.addTask {
                let result = try await Subprocess.run(
                    program.contains("/") ? .path(FilePath(program)) : .name(program), arguments: Arguments(arguments),
                    environment: .custom(environment), output: .string(limit: Self.keptOutput),
                    error: .string(limit: Self.keptOutput))
                return .ended(
                    result.terminationStatus, output: result.standardOutput,
                    complaint: result.standardError)
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return .late
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .late
        }
    }

    private var program: String {
        spec.command.contains("/") && !spec.command.hasPrefix("/") ? "\(folder)/\(spec.command)" : spec.command
    }

    /// The environment of this process, what the kubeconfig adds, and `KUBERNETES_EXEC_INFO`.
    private func environment(_ version: String) throws -> [Environment.Key: String] {
        struct Info: Encodable {
            struct Spec: Encodable {
                let interactive = false
                let cluster: [String: String]?
            }

            let apiVersion: String
            let kind = "ExecCredential"
            let spec: Spec
        }
        let info = Info(
            apiVersion: version, spec: .init(cluster: spec.provideClusterInfo == true ? cluster : nil))
        var all = environment
        for variable in spec.env ?? [] { all[variable.name] = variable.value ?? "" }
        all["KUBERNETES_EXEC_INFO"] = String(decoding: try JSONEncoder().encode(info), as: UTF8.self)
        return Dictionary(uniqueKeysWithValues: all.map { (Environment.Key(stringLiteral: $0), $1) })
    }

    private func failure(_ what: String) -> StepFailure {
        StepFailure(.withoutCredentials, "exec plugin \(spec.command) of kubeconfig user '\(user)' \(what)")
    }
}
