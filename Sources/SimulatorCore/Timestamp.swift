/// A time as RFC 3339 has it, in UTC.
package enum Timestamp {
    package static func text(_ time: Milliseconds) -> String {
        let (days, rest) = time.quotientAndRemainder(dividingBy: 86_400_000)
        let (year, month, day) = civil(days)
        let seconds = rest / 1_000
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(clock).\(padded(rest % 1_000, 3))Z"
    }

    /// The time a text of this form stands for; `nil` for any other text.
    package static func reading(_ text: String) -> Milliseconds? {
        let fields = text.split { !$0.isNumber }.compactMap { Int64($0) }
        guard text.hasSuffix("Z"), (6...7).contains(fields.count) else { return nil }
        let isLateInYear = fields[1] > 2
        let year = isLateInYear ? fields[0] : fields[0] - 1
        let monthFromMarch = isLateInYear ? fields[1] - 3 : fields[1] + 9
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + fields[2] - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        let seconds = days * 86_400 + fields[3] * 3_600 + fields[4] * 60 + fields[5]
        return seconds * 1_000 + (fields.count == 7 ? fields[6] : 0)
    }

    /// Year, month and day of a number of days since 1970, by counting in 400-year eras that start in March.
    package static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    package static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
