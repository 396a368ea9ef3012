import Crypto
package import Domain
import Foundation
package import Planning
import Rendering
import TextForms

/// The digest a saved plan is bound to: manifests, flags, what the stores held that it publishes to, and the plan
/// reduced to its decisions.
///
/// Lag, times and request counts are left out, and so are fingerprints of secrets while there is no ledger: their key
/// is made with the ledger.
package enum PlanDigest {
    /// The digest of a plan of a workspace.
    ///
    /// - Parameter isFirst: Whether the plan was made before there was a ledger.
    package static func compute(_ plan: Plan, of workspace: Workspace, isFirst: Bool) -> String {
        let decisions = Decisions(plan, workspace, isFirst: isFirst)
        guard let data = try? SortedJSON.data(decisions) else { return "" }
        return Hexadecimal.text(SHA256.hash(data: data))
    }

    /// The lines in which two plans decide differently: planned, now.
    package static func differences(_ planned: Plan, _ now: Plan) -> (gone: [String], new: [String]) {
        let (before, after) = (Set(lines(planned)), Set(lines(now)))
        return (before.subtracting(after).sorted(), after.subtracting(before).sorted())
    }

    /// Where stores that steps publish to hold something else than they did: one sentence for each field.
    ///
    /// - Parameters:
    ///   - isFirst: Whether the plan was made before there was a ledger.
    ///   - resumes: Whether a run of the plan did not finish: it may have written bookkeeping already.
    package static func edits(_ planned: Plan, _ now: Plan, isFirst: Bool, resumes: Bool) -> [String] {
        let addresses = Set(now.stores.map(\.address)).intersection(planned.stores.map(\.address))
        let before = contents(planned, isFirst: isFirst)
        let after = contents(now, isFirst: isFirst)
        return addresses.sorted().flatMap { address in
            let (old, new) = (before[address] ?? [:], after[address] ?? [:])
            let fields = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] && (!resumes || $0.contains(".")) }
            return fields.sorted().map { field in
                edit(of: field, at: address, from: old[field], to: new[field])
            }
        }
    }

    private static func edit(
        of field: String, at address: ResourceAddress, from old: String?, to new: String?
    ) -> String {
        if field.hasPrefix("secrets.") { return "\(address) \(field.dropFirst("secrets.".count)): another secret" }
        let name = field.hasPrefix("properties.") ? String(field.dropFirst("properties.".count)) : "spillway.\(field)"
        return "\(address) \(name): \(old ?? "unset") when planned, \(new ?? "unset") now"
    }

    /// What stores held, by address, as far as it can be compared: without the ledger's key a secret is only there or
    /// not.
    private static func contents(_ plan: Plan, isFirst: Bool) -> [ResourceAddress: [String: String]] {
        let contents = plan.stores.map { store in
            let fields = store.fields.map { ($0, isFirst && $0.hasPrefix("secrets.") ? "set" : $1) }
            return (store.address, Dictionary(fields) { $1 })
        }
        return Dictionary(contents) { $1 }
    }

    private static func lines(_ plan: Plan) -> [String] {
        let changes = plan.changes.map { change in
            let fields = change.differences.map { "\($0.field): \($0.from ?? "unset") → \($0.to ?? "unset")" }
            return "\(change.effect.rawValue) \(change.address)"
                + (fields.isEmpty ? "" : " (\(fields.joined(separator: ", ")))")
        }
        let deferred = plan.deferred.map { "deferred: \($0.effect.rawValue) \($0.address)" }
        let refusals = plan.refusals.map { "refused: \($0.subject): \($0.message)" }
        return changes + deferred + refusals
    }

    private struct Decisions: Encodable {
        let formatVersion: String
        var workspace: Workspace
        let flags: [String]
        let moves: [String]
        let steps: [DecidedStep]
        let deferred: [String]
        let refusals: [String]
        let stores: [String: [String: String]]
        let ledger: String?
        let differences: [Change]

        init(_ plan: Plan, _ workspace: Workspace, isFirst: Bool) {
            formatVersion = plan.formatVersion
            self.workspace = workspace
            // Equal manifests in other files decide the same.
            self.workspace.spec.bases = []
            self.workspace.spec.manifests = []
            self.workspace.spec.patches = []
            flags = plan.flags
            moves = plan.moves.map { "\($0.kind.rawValue) \($0.family) \($0.from) \($0.to) \($0.epoch)" }
            steps = plan.steps.map { DecidedStep(id: $0.id, action: $0.action, after: $0.after) }
            deferred = plan.deferred.map { "\($0.effect.rawValue) \($0.address)" }
            refusals = plan.refusals.map { "\($0.gate.rawValue) \($0.subject)" }
            let contents = PlanDigest.contents(plan, isFirst: isFirst)
            stores = Dictionary(contents.map { ($0.description, $1) }) { $1 }
            ledger = isFirst ? nil : plan.ledgerID
            differences = isFirst ? [] : plan.changes
        }
    }

    private struct DecidedStep: Encodable {
        let id: Step.ID
        let action: StepAction
        let after: [Step.ID]
    }
}

extension Plan {
    /// Binds the plan to what it was decided on.
    package mutating func seal(for bench: Workbench) {
        basis = PlanDigest.compute(self, of: bench.workspace, isFirst: ledgerID == nil)
    }
}
