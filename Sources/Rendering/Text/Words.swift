import Domain

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
    /// The moment in RFC 3339 with milliseconds, UTC: `2026-11-23T12:03:07.250Z`.
    var rfc3339: String {
        let (date, time) = civil
        return "\(date)T\(time).\(padded(Int((milliseconds % 1000 + 1000) % 1000), 3))Z"
    }

    /// The moment for people: `2026-11-23 12:03:07 UTC`.
    var words: String {
        let (date, time) = civil
        return "\(date) \(time) UTC"
    }

    /// The time of day for the beginning of a log line: `12:03:07`.
    var timeOfDay: String { civil.time }

    private var civil: (date: String, time: String) {
        let seconds = Self.floor(milliseconds, 1000)
        let days = Self.floor(seconds, 86_400)
        let second = Int(seconds - days * 86_400)
        let (year, month, day) = Self.date(ofDay: days)
        return (
            "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))",
            "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        )
    }

    private func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func floor(_ value: Int64, _ unit: Int64) -> Int64 {
        value >= 0 || value % unit == 0 ? value / unit : value / unit - 1
    }

    /// Year, month and day of a day count since 1970 in the Gregorian calendar (Hinnant, *chrono-compatible low-level
    /// date algorithms*).
    private static func date(ofDay day: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = floor(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (Int(year), Int(month), Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1))
    }

    /// Reads what ``rfc3339`` writes, and any other UTC moment of RFC 3339; `nil` for everything else.
    init?(rfc3339 text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "T"), maxSplits: 1)
        guard parts.count == 2, parts[1].last == UInt8(ascii: "Z") else { return nil }
        let date = Self.numbers(parts[0], separator: "-", widths: [4, 2, 2])
        let clock = parts[1].dropLast().split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let date, let first = clock.first,
            let time = Self.numbers(first, separator: ":", widths: [2, 2, 2]),
            let fraction = clock.count == 1 ? 0 : Self.milliseconds(ofFraction: clock[1]),
            (1...12).contains(date[1]), (1...31).contains(date[2]), time[0] < 24, time[1] < 60, time[2] < 60
        else { return nil }
        let seconds = Self.day(ofYear: date[0], month: date[1], day: date[2]) * 86_400
        self.init(milliseconds: (seconds + time[0] * 3600 + time[1] * 60 + time[2]) * 1000 + fraction)
    }

    private static func numbers(
        _ text: Substring.UTF8View, separator: Unicode.Scalar, widths: [Int]
    ) -> [Int64]? {
        let parts = text.split(separator: UInt8(ascii: separator), omittingEmptySubsequences: false)
        guard parts.map(\.count) == widths else { return nil }
        let numbers = parts.compactMap(digits)
        return numbers.count == widths.count ? numbers : nil
    }

    private static func milliseconds(ofFraction text: Substring.UTF8View) -> Int64? {
        guard !text.isEmpty, digits(text.prefix(18)) != nil else { return nil }
        let three = Array(text.prefix(3)) + Array(repeating: UInt8(ascii: "0"), count: max(0, 3 - text.count))
        return digits(three)
    }

    private static func digits(_ text: some Collection<UInt8>) -> Int64? {
        guard text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    private static func day(ofYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floor(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
