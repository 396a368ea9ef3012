import Foundation
import TestSupport
import Testing

/// Somebody at a workspace, who does what the plan prints and understands nothing of it.
struct Desk {
    /// Something done by hand, outside of what can be printed: a repair, a deletion on the live system.
    typealias Hand = (inout Desk) async throws -> Void

    let stage: Stage
    var manifests: Manifests
    /// Flags of the plan, as `--flag value`.
    var flags: [String] = []
    /// Manifests that were taken out.
    private var removed: [Manifests.Document] = []

    init(_ stage: Stage, _ manifests: Manifests) throws {
        self.stage = stage
        self.manifests = manifests
        try? FileManager.default.removeItem(at: stage.folder.appendingPathComponent("manifests"))
        try manifests.write(to: stage.folder)
    }

    // MARK: Edits

    /// Changes manifests.
    mutating func edit(_ change: (inout Manifests) -> Void) throws {
        let before = manifests
        change(&manifests)
        removed = before.documents.values.filter { manifests.documents[$0.key] == nil }.sorted { $0.key < $1.key }
        try manifests.write(to: stage.folder)
    }

    /// Runs a body with changed manifests and flags, and puts them back as they were.
    mutating func during(
        _ change: (inout Manifests) -> Void, flags: [String] = [], _ body: (inout Desk) async throws -> Void
    ) async throws {
        let before = self
        try edit(change)
        self.flags = flags
        try await body(&self)
        self = before
        try manifests.write(to: stage.folder)
    }

    // MARK: Commands

    /// The plan as a document.
    func plan(sourceLocation: SourceLocation = #_sourceLocation) async throws -> JSONValue {
        let outcome = try await run(["plan", "-o", "json"] + flags)
        guard let plan = try? JSONValue(parsing: outcome.output) else {
            Issue.record("no plan: \(outcome.output)\(outcome.diagnostics)", sourceLocation: sourceLocation)
            return .null
        }
        let isRefused = !plan["refusals"].array.isEmpty
        #expect((outcome.code == 4) == isRefused, "plan exits \(outcome.code)", sourceLocation: sourceLocation)
        return plan
    }

    /// Applies, and confirms every change of primary that is declared.
    func apply(_ more: [String] = []) async throws -> Spillway.Outcome {
        let primaries = manifests.documents.values.compactMap { document in
            document.fields["spec.primary"].map { "\(document.name)=\($0)" }
        }
        let confirmed = primaries.isEmpty ? [] : ["--confirm-primary"] + primaries.sorted()
        return try await run(["apply", "--auto-approve"] + confirmed + flags + more)
    }

    /// Applies until nothing is left.
    func settle(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        var outcome = try await apply()
        for _ in 0..<3 where outcome.code != 0 { outcome = try await apply() }
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)", sourceLocation: sourceLocation)
    }

    func run(_ arguments: [String]) async throws -> Spillway.Outcome {
        try await stage.spillway.start(arguments).outcome()
    }

    // MARK: Ways out

    /// Plans, and goes every way out that a gate's refusal prints: the refusal is gone then, and what is refused instead
    /// leads on, not back.
    ///
    /// - Parameters:
    ///   - gate: The gate that is to refuse.
    ///   - subject: Of what, where the gate refuses several.
    ///   - message: A part of what is said, likewise.
    ///   - hands: What to do for words of the way out that name something outside of the manifests.
    ///   - again: Makes the situation again that a way out has ended on the live systems.
    mutating func goOut(
        _ gate: String, of subject: String? = nil, message: String = "", _ hands: [String: Hand] = [:],
        again: Hand = { _ in },
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let plan = try await plan(sourceLocation: sourceLocation)
        let refusals = plan["refusals"].array.map(Refused.init)
        guard
            let refused = refusals.first(where: {
                $0.gate == gate && (subject ?? $0.subject) == $0.subject
                    && (message.isEmpty || $0.message.contains(message))
            })
        else {
            Issue.record("\(gate) does not refuse: \(refusals)", sourceLocation: sourceLocation)
            return
        }
        for (index, way) in WayOut.all(in: refused.wayOut).enumerated() {
            let deeds = hands.filter { way.description.contains($0.key) }.sorted { $0.key < $1.key }
            if deeds.isEmpty, way.deeds.isEmpty {
                Issue.record("nothing that can be done: \(way) of \(refused)", sourceLocation: sourceLocation)
            }
            if !way.deeds.isEmpty || deeds.isEmpty {
                try await go(way, number: index, of: refused, besides: refusals, nil, sourceLocation)
                try await again(&self)
            }
            for (_, hand) in deeds {
                try await go(way, number: index, of: refused, besides: refusals, hand, sourceLocation)
                try await again(&self)
            }
        }
    }

    private mutating func go(
        _ way: WayOut, number: Int, of refused: Refused, besides others: [Refused], _ hand: Hand?,
        _ sourceLocation: SourceLocation
    ) async throws {
        let before = self
        let ledger = try LedgerCopy(of: stage.folder)
        if let hand {
            try await hand(&self)
            try manifests.write(to: stage.folder)
        } else {
            try await take(way, of: refused, sourceLocation)
        }
        var left = try await plan(sourceLocation: sourceLocation)["refusals"].array.map(Refused.init)
        var seen = others.filter { $0 != refused }
        var path = [refused]
        #expect(
            !left.contains { $0.isSame(as: refused) }, "\(way) leads nowhere: \(left)", sourceLocation: sourceLocation)
        // What is refused now and was not before has a way out of its own, which does not lead back.
        while let next = left.first(where: { other in !seen.contains { $0.isSame(as: other) } }), path.count < 4 {
            #expect(
                !path.contains { $0.isSame(as: next) }, "\(way) leads back: \(path)", sourceLocation: sourceLocation)
            path.append(next)
            seen.append(next)
            guard let first = WayOut.all(in: next.wayOut).first(where: { !$0.deeds.isEmpty }) else { break }
            try await take(first, of: next, sourceLocation)
            left = try await plan(sourceLocation: sourceLocation)["refusals"].array.map(Refused.init)
        }
        self = before
        try manifests.write(to: stage.folder)
        try ledger.restore()
    }

    /// Does what a way out says, word by word.
    mutating func take(
        _ way: WayOut, of refused: Refused, _ sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let asRefused = manifests
        for deed in way.deeds {
            switch deed {
            case .write(let path, let value) where way.deeds.contains(.putBack): writeBack(path, value)
            case .write(let path, let value):
                let text = value.replacing("…", with: "INC-7").replacing("NUMBER", with: "INC-7")
                manifests.documents[refused.document]?.write(refused.place(of: path), text)
            case .remove(let path): manifests.documents[refused.document]?.remove(refused.place(of: path))
            case .removeField: manifests.documents[refused.document]?.remove(refused.field)
            case .join(let member): manifests.join(member, refused.document)
            case .unuse(let group, let binding): manifests.unuse(group, "ClientBinding \(binding)")
            case .flag(let flag, let value):
                if let wrong = flags.firstIndex(of: refused.subject) {
                    flags[wrong] = value
                } else {
                    flags += [flag, value].filter { !$0.isEmpty }
                }
            case .withoutFlag(let flag): flags.removePair(flag)
            case .command(let words):
                let outcome = try await run(words)
                #expect(outcome.code == 0, "\(words): \(outcome.diagnostics)", sourceLocation: sourceLocation)
            case .apply:
                try manifests.write(to: stage.folder)
                try await settle(sourceLocation: sourceLocation)
            case .again: manifests = asRefused
            case .putBack: for document in removed { manifests.add(document) }
            }
        }
        try manifests.write(to: stage.folder)
    }

    /// A line that goes with manifests which are put back.
    private mutating func writeBack(_ path: String, _ value: String) {
        for document in removed {
            manifests.documents[document.key]?.write(path.hasPrefix("metadata.") ? path : "spec.\(path)", value)
        }
    }
}

