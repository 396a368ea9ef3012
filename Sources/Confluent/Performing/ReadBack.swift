import Domain
import Execution
import Synchronization
import Transport

/// Waits until configs, and other named values, read back as they were written. A value that goes on reading back as
/// another one is a failure that names both: the service took the call, and did something else.
struct ReadBack: Sendable {
    let context: StepContext
    /// What the values belong to: `topic orders`.
    let subject: String
    /// What was written, by name; `nil` = reset.
    let wanted: [String: String?]

    /// How long a reading may stay the same without being what was written.
    static let patience: Duration = .seconds(5)

    init(context: StepContext, subject: String, wanted: [String: String?]) {
        self.context = context
        self.subject = subject
        self.wanted = wanted
    }

    func wait(
        at endpoint: HTTPEndpoint, read: @escaping @Sendable () async throws -> [String: String]
    ) async throws(StepFailure) {
        guard !wanted.isEmpty else { return }
        let pacing = context.pacing
        let poller = context.pollers.alone { (configs: try await read(), at: pacing.elapsed()) }
        let stillness = Stillness()
        do throws(StepFailure) {
            try await wait(in: poller, at: endpoint, stillness)
        } catch {
            guard error.kind == .rejected else { throw error }
            throw StepFailure(.broken, error.message, endpoint: error.endpoint, effect: error.effect)
        }
    }

    private func wait(
        in poller: ListPoller<(configs: [String: String], at: Duration)>, at endpoint: HTTPEndpoint,
        _ stillness: Stillness
    ) async throws(StepFailure) {
        try await context.wait(
            for: "\(subject) to be as written", in: poller, at: endpoint, atMost: context.transitionLimit
        ) { (seen: (configs: [String: String], at: Duration)) -> PollVerdict<Void> in
            let open = differences(in: seen.configs)
            guard !open.isEmpty else { return .reached(()) }
            let words = open.joined(separator: ", ")
            return stillness.duration(of: words, at: seen.at) < Self.patience
                ? .waiting(words) : .failed("\(subject): \(words)")
        }
    }

    /// `retention.ms was written as 1 and reads back as 2`, by name.
    func differences(in configs: [String: String]) -> [String] {
        wanted.sorted { $0.key < $1.key }.compactMap { name, value in
            let live = configs[name]
            if value == nil, TopicConfigs.isSetByService(name) { return nil }
            guard !ConfigValue.isEqual(value, live, of: name) else { return nil }
            let written = value.map { "was written as \(Self.shown($0))" } ?? "was reset"
            return "\(name) \(written) and reads back as \(live.map(Self.shown) ?? "unset")"
        }
    }

    private static func shown(_ value: String) -> String {
        value.isEmpty ? "\"\"" : value.count > 120 ? "\(value.prefix(120))…" : value
    }
}

/// How long the same was seen without a break.
private final class Stillness: Sendable {
    private let last = Mutex<(seen: String, since: Duration)?>(nil)

    func duration(of seen: String, at now: Duration) -> Duration {
        last.withLock { last in
            if let known = last, known.seen == seen { return now - known.since }
            last = (seen, now)
            return .zero
        }
    }
}
