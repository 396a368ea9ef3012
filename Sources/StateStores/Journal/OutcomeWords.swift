import Execution

/// How a step's result is written down.
struct OutcomeWords: Codable, Hashable, Sendable {
    let result: String
    var failure: String?
    var message: String?
    var endpoint: String?

    init(result: String, failure: String?, message: String?, endpoint: String?) {
        self.result = result
        self.failure = failure
        self.message = message
        self.endpoint = endpoint
    }

    init(_ outcome: StepOutcome.Result) {
        switch outcome {
        case .succeeded:
            result = "succeeded"
        case .failed(let failure):
            result = "failed"
            self.failure = failure.kind.rawValue
            message = failure.message
            endpoint = failure.endpoint
        case .skipped(let root):
            result = "skipped"
            message = "because of \(root)"
        case .interrupted:
            result = "interrupted"
        case .open(let failure):
            result = "open"
            message = "outcome open: \(failure.message)"
            endpoint = failure.endpoint
        }
    }
}
