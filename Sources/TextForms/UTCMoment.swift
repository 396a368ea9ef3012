/// A moment as RFC 3339 writes it: UTC, the Gregorian calendar also for days before it was introduced.
///
/// All of it is arithmetic of whole numbers. Foundation formats a floating-point number of seconds, which comes out a
/// millisecond early for about half of all moments, has the Julian calendar before 1582, and reads `2026-02-31`.
package struct UTCMoment: Hashable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    /// A moment; every number has a text, though years of more than four digits are not RFC 3339.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// A moment of the years 0 to 9999; `nil` when there is no such day or time. A leap second is the second behind it.
    package init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let number = Self.number(ofDay: Int64(day), month: Int64(month), year: Int64(year))
        guard Self.date(ofDay: number).day == day else { return nil }
        milliseconds = (number * 86_400 + Int64((hour * 60 + minute) * 60 + second)) * 1000
    }

    /// Reads any moment of RFC 3339; what is finer than a millisecond is cut.
    package init?(_ text: String) {
        var reader = MomentReader(rest: Array(text.utf8)[...])
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("Tt"), let hour = reader.number(2), reader.take(":"),
            let minute = reader.number(2), reader.take(":"), let second = reader.number(2),
            let fraction = reader.fraction(), let offset = reader.offset(), reader.rest.isEmpty,
            let local = Self(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        milliseconds = local.milliseconds + Int64(fraction - offset * 1000)
    }

    /// `2026-11-23T12:03:07.250Z`.
    package var text: String {
        "\(date)T\(time).\(Self.padded(Self.divided(milliseconds, by: 1000).rest, 3))Z"
    }

    /// `2026-11-23T12:03:07Z`.
    package var textInSeconds: String { "\(date)T\(time)Z" }

    /// `2026-11-23`.
    package var date: String {
        let (year, month, day) = Self.date(ofDay: Self.divided(milliseconds, by: 86_400_000).quotient)
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    /// `12:03:07`.
    package var time: String {
        let second = Self.divided(milliseconds, by: 86_400_000).rest / 1000
        return [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }.joined(separator: ":")
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value.magnitude)
        return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// The quotient towards the past, so that what is left is never negative.
    private static func divided(_ value: Int64, by unit: Int64) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: unit)
        return rest < 0 ? (quotient - 1, rest + unit) : (quotient, rest)
    }

    // MARK: The calendar (Hinnant, *chrono-compatible low-level date algorithms*: years begin in March)

    private static let daysOfEra: Int64 = 146_097
    /// Days from the first of March of year 0 to 1970.
    private static let epoch: Int64 = 719_468

    private static func date(ofDay number: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = divided(number + epoch, by: daysOfEra)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func number(ofDay day: Int64, month: Int64, year: Int64) -> Int64 {
        let (era, yearOfEra) = divided(month <= 2 ? year - 1 : year, by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * daysOfEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - epoch
    }
}

/// Reads the parts of a moment, one behind the other.
private struct MomentReader {
    var rest: ArraySlice<UInt8>

    /// A number of exactly so many digits.
    mutating func number(_ count: Int) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(Self.isDigit) else { return nil }
        rest = rest.dropFirst(count)
        return Self.value(digits)
    }

    /// Whether one of some characters comes next; it is left behind.
    mutating func take(_ characters: String) -> Bool {
        guard let next = rest.first, characters.utf8.contains(next) else { return false }
        rest.removeFirst()
        return true
    }

    /// Milliseconds of a fraction, if there is one.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        let digits = rest.prefix(while: Self.isDigit)
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        return Self.value(digits.prefix(3) + Array(repeating: UInt8(ascii: "0"), count: max(0, 3 - digits.count)))
    }

    /// Seconds that the clock of the text is ahead of UTC.
    mutating func offset() -> Int? {
        if take("Zz") { return 0 }
        let isBehind = rest.first == UInt8(ascii: "-")
        guard take("+-"), let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else {
            return nil
        }
        return (hours * 60 + minutes) * (isBehind ? -60 : 60)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func value(_ digits: some Sequence<UInt8>) -> Int {
        digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
