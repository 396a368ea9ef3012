import Domain
import Execution
import Planning

/// Steps of a run, as the segments that it wrote tell them.
struct JournaledSteps {
    /// In the order of their intents; a step that was intended again has a new intent and no outcome.
    private(set) var records: [RunRecord.StepRecord] = []

    init(of run: String, in segments: [LedgerSegment]) {
        var places: [String: Int] = [:]
        var found: [RunRecord.StepRecord?] = []
        func note(_ step: String, _ record: RunRecord.StepRecord) {
            places[step] = found.count
            found.append(record)
        }
        for segment in segments where segment.run == run {
            for record in segment.records {
                switch record {
                case .intended(let steps, let moment):
                    for step in steps {
                        if let place = places[step] { found[place] = nil }
                        note(
                            step,
                            .init(id: .init(text: step), intendedAt: moment, endedAt: nil, result: nil, message: nil))
                    }
                case .concluded(let end):
                    let intended = places[end.step].flatMap { found[$0]?.intendedAt }
                    let concluded = RunRecord.StepRecord(
                        id: .init(text: end.step), intendedAt: intended ?? segment.at, endedAt: end.endedAt,
                        result: end.words.result, message: end.words.message, startedAt: end.startedAt,
                        failure: end.words.failure, endpoint: end.words.endpoint)
                    if let place = places[end.step] { found[place] = concluded } else { note(end.step, concluded) }
                case .cleared, .owned, .released, .moves, .hook, .run: break
                }
            }
        }
        records = found.compactMap(\.self)
    }
}
