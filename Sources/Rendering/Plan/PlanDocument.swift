import Domain
import FoundationEssentials
package import Planning

/// A plan as a JSON document: what `plan --out` saves, `show` reads and `apply` runs. `schemas/plan.schema.json` holds
/// its form.
///
/// Minor versions only add keys, and readers ignore keys they do not know; a new major version must be refused.
package enum PlanDocument {
    /// Why a document is no plan that can be used.
    package enum Flaw: Error, Hashable, Sendable, CustomStringConvertible {
        /// It is no JSON, or a part is missing or of the wrong form; where, and what is wrong.
        case damaged(String)
        /// Its form is of another major version.
        case unsupportedVersion(String)

        /// What is wrong, as a sentence for the person who gave the file.
        package var description: String {
            switch self {
            case .damaged(let reason): "this is not a plan of Spillway, or it is damaged: \(reason)"
            case .unsupportedVersion(let version):
                "this plan has format version \(version), and this version of Spillway reads "
                    + "\(PlanDocument.major(of: Plan.currentFormatVersion) ?? 1).x; plan again, "
                    + "or use the version of Spillway that made it"
            }
        }
    }

    /// Name of the member that seals a document: the digest of all of it but this member's line.
    package static let digestName = "digest"
    /// Name of the member that signs a document: a keyed digest of all of it but the lines of both members.
    package static let signatureName = "signature"

    /// The document, with sorted keys, a line for each member, and ended by a line break; equal plans give equal bytes.
    ///
    /// - Parameters:
    ///   - signature: Signature of the document without this member; `nil` = it is not signed.
    ///   - digest: Digest of the document without this member, by which it is known again.
    package static func encode(_ plan: Plan, signature: String? = nil, digest: String? = nil) -> String {
        JSONText.pretty(PlanForm(plan, signature: signature, digest: digest))
    }

    /// Reads a document.
    ///
    /// - Throws: ``Flaw`` when it is no plan, or of a newer form.
    package static func decode(_ text: String) throws(Flaw) -> Plan {
        let decoder = JSONDecoder()
        let data = Data(text.utf8)
        do {
            let version = try decoder.decode(Version.self, from: data).formatVersion
            guard let major = major(of: version) else { throw Flaw.damaged("formatVersion is '\(version)'") }
            guard major == Self.major(of: Plan.currentFormatVersion) else { throw Flaw.unsupportedVersion(version) }
            return try decoder.decode(PlanForm.self, from: data).plan
        } catch let flaw as Flaw {
            throw flaw
        } catch let error as DecodingError {
            throw .damaged(error.words)
        } catch {
            throw .damaged("it is not JSON")
        }
    }

    private static func major(of version: String) -> Int? {
        version.split(separator: ".").first.flatMap { Int($0) }
    }

    private struct Version: Decodable {
        let formatVersion: String
    }
}

/// The document's form.
private struct PlanForm: Codable {
    let formatVersion: String
    let toolVersion: String
    let workspace: String
    let ledgerID: String?
    @RFC3339 var observedAt: Timestamp
    let observedInMilliseconds: Int64
    let flags: [String]
    let basis: String
    let summary: Summary?
    let sites: [Plan.Site]
    let stores: [Plan.Store]?
    let groups: [GroupForm]
    let changes: [Change]
    /// Changes of nothing live: `protect` and `deletionPolicy`.
    let guards: [Change]?
    let steps: [StepForm]
    let deferred: [DeferredWork]
    let decisions: [NeededDecision]?
    let moves: [MoveForm]?
    let refusals: [RefusalForm]
    let notes: [NoteForm]
    let ledgerRefresh: [StepForm]
    let signature: String?
    let digest: String?

    struct Summary: Codable {
        let counts: Plan.Summary
        let text: String
    }

    init(_ plan: Plan, signature: String?, digest: String?) {
        self.signature = signature
        self.digest = digest
        formatVersion = plan.formatVersion
        toolVersion = plan.toolVersion
        workspace = plan.workspace
        ledgerID = plan.ledgerID
        _observedAt = RFC3339(wrappedValue: plan.observedAt)
        observedInMilliseconds = plan.observedInMilliseconds
        flags = plan.flags
        basis = plan.basis
        summary = Summary(counts: plan.summary, text: plan.summaryLine)
        sites = plan.sites
        stores = plan.stores.isEmpty ? nil : plan.stores
        groups = plan.groups.map(GroupForm.init)
        changes = plan.changes.filter { !$0.isOfGuards }
        let guards = plan.changes.filter(\.isOfGuards)
        self.guards = guards.isEmpty ? nil : guards
        steps = plan.steps.map(StepForm.init)
        deferred = plan.deferred
        decisions = plan.decisions
        moves = plan.moves.map(MoveForm.init)
        refusals = plan.refusals.inOrder.map(RefusalForm.init)
        notes = plan.notes.inOrder.map(NoteForm.init)
        ledgerRefresh = plan.ledgerRefresh.map(StepForm.init)
    }

    var plan: Plan {
        var plan = Plan(
            toolVersion: toolVersion, workspace: workspace, ledgerID: ledgerID, observedAt: observedAt,
            observedIn: .milliseconds(observedInMilliseconds))
        plan.formatVersion = formatVersion
        plan.flags = flags
        plan.basis = basis
        plan.sites = sites
        plan.stores = stores ?? []
        plan.groups = groups.map(\.state)
        plan.changes = guards.map { (changes + $0).sorted { $0.address < $1.address } } ?? changes
        plan.steps = steps.map(\.step)
        plan.deferred = deferred
        plan.decisions = decisions ?? []
        plan.moves = moves?.map(\.move) ?? []
        plan.refusals = refusals.map(\.refusal)
        plan.notes = notes.map(\.note)
        plan.ledgerRefresh = ledgerRefresh.map(\.step)
        return plan
    }
}

extension DecodingError {
    /// Where a document differs from its form, and how.
    var words: String {
        switch self {
        case .keyNotFound(let key, let context): "\(Self.path(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context): "\(Self.path(context.codingPath)) has the wrong type"
        case .valueNotFound(_, let context): "\(Self.path(context.codingPath)) is null"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "it is not valid JSON" : "\(Self.path(context.codingPath)): \(context.debugDescription)"
        @unknown default: "its form is not known"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        let path = keys.reduce("") { path, key in
            key.intValue.map { "\(path)[\($0)]" } ?? (path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)")
        }
        return path.isEmpty ? "the document" : path
    }
}
