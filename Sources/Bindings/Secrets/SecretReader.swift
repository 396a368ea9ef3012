package import Domain
import Execution
import Foundation
import Transport

/// Reads secrets where they are kept: in the environment, in files, and through connections.
package struct SecretReader: SecretResolver {
    /// Largest file that is read as a secret, in bytes.
    static let largestFile = 1 << 20

    private let folder: String
    private let environment: [String: String]
    private let connections: Connections?

    /// A reader of one workspace's references.
    ///
    /// - Parameters:
    ///   - folder: Folder of the workspace file, which relative paths start from.
    ///   - environment: Environment variables.
    ///   - connections: The way to secrets in Vault, Kubernetes and AWS.
    package init(folder: String, environment: [String: String], connections: Connections? = nil) {
        self.folder = folder
        self.environment = environment
        self.connections = connections
    }

    /// Reads a secret now. Nothing is kept of it but that it must not be told.
    package func resolve(_ reference: SecretReference) async throws(UnresolvedSecret) -> Secret {
        let secret = try await read(reference)
        connections?.transport.secrets.learn(secret)
        return secret
    }

    private func read(_ reference: SecretReference) async throws(UnresolvedSecret) -> Secret {
        switch reference {
        case .environment(let name):
            return try variable(name, reference)
        case .file(let path):
            return try file(path, reference)
        case .firstOf(let references):
            return try await first(of: references, reference)
        case .vault, .kubernetes, .awsSecretsManager:
            return try await stored(reference)
        }
    }

    private func stored(_ reference: SecretReference) async throws(UnresolvedSecret) -> Secret {
        guard let connections else {
            throw UnresolvedSecret(reference: reference, reason: "\(reference): there are no connections")
        }
        do throws(StepFailure) {
            return try await connections.read(reference)
        } catch {
            throw UnresolvedSecret(reference: reference, reason: "\(reference): \(error.message)")
        }
    }

    private func variable(_ name: String, _ reference: SecretReference) throws(UnresolvedSecret) -> Secret {
        guard let value = environment[name] else {
            throw UnresolvedSecret(reference: reference, reason: "environment variable \(name) is not set")
        }
        guard !value.isEmpty else {
            throw UnresolvedSecret(reference: reference, reason: "environment variable \(name) is empty")
        }
        return Secret(value)
    }

    private func first(
        of references: [SecretReference], _ whole: SecretReference
    ) async throws(UnresolvedSecret) -> Secret {
        var reasons: [String] = []
        for reference in references {
            do {
                return try await resolve(reference)
            } catch {
                reasons.append(error.reason)
            }
        }
        throw UnresolvedSecret(
            reference: whole, reason: reasons.isEmpty ? "firstOf names nothing" : reasons.joined(separator: "; "))
    }

    private func file(_ path: String, _ reference: SecretReference) throws(UnresolvedSecret) -> Secret {
        let full = path.hasPrefix("/") ? path : "\(folder)/\(path)"
        switch SmallFile.read(full, limit: Self.largestFile) {
        case .failure(let problem):
            throw UnresolvedSecret(reference: reference, reason: "file \(path) \(problem.reason)")
        case .success(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw UnresolvedSecret(reference: reference, reason: "file \(path) is not UTF-8 text")
            }
            let secret = text.droppingOneTrailingNewline
            guard !secret.isEmpty else {
                throw UnresolvedSecret(reference: reference, reason: "file \(path) is empty")
            }
            return Secret(secret)
        }
    }
}

extension String {
    /// The text without `\n` or `\r\n` at its end, once.
    var droppingOneTrailingNewline: String {
        guard let last, last == "\n" || last == "\r\n" else { return self }
        return String(dropLast())
    }
}

/// Reading a whole regular file that is expected to be small.
enum SmallFile {
    /// Why it was not read, to stand behind its name: "is a folder".
    struct Problem: Error {
        let reason: String
    }

    /// Reads it, without waiting for a writer when it turns out to be a pipe.
    static func read(_ path: String, limit: Int) -> Result<[UInt8], Problem> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            return .failure(
                Problem(reason: errno == ENOENT ? "does not exist" : "cannot be read: \(systemError())"))
        }
        defer { close(descriptor) }
        return read(descriptor, limit: limit)
    }

    /// Reads an open file from its start.
    static func read(_ descriptor: Int32, limit: Int) -> Result<[UInt8], Problem> {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            return .failure(Problem(reason: "cannot be read: \(systemError())"))
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: return .failure(Problem(reason: "is a folder"))
        default: return .failure(Problem(reason: "is not a regular file"))
        }
        guard status.st_size <= limit else {
            return .failure(Problem(reason: "is larger than \(limit) bytes"))
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count == 0 { return .success(bytes) }
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(Problem(reason: "cannot be read: \(systemError())"))
            }
            bytes += chunk[..<count]
        }
        return .failure(Problem(reason: "is larger than \(limit) bytes"))
    }
}

/// The last error of the operating system, in its words.
func systemError(_ code: Int32 = errno) -> String {
    String(cString: strerror(code))
}
