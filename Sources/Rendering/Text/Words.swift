import Domain
import TextForms

/// Numbers, spans of time and plurals as people read them.
enum Words {
    /// `1204` → `1,204`.
    static func number(_ value: some BinaryInteger) -> String {
        let digits = String(value.magnitude)
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { grouped += "," }
            grouped.append(digit)
        }
        return value < 0 ? "-\(grouped)" : grouped
    }

    /// `1 topic`, `12 topics`; irregular plurals are given.
    static func count(_ value: some BinaryInteger, _ noun: String, plural: String? = nil) -> String {
        "\(number(value)) \(value == 1 ? noun : plural ?? "\(noun)s")"
    }

    /// `a`, `a and b`, `a, b and c`.
    static func list(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return "\(words.dropLast().joined(separator: ", ")) and \(last)"
    }

    /// The first few of many: `a, b, c and 9,997 more`.
    static func few(_ words: [String], limit: Int = 3) -> String {
        guard words.count > limit + 1 else { return list(words) }
        return "\(words.prefix(limit).joined(separator: ", ")) and \(number(words.count - limit)) more"
    }

    /// A measured span: `0.9 s`, `42 s`, `3 min 5 s`, `2 h 10 min`; the largest number is Kafka's *never*.
    static func span(milliseconds: Int64) -> String {
        guard milliseconds < Int64.max else { return "no limit" }
        let milliseconds = min(max(0, milliseconds), Int64.max - 500)
        let tenths = (milliseconds + 50) / 100
        if tenths < 100 { return tenths.isMultiple(of: 10) ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s" }
        let seconds = (milliseconds + 500) / 1000
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return pair(seconds / 60, "min", seconds % 60, "s") }
        if seconds < 86_400 { return pair(seconds / 3600, "h", seconds % 3600 / 60, "min") }
        return pair(seconds / 86_400, seconds < 172_800 ? "day" : "days", seconds % 86_400 / 3600, "h")
    }

    private static func pair(_ major: Int64, _ majorUnit: String, _ minor: Int64, _ minorUnit: String) -> String {
        minor == 0 ? "\(major) \(majorUnit)" : "\(major) \(majorUnit) \(minor) \(minorUnit)"
    }
}

extension Timestamp {
    /// The moment for people: `2026-11-23 12:03:07 UTC`.
    var words: String { "\(UTCMoment(milliseconds: milliseconds).date) \(timeOfDay) UTC" }

    /// The time of day for the beginning of a log line: `12:03:07`.
    var timeOfDay: String { UTCMoment(milliseconds: milliseconds).time }
}
