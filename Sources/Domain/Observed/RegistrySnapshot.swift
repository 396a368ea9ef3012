/// What a Schema Registry tells.
package struct RegistrySnapshot: Sendable, Hashable {
    /// Effective mode by context, for the contexts that were asked.
    package var modes: [RegistryContext: RegistryMode]
    /// Global compatibility level; `nil` when it was not asked or the word is unknown.
    package var compatibility: CompatibilityLevel?
    /// Subjects by context (qualified names stripped), for the contexts that were asked.
    package var subjects: [RegistryContext: Set<String>]
    /// Exporters this registry holds.
    package var exporters: [ObservedExporter]

    /// A snapshot; the default is a fresh registry.
    package init(
        modes: [RegistryContext: RegistryMode] = [:], compatibility: CompatibilityLevel? = nil,
        subjects: [RegistryContext: Set<String>] = [:], exporters: [ObservedExporter] = []
    ) {
        self.modes = modes
        self.compatibility = compatibility
        self.subjects = subjects
        self.exporters = exporters
    }
}

/// A schema exporter as its source registry tells.
package struct ObservedExporter: Sendable, Hashable {
    /// Name, unique per registry.
    package var name: String
    /// Where schemas land; `nil` for a word this version does not know.
    package var contextType: ExporterContextType?
    /// Context at the destination, as given.
    package var context: String?
    /// Subjects it copies.
    package var subjects: [String]
    /// Wire field of this name.
    package var subjectRenameFormat: String?
    /// `schema.registry.url` of its config.
    package var destinationURL: String?
    /// What it is doing.
    package var state: ExporterState
    /// Failure text; the state may still say RUNNING.
    package var trace: String?

    package init(
        name: String, contextType: ExporterContextType?, context: String? = nil, subjects: [String],
        subjectRenameFormat: String? = nil, destinationURL: String? = nil, state: ExporterState, trace: String? = nil
    ) {
        self.name = name
        self.contextType = contextType
        self.context = context
        self.subjects = subjects
        self.subjectRenameFormat = subjectRenameFormat
        self.destinationURL = destinationURL
        self.state = state
        self.trace = trace
    }

    /// Why it does not copy although it should: what it reports, or a state that is neither running nor on its way
    /// there; `nil` while it is fine, or paused.
    package var trouble: String? {
        if let trace { return trace }
        switch state {
        case .starting, .running, .paused: return nil
        case .other(let word): return "it is \(word)"
        }
    }
}