/// A refusal as the plan's document tells it.
struct Refused: Hashable, CustomStringConvertible {
    let gate: String
    let subject: String
    let message: String
    let wayOut: String
    /// Kind and name of the manifest that is to blame.
    let document: String
    /// The field in it.
    let field: String

    init(_ refusal: JSONValue) {
        gate = refusal["gate"].string ?? ""
        subject = refusal["subject"].string ?? ""
        message = refusal["message"].string ?? ""
        wayOut = refusal["wayOut"].string ?? ""
        document = "\(refusal["origin"]["kind"].string ?? "") \(refusal["origin"]["name"].string ?? "")"
        field = refusal["origin"]["field"].string ?? ""
    }

    var description: String { "\(gate) \(subject): \(message) | \(wayOut) | \(document), \(field)" }

    func isSame(as other: Refused) -> Bool {
        (gate, subject, message) == (other.gate, other.subject, other.message)
    }

    /// Where a printed path is: the field that is to blame when it ends like that, else below `spec`.
    func place(of path: String) -> String {
        if path.hasPrefix("metadata.") { return path }
        if field.contains("[") { return "\(field).\(path)" }
        return field.hasSuffix(".\(path)") ? field : "spec.\(path)"
    }
}

extension [String] {
    /// Takes out a flag with its value.
    fileprivate mutating func removePair(_ flag: String) {
        while let index = firstIndex(of: flag) { removeSubrange(index...Swift.min(index + 1, count - 1)) }
    }
}

extension Manifests {
    fileprivate mutating func join(_ member: String, _ key: String) {
        guard let list = documents[key]?.fields["spec.members"] else { return }
        documents[key]?.fields["spec.members"] = "\(list.dropLast()), \(member)]"
    }

    fileprivate mutating func unuse(_ group: String, _ key: String) {
        guard let list = documents[key]?.fields["spec.uses"] else { return }
        let rest = list.dropFirst().dropLast().split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0 != group }
        documents[key]?.fields["spec.uses"] = "[\(rest.joined(separator: ", "))]"
    }
}

/// The ledger and what was published, to be put back after something that cannot be undone.
private struct LedgerCopy {
    private let folder: URL
    private let copy: URL
    private let names = [".spillway", "out"]

    init(of folder: URL) throws {
        self.folder = folder
        copy = folder.appendingPathComponent("copy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
        for name in names {
            let original = folder.appendingPathComponent(name)
            guard FileManager.default.fileExists(atPath: original.path) else { continue }
            try FileManager.default.copyItem(at: original, to: copy.appendingPathComponent(name))
        }
    }

    func restore() throws {
        for name in names {
            let original = folder.appendingPathComponent(name)
            let kept = copy.appendingPathComponent(name)
            try? FileManager.default.removeItem(at: original)
            guard FileManager.default.fileExists(atPath: kept.path) else { continue }
            try FileManager.default.copyItem(at: kept, to: original)
        }
        try FileManager.default.removeItem(at: copy)
    }
}
