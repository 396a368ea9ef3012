import Domain
import Transport

/// Reads a registry: modes and subjects of the wanted contexts, the global level, and exporters.
struct RegistryReading: Sendable {
    let api: SchemaRegistryAPI
    let contexts: Set<RegistryContext>
    /// Exporters that the ledger owns there: a list that leaves one out is believed only after its own 404.
    let owned: Set<String>
    /// Whether contexts that are not named are wanted too.
    var hasEveryContext = false

    private enum Question: Sendable {
        case mode(RegistryContext)
        case compatibility
        case subjects
        case exporters
    }

    private enum Part: Sendable {
        case mode(RegistryContext, RegistryMode)
        case compatibility(CompatibilityLevel?)
        case subjects([RegistryContext: Set<String>])
        case exporters([ObservedExporter])
    }

    func read() async -> Result<RegistrySnapshot, TransportFailure> {
        let questions: [Question] = [.compatibility, .subjects, .exporters] + contexts.sorted().map(Question.mode)
        var snapshot = RegistrySnapshot()
        do throws(TransportFailure) {
            for part in try await together(questions, { try await part($0) }) {
                switch part {
                case .mode(let context, let mode): snapshot.modes[context] = mode
                case .compatibility(let level): snapshot.compatibility = level
                case .subjects(let subjects):
                    snapshot.subjects = subjects.filter { hasEveryContext || contexts.contains($0.key) }
                case .exporters(let exporters): snapshot.exporters = exporters
                }
            }
            let unasked = Set(snapshot.subjects.keys).subtracting(snapshot.modes.keys).sorted()
            for case .mode(let context, let mode) in try await together(unasked, { try await part(.mode($0)) }) {
                snapshot.modes[context] = mode
            }
            return .success(snapshot)
        } catch {
            return .failure(error)
        }
    }

    private func part(_ question: Question) async throws(TransportFailure) -> Part {
        switch question {
        case .mode(let context): .mode(context, try await api.mode(of: context))
        case .compatibility: .compatibility(try await api.compatibility())
        case .subjects: .subjects(try await api.subjects())
        case .exporters: .exporters(try await exporters())
        }
    }

    /// Exporters in the order of their names; a registry without Schema Linking has none.
    private func exporters() async throws(TransportFailure) -> [ObservedExporter] {
        let api = api
        let names = try await outcome { try await api.exporters() }.unlessMissing() ?? []
        for name in owned.subtracting(names).sorted() {
            guard try await outcome({ try await api.exporter(name) }).unlessMissing() != nil else { continue }
            let what = "its list leaves out exporter \(name), which is there when it is asked for"
            throw api.endpoint.failure(.malformed(what), HTTPCall(.get, "/exporters"))
        }
        var exporters: [ObservedExporter] = []
        for look in 1...Self.looks {
            exporters = try await together(names) { name in
                try await outcome {
                    let status = try await api.exporterStatus(name)
                    return try await api.exporter(name).observed(name: name, status: status)
                }.unlessMissing()
            }.compactMap(\.self)
            guard look < Self.looks, exporters.contains(where: \.isJustStarting) else { break }
            do { try await Task.sleep(for: .milliseconds(500)) } catch { break }
        }
        return exporters
    }

    /// An exporter that is starting says nothing of whether it works: so often is it looked at until it does.
    private static let looks = 6
}

extension ObservedExporter {
    /// Whether it will run or fail within seconds, as after an outage of its registry.
    fileprivate var isJustStarting: Bool { state == .starting && (trace ?? "").isEmpty }
}

extension Recorded {
    /// Names of the exporters that are owned in a registry.
    func exporters(in environment: String, _ id: String?) -> Set<String> {
        let rows = owned.filter { address, row in
            address.kind == .exporter && address.place == environment && row.origin != .creating
                && (row.siteID == nil || id == nil || row.siteID == id)
        }
        return Set(rows.keys.map(\.name))
    }
}
