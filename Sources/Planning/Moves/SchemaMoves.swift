import Domain

/// What a move does about schemas: they are on the new side before writers are stopped, compared behind the fence, and
/// the exporters of the side that is left end.
extension MoveOrder {
    mutating func compareSchemas(
        _ verb: String = "compare-schemas", after: [Step.ID]
    ) -> [Step.ID] {
        guard facts.movesSchemas(draft), !facts.movesWithoutSchemas(draft),
            let source = facts.environment(of: draft.holder), let destination = facts.environment(of: draft.target)
        else { return [] }
        let comparison = SchemaComparison(
            source: source, destination: destination, subjects: facts.schemaSubjects(of: draft.family))
        return [graph.add(verb, .registry(.awaitSchemas(comparison)), after: after)]
    }

    /// Before writers are stopped: exporters that somebody paused go on, and the new side has what is there now.
    mutating func bringSchemas(after: [Step.ID]) -> [Step.ID] {
        guard !facts.movesWithoutSchemas(draft), let environment = facts.environment(of: draft.holder) else {
            return after
        }
        let resumed = facts.pausedCarriers(draft).map { name in
            graph.add(
                "resume-exporter-\(name)",
                .registry(.resumeExporter(ExporterReference(environment: environment, exporter: name))),
                after: after)
        }
        guard resumed.isEmpty else { return resumed }
        let isBehind = facts.missingSchemas(draft).map { !$0.isEmpty } ?? false
        return isBehind ? compareSchemas("await-schemas", after: after) : after
    }

    mutating func pauseExporter(after: [Step.ID]) -> [Step.ID] {
        guard facts.movesSchemas(draft),
            let environment = facts.environment(of: draft.holder)
        else { return [] }
        let resumed = draft.kind == .switchover ? Set(facts.pausedCarriers(draft)) : []
        return facts.exporters(of: draft.family, on: environment).filter {
            $0.state != .paused || resumed.contains($0.name)
        }
        .map { exporter in
            graph.add(
                "pause-exporter-\(exporter.name)",
                .registry(.pauseExporter(ExporterReference(environment: environment, exporter: exporter.name))),
                after: after)
        }
    }
}
