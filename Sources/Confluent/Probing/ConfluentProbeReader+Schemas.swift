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
    func missing(
        _ comparison: SchemaComparison, renameFormat: String, _ round: ProbeRound
    ) async -> ProbeAnswer {
        var missing = await difference(comparison, renameFormat, look: 0, round)
        for look in 1..<Self.looks {
            guard case .schemas(let versions) = missing, !versions.isEmpty else { return missing }
            do { try await pacing.sleep(Self.arrival) } catch { return missing }
            missing = await difference(comparison, renameFormat, look: look, round)
        }
        return missing
    }

    private func difference(
        _ comparison: SchemaComparison, _ renameFormat: String, look: Int, _ round: ProbeRound
    ) async -> ProbeAnswer {
        let keepsNames = renameFormat == "${subject}"
        async let held = schemas(.init(comparison.source, comparison.subjects, look: look), round)
        async let copied = schemas(
            .init(comparison.destination, keepsNames ? comparison.subjects : [":*:"], look: look), round)
        switch (await held, await copied) {
        case (.schemas(let held), .schemas(let copied)):
            let wanted = keepsNames ? held : Set(held.map { $0.renamed(renameFormat) })
            return .schemas(wanted.subtracting(copied))
        case (.schemas, let silent), (let silent, _): return silent
        }
    }

    func schemas(_ wanted: ProbeRound.Versions, _ round: ProbeRound) async -> ProbeAnswer {
        await round.versions.value(of: wanted) { await read(wanted) }
    }

    private func read(_ wanted: ProbeRound.Versions) async -> ProbeAnswer {
        let environment = wanted.environment
        guard let site = await directory.environment(environment), let base = site.registryEndpoint else {
            return .unanswered("unreachable: the registry endpoint of environment \(environment) is not known")
        }
        let selection = SubjectSelection(wanted.subjects)
        let result = await within(base) {
            try await endpoints.registry(environment, at: base, registryID: site.registryID)
        } _: { endpoint in
            try await SchemaRegistryAPI(endpoint: endpoint)
                .versions(of: selection, includingDeleted: wanted.includingDeleted)
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
