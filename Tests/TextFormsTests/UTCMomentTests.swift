import TestSupport
import Testing
import TextForms

@Suite struct UTCMomentTests {
    @Test("every millisecond of some seconds is written as it is, and read back")
    func milliseconds() {
        for second: Int64 in [0, -1, 951_782_399, 1_790_251_387, 253_402_300_799, -62_135_596_800] {
            for millisecond: Int64 in 0..<1000 {
                let moment = UTCMoment(milliseconds: second * 1000 + millisecond)
                #expect(moment.text.hasSuffix(".\(String(1000 + millisecond).dropFirst())Z"))
                #expect(UTCMoment(moment.text) == moment)
            }
        }
    }

    @Test("every day of eight centuries is the day behind the one before it")
    func days() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var (year, month, day) = (1500, 1, 1)
        var milliseconds = UTCMoment("1500-01-01T00:00:00Z")?.milliseconds ?? 0
        while year < 2300 {
            let moment = UTCMoment(milliseconds: milliseconds)
            #expect(moment == UTCMoment(year: year, month: month, day: day, hour: 0, minute: 0, second: 0))
            #expect(UTCMoment("\(moment.date)T00:00:00Z") == moment)
            let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
            day += 1
            if day > lengths[month - 1] + (isLeap && month == 2 ? 1 : 0) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
            milliseconds += 86_400_000
        }
        #expect(UTCMoment(milliseconds: milliseconds).text == "2300-01-01T00:00:00.000Z")
    }

    @Test(
        "forms of RFC 3339",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("2026-09-24T11:23:07.25Z", 1_790_248_987_250), ("2026-09-24t11:23:07.250999z", 1_790_248_987_250),
            ("2026-09-24T13:53:07.25+02:30", 1_790_248_987_250), ("2026-09-24T06:23:07.25-05:00", 1_790_248_987_250),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("0000-01-01T00:00:00Z", -62_167_219_200_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999), ("1970-01-01T00:00:00.0009Z", 0),
        ])
    func forms(text: String, milliseconds: Int64) {
        #expect(UTCMoment(text)?.milliseconds == milliseconds)
    }

    @Test(
        "what is no moment",
        arguments: [
            "", "Z", "2026-09-24", "2026-09-24T11:23Z", "2026-09-24T11:23:07", "2026-09-24 11:23:07Z",
            "2026-9-24T11:23:07Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
            "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
            "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Z ", "2026-01-01T00:00:00Zjunk", "2026-01-01T00:00:00+0200",
            "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60", "+026-01-01T00:00:00Z", "12026-01-01T00:00:00Z",
            "2026-01-01T00:00:0٣Z",
        ])
    func none(text: String) {
        #expect(UTCMoment(text) == nil)
    }

    @Test(
        "no number ends the program",
        arguments: [Int64.min, .min + 1, -1, 0, 1, .max / 2, .max - 1, .max])
    func extremes(milliseconds: Int64) {
        let moment = UTCMoment(milliseconds: milliseconds)
        #expect(moment.text.hasSuffix("Z") && moment.textInSeconds.hasSuffix("Z"))
    }

    @Test("parts that are too large are no moment", arguments: [Int.min, -1, 10_000, .max])
    func parts(value: Int) {
        #expect(UTCMoment(year: value, month: 1, day: 1, hour: 0, minute: 0, second: 0) == nil)
        #expect(UTCMoment(year: 2026, month: value, day: 1, hour: 0, minute: 0, second: 0) == nil)
        #expect(UTCMoment(year: 2026, month: 1, day: value, hour: 0, minute: 0, second: 0) == nil)
        #expect(UTCMoment(year: 2026, month: 1, day: 1, hour: value, minute: 0, second: 0) == nil)
        #expect(UTCMoment(year: 2026, month: 1, day: 1, hour: 0, minute: value, second: 0) == nil)
        #expect(UTCMoment(year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: value) == nil)
    }
}
