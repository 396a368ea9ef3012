/// The time as HTTP's `Date` header has it, kept for as long as the second lasts.
package struct DateHeader: Sendable {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private var second: Int64?
    private var text = ""

    package init() {}

    /// The header's value at a time: `Sun, 06 Nov 1994 08:49:37 GMT`.
    package mutating func value(at time: Milliseconds) -> String {
        let current = time / 1_000
        if second != current {
            second = current
            text = Self.text(second: current)
        }
        return text
    }

    private static func text(second: Int64) -> String {
        let (days, rest) = second.quotientAndRemainder(dividingBy: 86_400)
        let (year, month, day) = Timestamp.civil(days)
        let clock = [rest / 3_600, rest / 60 % 60, rest % 60].map { Timestamp.padded($0, 2) }.joined(separator: ":")
        let date = "\(Timestamp.padded(day, 2)) \(months[Int(month) - 1]) \(Timestamp.padded(year, 4))"
        return "\(weekdays[Int(days % 7)]), \(date) \(clock) GMT"
    }
}
