import Domain

/// What a move does about schemas: they are on the new side before writers are stopped, compared behind the fence, and
/// the exporters of the side that is left end.
extension Facts {
    func compareSchemas(
        _ draft: MoveDraft, _ verb: String = "compare-schemas", after: [Step.ID], to graph: inout StepGraph
    ) -> [Step.ID] {
        guard movesSchemas(draft), !movesWithoutSchemas(draft),
            let source = environment(of: draft.holder), let destination = environment(of: draft.target)
        else { return [] }
        let comparison = SchemaComparison(
            source: source, destination: destination, subjects: schemaSubjects(of: draft.family))
        return [graph.add(verb, .awaitSchemas(comparison), after: after)]
    }

    /// Before writers are stopped: exporters that somebody paused go on, and the new side has what is there now.
    func bringSchemas(_ draft: MoveDraft, after: [Step.ID], to graph: inout StepGraph) -> [Step.ID] {
        guard !movesWithoutSchemas(draft), let environment = environment(of: draft.holder) else { return after }
        let resumed = pausedCarriers(draft).map { name in
            graph.add(
                "resume-exporter-\(name)", .resumeExporter(environment: environment, exporter: name), after: after)
        }
        guard resumed.isEmpty else { return resumed }
        let isBehind = missingSchemas(draft).map { !$0.isEmpty } ?? false
        return isBehind ? compareSchemas(draft, "await-schemas", after: after, to: &graph) : after
    }

    func pauseExporter(_ draft: MoveDraft, after: [Step.ID], to graph: inout StepGraph) -> [Step.ID] {
        guard movesSchemas(draft),
            let environment = environment(of: draft.holder)
        else { return [] }
        let resumed = draft.kind == .switchover ? Set(pausedCarriers(draft)) : []
        return exporters(of: draft.family, on: environment).filter { $0.state != .paused || resumed.contains($0.name) }
            .map { exporter in
                graph.add(
                    "pause-exporter-\(exporter.name)",
                    .pauseExporter(environment: environment, exporter: exporter.name), after: after)
            }
    }
}
