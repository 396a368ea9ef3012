import Domain
import Execution
import Planning
import Transport

/// Steps on versions of schemas.
struct SchemaSteps: Sendable {
    let context: StepContext

    func awaitEqual(_ comparison: SchemaComparison) async throws(StepFailure) {
        let source = try await context.registry(comparison.source)
        let destination = try await context.registry(comparison.destination)
        let selection = SubjectSelection(comparison.subjects)
        let poller = context.pollers.alone {
            let lists = try await together([source, destination]) { try await $0.versions(of: selection) }
            return lists.first.map { $0.subtracting(lists[1]) } ?? []
        }
        try await context.wait(
            for: "schemas of \(comparison.destination) to be those of \(comparison.source)", in: poller,
            at: destination.endpoint, atMost: context.drainLimit
        ) { (missing: Set<SchemaVersionID>) -> PollVerdict<Void> in
            missing.isEmpty ? .reached(()) : .waiting("missing \(missing.sorted().map(\.inWords).firstFew)")
        }
    }

    /// Deletes versions in their order. A version that has another id now is not the one that was to be deleted.
    func delete(_ versions: [SchemaVersionID], in environment: String) async throws(StepFailure) {
        guard !versions.isEmpty else { return }
        let api = try await context.registry(environment)
        let selection = SubjectSelection(versions.map(\.subject))
        let present = try await context.call { try await api.versions(of: selection, includingDeleted: true) }
        try compare(versions, with: present, api)
        for version in versions where present.contains(version) {
            try await delete(version, api)
        }
        let poller = context.pollers.alone { try await api.versions(of: selection, includingDeleted: true) }
        try await context.wait(
            for: "\(versions.count) versions to be gone", in: poller, at: api.endpoint,
            atMost: context.transitionLimit
        ) { (present: Set<SchemaVersionID>) -> PollVerdict<Void> in
            let left = present.intersection(versions)
            return left.isEmpty ? .reached(()) : .waiting("still there: \(left.sorted().map(\.inWords).firstFew)")
        }
    }

    // MARK: Parts

    private func delete(_ version: SchemaVersionID, _ api: SchemaRegistryAPI) async throws(StepFailure) {
        for forGood in [false, true] {
            let result = await outcome { try await api.deleteVersion(version, forGood: forGood) }
            guard case .failure(let failure) = result else { continue }
            guard failure.status == 404, failure.code != "40407" else { throw StepFailure(failure) }
        }
    }

    private func compare(
        _ versions: [SchemaVersionID], with present: Set<SchemaVersionID>, _ api: SchemaRegistryAPI
    ) throws(StepFailure) {
        let planned = Set(versions)
        let places = Dictionary(versions.map { (Place($0), $0) }) { $1 }
        let changed = present.filter { !planned.contains($0) && places[Place($0)] != nil }
        guard changed.isEmpty else {
            throw StepFailure(
                .conflict, "not deleted, because it is another one now: \(changed.sorted().map(\.inWords).firstFew)",
                endpoint: api.endpoint.base)
        }
    }

    private struct Place: Hashable {
        let subject: String
        let version: Int

        init(_ version: SchemaVersionID) {
            self.subject = version.subject
            self.version = version.version
        }
    }
}

extension SchemaVersionID {
    /// For messages.
    var inWords: String { "\(subject) version \(version) (id \(id))" }
}
