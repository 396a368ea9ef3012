import Crypto
package import Domain
import Execution
import Foundation
package import Planning
import Rendering
import TextForms

/// A plan in a file: sealed when it was written, and looked at only with an unbroken seal.
///
/// The seal is a member `digest`, of the whole file but its own line. A plan that was edited is none: what it shows is not what
/// was decided. Where the workspace names a key, a member `signature` says besides that who wrote it has the key.
package struct SavedPlan: Sendable {
    /// The plan.
    package let plan: Plan
    private let path: String
    /// The file without seal and signature.
    private let content: Data
    private let signature: String?

    /// The text of a file.
    ///
    /// - Parameter key: Signs it.
    package static func sealed(_ plan: Plan, signedWith key: Secret? = nil) -> String {
        let signature = key.map { Self.signature(of: Data(PlanDocument.encode(plan).utf8), $0) }
        let signed = PlanDocument.encode(plan, signature: signature)
        return PlanDocument.encode(plan, signature: signature, digest: digest(of: Data(signed.utf8)))
    }

    /// Reads a plan.
    ///
    /// - Throws: ``CommandFailure`` with exit code 5 when the file is not as it was written.
    package static func read(_ path: String) throws(CommandFailure) -> SavedPlan {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure(.error, "\(path) cannot be read: \(error.localizedDescription)")
        }
        return try SavedPlan(reading: data, at: path)
    }

    /// Reads the bytes of a file.
    init(reading data: Data, at path: String) throws(CommandFailure) {
        let sealed = Self.without(PlanDocument.digestName, in: data)
        let isUnbroken = sealed.map { $0.value == Self.digest(of: $0.rest) } ?? false
        do throws(PlanDocument.Flaw) {
            plan = try PlanDocument.decode(String(decoding: data, as: UTF8.self))
        } catch .damaged where Self.isPlan(data) {
            throw Self.brokenSeal(path)
        } catch {
            throw CommandFailure(.error, "\(path): \(error)")
        }
        guard isUnbroken, let sealed else { throw Self.brokenSeal(path) }
        let signed = Self.without(PlanDocument.signatureName, in: sealed.rest)
        content = signed?.rest ?? sealed.rest
        signature = signed?.value
        self.path = path
    }

    /// Refuses a plan that nobody with the key has written.
    ///
    /// - Throws: ``CommandFailure`` with exit code 5.
    package func requireSignature(of key: Secret) throws(CommandFailure) {
        guard let signature else {
            throw CommandFailure(
                .stale, "\(path) is not signed, and `spec.planKey` asks for it; nothing was done. Plan again.")
        }
        let isRight = key.reveal { key in
            let code = Hexadecimal.bytes(signature).map { Data($0) } ?? Data()
            return HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: content, using: SymmetricKey(data: Array(key.utf8)))
        }
        guard isRight else {
            throw CommandFailure(
                .stale, "\(path) is signed with another key than that of `spec.planKey`; nothing was done. Plan again.")
        }
    }

    private static func brokenSeal(_ path: String) -> CommandFailure {
        CommandFailure(
            .stale,
            "\(path) is not as `plan --out` wrote it: it was edited since, or an earlier version of Spillway made it; "
                + "nothing was done. Plan again: "
                + CommandContext.current.invocation.command("plan", ["--out", path]))
    }

    /// The value of a member that has a line of its own, and the file without that line; `nil` when it has not just one.
    private static func without(_ name: String, in data: Data) -> (value: String, rest: Data)? {
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let opening = Data("  \"\(name)\" : \"".utf8)
        let found = lines.indices.filter { lines[$0].starts(with: opening) }
        guard found.count == 1, let place = found.first else { return nil }
        let value = lines[place].dropFirst(opening.count).prefix { $0 != UInt8(ascii: "\"") }
        guard lines[place].count == opening.count + value.count + 2 else { return nil }
        let rest = Data((lines[..<place] + lines[(place + 1)...]).joined(separator: [UInt8(ascii: "\n")]))
        return (String(decoding: value, as: UTF8.self), rest)
    }

    /// Whether a file is a plan, in whatever state.
    private static func isPlan(_ data: Data) -> Bool {
        struct Head: Decodable { let formatVersion: String }
        return (try? JSONDecoder().decode(Head.self, from: data)) != nil
    }

    private static func signature(of data: Data, _ key: Secret) -> String {
        let code = key.reveal { HMAC<SHA256>.authenticationCode(for: data, using: SymmetricKey(data: Array($0.utf8))) }
        return Hexadecimal.text(code)
    }

    private static func digest(of data: Data) -> String {
        Hexadecimal.text(SHA256.hash(data: data))
    }
}
