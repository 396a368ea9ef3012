import Foundation
import Testing

/// A real AWS-compatible server: moto's, from the virtual environment that `scripts/python-environment` makes.
package final class MotoServer: Sendable {
    /// Base URL of every service.
    package let url: String
    private let process: ServerProcess

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private static let program = root.appendingPathComponent(".build/python/bin/moto_server").path

    /// Whether tests with it run.
    package static let isInstalled = OptionalProgram.isUsable("moto", at: program, remedy: "scripts/python-environment")

    private init(url: String, process: ServerProcess) {
        self.url = url
        self.process = process
    }

    /// Starts one on a free port, and waits until it says that it serves.
    package static func start(certificate: (path: String, key: String)? = nil) async throws -> MotoServer {
        var arguments = ["-H", "127.0.0.1", "-p", "0"]
        if let certificate { arguments += ["-s", "-c", certificate.path, "-k", certificate.key] }
        let process = try await ServerProcess.start(
            program, arguments,
            environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONUNBUFFERED": "1"],
            untilItSays: ["Press CTRL+C to quit"])
        let port = try #require(process.said.firstMatch(of: /Running on https?:\/\/127\.0\.0\.1:(\d+)/)).1
        return MotoServer(
            url: "\(certificate == nil ? "http" : "https")://127.0.0.1:\(port)", process: process)
    }

    /// Makes a bucket in `eu-west-1`.
    package func createBucket(_ name: String) async throws {
        let http = PlainHTTP(
            base: url,
            headers: [
                "Authorization": "AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/s3/aws4_request, "
                    + "SignedHeaders=host, Signature=0"
            ])
        try await http.send(
            "PUT", name,
            "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>")
    }

    /// Ends it.
    package func stop() {
        process.kill()
    }
}
