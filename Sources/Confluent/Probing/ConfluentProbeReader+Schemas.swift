import Domain
import Execution
import Planning
import Transport

/// What registries hold, and what one holds that another lacks.
extension ConfluentProbeReader {
    /// Between two looks for schemas that are on their way.
    private static let arrival: Duration = .milliseconds(500)
    /// Looks at most, while something is missing.
    private static let looks = 5

    /// What the source holds and the destination lacks. An exporter copies a version a moment after it was registered:
    /// what is missing is looked for again for a while.
    func missing(_ comparison: SchemaComparison, renameFormat: String) async -> ProbeAnswer {
        var missing = await difference(comparison, renameFormat)
        for _ in 1..<Self.looks {
            guard case .schemas(let versions) = missing, !versions.isEmpty else { return missing }
            do { try await pacing.sleep(Self.arrival) } catch { return missing }
            missing = await difference(comparison, renameFormat)
        }
        return missing
    }

    private func difference(_ comparison: SchemaComparison, _ renameFormat: String) async -> ProbeAnswer {
        let keepsNames = renameFormat == "${subject}"
        async let held = schemas(comparison.source, comparison.subjects)
        async let copied = schemas(comparison.destination, keepsNames ? comparison.subjects : [":*:"])
        switch (await held, await copied) {
        case (.schemas(let held), .schemas(let copied)):
            let wanted = keepsNames ? held : Set(held.map { $0.renamed(renameFormat) })
            return .schemas(wanted.subtracting(copied))
        case (.schemas, let silent), (let silent, _): return silent
        }
    }

    func schemas(
        _ environment: String, _ subjects: [String], includingDeleted: Bool = false
    ) async -> ProbeAnswer {
        guard let site = await directory.environment(environment), let base = site.registryEndpoint else {
            return .unanswered("unreachable: the registry endpoint of environment \(environment) is not known")
        }
        let selection = SubjectSelection(subjects)
        let result = await within(base) {
            try await endpoints.registry(environment, at: base, registryID: site.registryID)
        } _: { endpoint in
            try await SchemaRegistryAPI(endpoint: endpoint).versions(of: selection, includingDeleted: includingDeleted)
        }
        switch result {
        case .success(let versions): return .schemas(versions)
        case .failure(let failure): return .unanswered(failure.silence())
        }
    }
}

extension SchemaVersionID {
    /// The same version under the name that an exporter gives its subject.
    fileprivate func renamed(_ format: String) -> SchemaVersionID {
        let (context, name) = SchemaRegistryAPI.split(subject)
        return SchemaVersionID(
            subject: context.qualifier + format.replacing("${subject}", with: name), version: version, id: id)
    }
}
