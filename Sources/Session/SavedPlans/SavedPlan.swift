import Crypto
import Execution
import Foundation
package import Planning
import Rendering
import TextForms

/// Plans in files: sealed when they are written, and looked at only with an unbroken seal.
///
/// The seal is a member `digest`, of the whole file but its own line. A plan that was edited is none: what it shows is not what
/// was decided.
package enum SavedPlan {
    package static func sealed(_ plan: Plan) -> String {
        PlanDocument.encode(plan, digest: digest(of: Data(PlanDocument.encode(plan).utf8)))
    }

    /// Reads a plan.
    ///
    /// - Throws: ``CommandFailure`` with exit code 5 when the file is not as it was written.
    package static func read(_ path: String) throws(CommandFailure) -> Plan {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure(.error, "\(path) cannot be read: \(error.localizedDescription)")
        }
        let isUnbroken = hasUnbrokenSeal(data)
        do throws(PlanDocument.Flaw) {
            let plan = try PlanDocument.decode(String(decoding: data, as: UTF8.self))
            if isUnbroken { return plan }
        } catch .damaged where isPlan(data) {
            throw brokenSeal(path)
        } catch {
            throw CommandFailure(.error, "\(path): \(error)")
        }
        throw brokenSeal(path)
    }

    private static func brokenSeal(_ path: String) -> CommandFailure {
        CommandFailure(
            .stale,
            "\(path) is not as `plan --out` wrote it: it was edited since, or an earlier version of Spillway made it; "
                + "nothing was done. Plan again: "
                + CommandContext.current.invocation.command("plan", ["--out", path]))
    }

    private static func hasUnbrokenSeal(_ data: Data) -> Bool {
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let opening = Data("  \"\(PlanDocument.digestName)\" : \"".utf8)
        let seals = lines.indices.filter { lines[$0].starts(with: opening) }
        guard seals.count == 1, let place = seals.first else { return false }
        let seal = lines[place].dropFirst(opening.count).prefix { $0 != UInt8(ascii: "\"") }
        guard lines[place].count == opening.count + seal.count + 2 else { return false }
        let rest = Data((lines[..<place] + lines[(place + 1)...]).joined(separator: [UInt8(ascii: "\n")]))
        return String(decoding: seal, as: UTF8.self) == digest(of: rest)
    }

    /// Whether a file is a plan, in whatever state.
    private static func isPlan(_ data: Data) -> Bool {
        struct Head: Decodable { let formatVersion: String }
        return (try? JSONDecoder().decode(Head.self, from: data)) != nil
    }

    private static func digest(of data: Data) -> String {
        Hexadecimal.text(SHA256.hash(data: data))
    }
}
