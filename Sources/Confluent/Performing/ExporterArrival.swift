import Domain
import Execution
import Planning
import Transport

/// What an exporter has still to copy: the versions its registry holds of what it selects, without those its destination
/// holds under the names they get there, with the same id.
struct ExporterArrival: Sendable {
    /// One look at all three.
    struct Seen: Sendable {
        let status: ExporterStatusWire
        let missing: Set<SchemaVersionID>
    }

    private let name: String
    private let source: SchemaRegistryAPI
    private let destination: SchemaRegistryAPI
    private let selection: SubjectSelection
    private let naming: Naming

    /// `nil` where the destination is none of the manifests, or declares no credentials to read it with.
    init?(_ definition: ExporterWire, from source: SchemaRegistryAPI, _ context: StepContext) async {
        let url = definition.config?["schema.registry.url"].map(Addresses.base)
        let known = await context.directory.known.environments
        let place = known.filter { $0.value.registryEndpoint.map(Addresses.base) == url }.keys.min()
        guard let name = definition.name, let place,
            context.workspace.environments[place]?.schemaRegistry.credentials != nil,
            let destination = try? await context.registry(place)
        else { return nil }
        let sourceID = known.values.first {
            $0.registryEndpoint.map(Addresses.base) == Addresses.base(source.endpoint.base)
        }?.registryID
        guard let naming = Naming(definition, sourceID: sourceID) else { return nil }
        self.name = name
        self.source = source
        self.destination = destination
        self.selection = SubjectSelection(definition.subjects ?? ["*"])
        self.naming = naming
    }

    func look() async throws(TransportFailure) -> Seen {
        let status = try await source.exporterStatus(name)
        let wanted = Set(try await source.versions(of: selection).map(naming.copy))
        let contexts = Set(wanted.map { SchemaRegistryAPI.split($0.subject).0 })
        guard !contexts.isEmpty else { return Seen(status: status, missing: []) }
        let held = try await destination.versions(of: SubjectSelection(contexts.map { "\($0.qualifier)*" }))
        return Seen(status: status, missing: wanted.subtracting(held))
    }

    /// The names that subjects get at the destination.
    private struct Naming: Sendable {
        /// Context before those of the source; `nil` = they stay.
        let context: RegistryContext?
        let format: String

        init?(_ definition: ExporterWire, sourceID: String?) {
            format = definition.subjectRenameFormat.flatMap { $0.isEmpty ? nil : $0 } ?? "${subject}"
            switch definition.contextType.map({ ExporterContextType(rawValue: $0) }) ?? .auto {
            case .none?: context = nil
            case .custom?: context = RegistryContext(definition.context ?? "")
            case .auto?:
                guard let sourceID else { return nil }
                context = RegistryContext(sourceID)
            case nil: return nil
            }
        }

        func copy(of version: SchemaVersionID) -> SchemaVersionID {
            let (origin, subject) = SchemaRegistryAPI.split(version.subject)
            let place = [context?.name, origin.name].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ".")
            let name = format.replacing("${subject}", with: subject)
            return SchemaVersionID(
                subject: RegistryContext(place).qualifier + name, version: version.version, id: version.id)
        }
    }
}
