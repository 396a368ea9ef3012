import Domain
import FoundationEssentials

extension Timestamp {
    /// The machine's time of day.
    static var now: Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    /// `2026-11-30T03:31:20Z`.
    var inUTC: String {
        Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
    }

    /// A moment as HTTP writes it (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`; `nil` when it is something else.
    init?(internetDate text: String) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == ":" }).map(String.init)
        guard parts.count == 8, parts[7] == "GMT", let day = Int(parts[1]), let month = months.firstIndex(of: parts[2]),
            let year = Int(parts[3]), (1970...9999).contains(year), let hour = Int(parts[4]),
            let minute = Int(parts[5]),
            let second = Int(parts[6]), (1...31).contains(day), (0...23).contains(hour), (0...59).contains(minute),
            (0...60).contains(second)
        else { return nil }
        let days = Self.days(from: year, month + 1, day)
        self.init(milliseconds: Int64(((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar.
    private static func days(from year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        let ofYear = (153 * shifted.1 + 2) / 5 + day - 1
        return shifted.0 * 365 + shifted.0 / 4 - shifted.0 / 100 + shifted.0 / 400 + ofYear - 719_468
    }
}
