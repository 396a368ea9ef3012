package import Foundation

/// `kubectl` as it is installed, with a kubeconfig for one simulated cluster.
package struct Kubectl: Sendable {
    /// How one call ended.
    package struct Outcome: Sendable {
        package let code: Int32
        package let output: String
    }

    private let folder: URL

    /// Whether tests with it run.
    package static let isInstalled = OptionalProgram.isUsable(
        "kubectl", at: program.path, remedy: "scripts/install-dependencies --tests")

    private static let program = URL(fileURLWithPath: "/usr/bin/kubectl")

    /// Writes the kubeconfig, as YAML, into a folder.
    ///
    /// - Parameter server: A cluster with TLS and a certificate of ``TestAuthority``; without TLS `kubectl` sends no
    ///   credentials.
    package init(server: String, token: String, in folder: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(TestAuthority.authority.utf8).write(to: folder.appendingPathComponent("ca.pem"))
        let text = """
            apiVersion: v1
            kind: Config
            current-context: none
            contexts:
            - name: sim
              context: {cluster: sim, user: sim, namespace: shop}
            clusters:
            - name: sim
              cluster:
                server: \(server)
                certificate-authority: ca.pem
            users:
            - name: sim
              user: {token: \(token)}
            """
        try Data(text.utf8).write(to: kubeconfig)
    }

    /// The kubeconfig; its context is `sim`.
    package var kubeconfig: URL { folder.appendingPathComponent("kubeconfig") }

    /// Runs a command line to its end, with something to read.
    package func callAsFunction(_ arguments: [String], input: String = "") async throws -> Outcome {
        let name = UUID().uuidString
        let output = folder.appendingPathComponent("\(name).out")
        let entered = folder.appendingPathComponent("\(name).in")
        try Data().write(to: output)
        try Data(input.utf8).write(to: entered)
        let handle = try FileHandle(forWritingTo: output)
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
        let process = Process()
        process.executableURL = Self.program
        process.arguments = ["--kubeconfig", kubeconfig.path, "--context", "sim", "--request-timeout=30s"] + arguments
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "NO_PROXY": "127.0.0.1"]
        process.standardInput = try FileHandle(forReadingFrom: entered)
        process.standardOutput = handle
        process.standardError = handle
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        for await _ in ended {}
        return Outcome(
            code: process.terminationStatus, output: (try? String(contentsOf: output, encoding: .utf8)) ?? "")
    }

    /// A Deployment with two pods.
    package static let deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: checkout}
        spec:
          replicas: 2
          selector: {matchLabels: {app: checkout}}
          template:
            metadata: {labels: {app: checkout}}
            spec: {containers: [{name: main, image: "checkout:1"}]}
        """
}
