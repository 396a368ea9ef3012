import Diagnostics
import Domain

/// A rehearsal as JUnit XML, which build servers show as tests: a case for each part and for each objective.
package enum DrillJUnit {
    /// The report as XML.
    package static func render(_ report: DrillReport) -> String {
        let cases = report.phases.flatMap { phase in [phaseCase(phase)] + phase.checks.map { check($0, in: phase) } }
        let failed = report.failure.map {
            [Case(name: "carried through", milliseconds: 0, outcome: .failure($0))]
        }
        let all = cases + (failed ?? [])
        let failures = all.filter { if case .failure = $0.outcome { true } else { false } }.count
        let skipped = all.filter { if case .skipped = $0.outcome { true } else { false } }.count
        let suite = "spillway drill \(report.group)"
        var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#]
        lines.append(
            "<testsuite name=\"\(escaped(suite))\" tests=\"\(all.count)\" failures=\"\(failures)\" errors=\"0\" "
                + "skipped=\"\(skipped)\" time=\"\(seconds(report.milliseconds))\" "
                + "timestamp=\"\(report.startedAt.rfc3339)\">")
        for one in all { lines.append(line(one, of: report)) }
        lines.append("</testsuite>")
        return lines.joined(separator: "\n")
    }

    private struct Case {
        enum Outcome {
            case passed
            case failure(String)
            case skipped(String)
        }

        let name: String
        let milliseconds: Int64
        let outcome: Outcome
    }

    private static func phaseCase(_ phase: DrillReport.Phase) -> Case {
        Case(
            name: phase.title, milliseconds: phase.milliseconds,
            outcome: phase.skipped.map { .skipped($0) } ?? .passed)
    }

    private static func check(_ check: DrillReport.Check, in phase: DrillReport.Phase) -> Case {
        Case(
            name: "\(phase.kind.title): objective \(check.objective.rawValue)", milliseconds: 0,
            outcome: check.isMet ? .passed : .failure("\(check.measuredInWords), objective \(check.limitInWords)"))
    }

    private static func line(_ one: Case, of report: DrillReport) -> String {
        let head =
            "  <testcase classname=\"spillway.drill.\(escaped(report.group))\" name=\"\(escaped(one.name))\" "
            + "time=\"\(seconds(one.milliseconds))\""
        switch one.outcome {
        case .passed: return "\(head)/>"
        case .failure(let message): return "\(head)><failure message=\"\(escaped(message))\"/></testcase>"
        case .skipped(let message): return "\(head)><skipped message=\"\(escaped(message))\"/></testcase>"
        }
    }

    private static func seconds(_ milliseconds: Int64) -> String {
        let rest = String(max(0, milliseconds) % 1000)
        return "\(max(0, milliseconds) / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }

    /// Text as an attribute's value; what XML 1.0 cannot hold is left out.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            case "\t": result += "&#9;"
            case _ where character.value == 0xFFFE || character.value == 0xFFFF: continue
            case _ where PlainText.isHarmful(character): result += "\u{FFFD}"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
