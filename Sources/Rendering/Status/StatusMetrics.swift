import Diagnostics
import Domain
import Planning

/// Readiness as metrics, in the text exposition format of Prometheus (version 0.0.4).
///
/// Metrics that are not known are left out, never 0.
package enum StatusMetrics {
    /// The report as an exposition.
    package static func render(_ report: StatusReport) -> String {
        var metrics = Exposition(common: [("workspace", report.workspace)])
        metrics.add(
            "spillway_observed_timestamp_seconds", "When the live systems were observed.",
            [
                ([], seconds(report.observedAt))
            ])
        metrics.add(
            "spillway_endpoint_up", "Whether an endpoint that was asked answered.",
            report.sites.filter { $0.answer != .notAsked }.map {
                ([("kind", $0.kind.rawValue), ("endpoint", $0.name)], flag($0.answer == .answered))
            })
        add(report.groups, to: &metrics)
        addMembers(report.groups, to: &metrics)
        addMoves(report.groups, to: &metrics)
        addTakeovers(report.groups, to: &metrics)
        metrics.add(
            "spillway_decisions_needed", "Work that somebody has to consent to by a commit.",
            [([], String(report.decisions?.count ?? 0))])
        metrics.add(
            "spillway_binding_current", "Whether a store names the cluster that it should; unseen stores are left out.",
            report.bindings.filter { $0.silence == nil }.map {
                ([("binding", $0.name), ("place", $0.place)], flag($0.pointsAt == $0.shouldPointAt))
            })
        if let run = report.lastRun {
            metrics.add(
                "spillway_last_run_timestamp_seconds", "When the last run started.",
                [([], seconds(run.startedAt))])
            if let code = run.exitCode {
                metrics.add("spillway_last_run_exit_code", "Exit code of the last run.", [([], String(code))])
            }
        }
        return metrics.text
    }

    private typealias Sample = Exposition.Sample

    private static func add(_ groups: [StatusReport.Group], to metrics: inout Exposition) {
        metrics.add(
            "spillway_group_protected", "Whether a standby could take over everything that clients were promised.",
            groups.map { ([("group", $0.name)], flag($0.isProtected)) })
        metrics.add(
            "spillway_group_topics", "Topics of the group.",
            groups.map { ([("group", $0.name)], String($0.topics)) })
        metrics.add(
            "spillway_group_epoch", "Moves of the group so far, by ledger and stores.",
            groups.compactMap { group in
                group.standing.map { ([("group", group.name)], String($0.epoch)) }
            })
        metrics.add(
            "spillway_group_lag_records", "Records behind on the standby; left out while it is not known.",
            groups.compactMap { group in
                group.lag.flatMap { $0.isRemembered ? nil : $0 }.map { ([("group", group.name)], String($0.records)) }
            })
        metrics.add(
            "spillway_group_lag_worst_partition_records", "Records behind on the worst partition.",
            groups.compactMap { group in
                group.lag.flatMap { $0.isRemembered ? nil : $0 }.map {
                    ([("group", group.name)], String(max(0, $0.worst)))
                }
            })
        metrics.add(
            "spillway_group_lag_timestamp_seconds", "When the lag was read.",
            groups.compactMap { group in group.lag.map { ([("group", group.name)], seconds($0.asOf)) } })
    }

    private static func addMembers(_ groups: [StatusReport.Group], to metrics: inout Exposition) {
        func samples(
            _ groups: [StatusReport.Group], _ value: (StatusReport.Group, StatusReport.Member) -> Bool
        ) -> [Sample] {
            groups.flatMap { group in
                group.members.map { ([("group", group.name), ("cluster", $0.cluster)], flag(value(group, $0))) }
            }
        }
        metrics.add(
            "spillway_group_primary", "Whether the member is declared primary.",
            samples(groups) { $0.primary == $1.cluster })
        metrics.add(
            "spillway_group_holder", "Whether clients use the member's copies, by evidence.",
            samples(groups.filter { $0.standing != nil }) { $0.standing?.holder == $1.cluster })
        metrics.add(
            "spillway_group_mirror_topics", "Mirror topics of the group on a standby, by status.",
            groups.flatMap { group in
                group.members.flatMap { member in
                    member.mirrors.sorted { $0.key < $1.key }.map { status, count in
                        (
                            [("group", group.name), ("cluster", member.cluster), ("status", status)],
                            String(count)
                        )
                    }
                }
            })
    }

    private static func addMoves(_ groups: [StatusReport.Group], to metrics: inout Exposition) {
        let standings = groups.compactMap { group in group.standing.map { (group.name, $0) } }
        metrics.add(
            "spillway_group_move_open", "Whether a move of the group has begun and not ended.",
            standings.map { name, standing in ([("group", name)], flag(standing.open != nil)) })
        metrics.add(
            "spillway_group_demoted_members", "Members that served before and hold writable copies still.",
            standings.map { name, standing in ([("group", name)], String(standing.demoted.count)) })
        metrics.add(
            "spillway_group_fence_entries", "Entries of Spillway that keep writers from a member.",
            standings.flatMap { name, standing in
                standing.fences.map { ([("group", name), ("cluster", $0.member)], String($0.entries)) }
            })
    }

    private static func addTakeovers(_ groups: [StatusReport.Group], to metrics: inout Exposition) {
        func samples(_ value: (StatusReport.Takeover) -> String?) -> [Sample] {
            groups.flatMap { group in
                (group.takeovers ?? []).compactMap { takeover in
                    value(takeover).map { ([("group", group.name), ("cluster", takeover.member)], $0) }
                }
            }
        }
        metrics.add(
            "spillway_takeover_possible", "Whether gates and server would let a standby take over now.",
            samples { flag($0.isPossible) })
        metrics.add(
            "spillway_takeover_client_problems", "Applications that could not work on a standby.",
            samples { String($0.clients.count) })
        metrics.add(
            "spillway_takeover_lag_records", "Records that a takeover would lose at least, as the standby knows.",
            samples { $0.lag.map { String($0.records) } })
        metrics.add(
            "spillway_takeover_expected_seconds", "Time until clients would be moved, by the steps.",
            samples { $0.expectedMilliseconds.map { seconds(Timestamp(milliseconds: $0)) } })
        metrics.add(
            "spillway_group_lag_age_bound_seconds", "Age of the oldest record that could be lost, by readings of lag.",
            groups.compactMap { group in
                group.age?.boundMilliseconds.map {
                    ([("group", group.name)], seconds(Timestamp(milliseconds: $0)))
                }
            })
        metrics.add(
            "spillway_group_lag_age_objective_seconds", "Age of records that the group allows to be lost.",
            groups.compactMap { group in
                group.age?.objectiveMilliseconds.map {
                    ([("group", group.name)], seconds(Timestamp(milliseconds: $0)))
                }
            })
    }

    private static func flag(_ value: Bool) -> String { value ? "1" : "0" }

    private static func seconds(_ moment: Timestamp) -> String {
        let (seconds, rest) = moment.milliseconds.quotientAndRemainder(dividingBy: 1000)
        let digits = String(rest.magnitude)
        let sign = seconds == 0 && rest < 0 ? "-" : ""
        return "\(sign)\(seconds).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
    }
}

/// Gauges in the text exposition format.
private struct Exposition {
    typealias Sample = (labels: [(String, String)], value: String)

    let common: [(String, String)]
    private(set) var text = ""

    init(common: [(String, String)]) {
        self.common = common
    }

    /// Adds a gauge with its samples; one without samples is left out.
    mutating func add(_ name: String, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
        for sample in samples {
            let labels = (common + sample.labels).map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
            text += "\(name){\(labels)} \(sample.value)\n"
        }
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            case _ where PlainText.isHarmful(character): result += "\u{FFFD}"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
