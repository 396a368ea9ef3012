import SimulatedConfluent
import SimulatorCore

/// Which numbers the admin API takes, by the names of their members. What is beyond could not be carried out, or would
/// end the process: times are added to each other, lengths are counted, ports are opened.
enum AdminNumbers {
    /// Longest time, in milliseconds: about 30 years.
    private static let longest: Int64 = 1_000_000_000_000
    private static let times = 0...longest
    private static let bounds: [String: ClosedRange<Int64>] = [
        "advanceMs": times, "delayMs": times, "lagMs": times, "latencyMs": times, "fromMs": times, "untilMs": times,
        "forMs": times, "everyMs": 1...longest, "tickMs": 1...longest, "pollMs": 1...longest, "commitMs": 1...longest,
        "sessionTimeoutMs": times, "skewMs": -longest...longest,
        "bytes": 0...1_000_000_000, "status": 200...599, "count": 0...1_000_000_000_000_000, "keep": 0...longest,
        "partition": 0...100_000, "partitions": 1...100_000, "replication_factor": 1...32_767, "cku": 1...1_000,
        "records": 0...1_000_000_000_000_000, "offset": 0...Int64.max, "batch": 1...longest,
        "perSecond": 0...1_000_000, "probability": 0...1,
    ]
    /// What an answer is made of holds any number: it is not taken for one here.
    private static let contents: Set<String> = ["body", "value", "configs", "headers"]
    /// Members that are words in some bodies and numbers in others.
    private static let words: Set<String> = ["status"]

    /// What is wrong with a body; `nil` when every number can be carried out.
    static func problem(in body: JSON) -> Problem? {
        switch body {
        case .array(let items): return items.lazy.compactMap { problem(in: $0) }.first
        case .object(let members): return members.lazy.compactMap { problem(in: $0) }.first
        default: return nil
        }
    }

    private static func problem(in member: JSON.Member) -> Problem? {
        guard !contents.contains(member.name) else { return nil }
        guard let bound = bounds[member.name], member.value != .null else { return problem(in: member.value) }
        if words.contains(member.name), member.value.string != nil { return nil }
        let isInside = member.value.number.map { Double(bound.lowerBound) <= $0 && $0 <= Double(bound.upperBound) }
        guard isInside ?? false else {
            return Problem("\(member.name) is a number from \(bound.lowerBound) to \(bound.upperBound).")
        }
        return nil
    }
}
