import SimulatedConfluent
import SimulatorCore

/// Why a script of faults cannot be followed.
package struct SimulatorScriptError: Error, Equatable {
    /// What is wrong with it, as the end of a sentence.
    package var reason: String
}

extension World {
    /// One entry of `POST /_sim/faults` or of a script.
    enum ScriptedFault {
        case rule(FaultRule)
        case trouble(Trouble)
        case region(String, RegionChange, FaultWindow)
    }

    /// Takes rules over; all of them or, when one cannot be read, none.
    func addFaults(_ body: JSON?) -> Response {
        let rules = body?.array ?? body.map { [$0] } ?? []
        var added: [(fault: ScriptedFault, source: JSON)] = []
        for rule in rules {
            switch Self.reading(rule, id: addedFaults + added.count + 1) {
            case .failure(let problem): return problem.response
            case .success(let fault): added.append((fault, rule))
            }
        }
        let ids = added.indices.map { addedFaults + $0 + 1 }
        for (id, entry) in zip(ids, added) { take(entry.fault, id: id, source: entry.source) }
        addedFaults += added.count
        return .json(["added": .array(ids.map { JSON($0) })], status: 201)
    }

    private static func reading(_ json: JSON, id: Int) -> Result<ScriptedFault, Problem> {
        if let rule = FaultRule(json, id: id) { return .success(.rule(rule)) }
        if let trouble = Trouble(json, id: id) { return .success(.trouble(trouble)) }
        guard json["effect"] == "region", let region = json["region"]?.string, let change = json["set"] else {
            return .failure(
                Problem(
                    """
                    An effect is one of status, html, garbage, truncate, cutChunks, trickle, pad, loseResponse, cut, ignore, \
                    delay, lateEffect, edit, itemErrors, staleReads, stuck, lateACLs, clockSkew, taskError, exporterTrace, \
                    region, with what it needs.
                    """))
        }
        return RegionChange.reading(change).map { .region(region, $0, FaultWindow(json)) }
    }

    private func take(_ fault: ScriptedFault, id: Int, source: JSON) {
        faultSources.append((id, source))
        switch fault {
        case .rule(let rule): faults.append(rule)
        case .trouble(let trouble): stage.troubles.append(trouble)
        case .region(let name, let change, let window):
            agenda.add(.region(name, change, fault: id), at: stage.start + (window.from ?? 0))
            if let until = window.until {
                agenda.add(.region(name, change.reversed, fault: id), at: stage.start + until)
            }
            advance()
        }
    }

    /// Takes over the rules of a script: the body of `POST /_sim/faults` as text.
    func follow(script: String?) throws(SimulatorScriptError) {
        guard let script else { return }
        guard let json = JSON(text: script) else { throw SimulatorScriptError(reason: "it is no JSON") }
        let answer = addFaults(json)
        guard answer.status == 201 else {
            let message = (try? JSON(parsing: answer.body))?["message"]?.string
            throw SimulatorScriptError(reason: message ?? "it holds no faults")
        }
    }

    func listFaults() -> Response {
        .json(
            .array(
                faultSources.map { entry in
                    guard let rule = faults.first(where: { $0.id == entry.id }) else { return entry.source }
                    var source = entry.source
                    source.append("applied", JSON(rule.applied))
                    return source
                }))
    }

    /// Removes all rules and troubles, and region changes that are still to come.
    func removeFaults() -> Response {
        faults = []
        stage.troubles = []
        faultSources = []
        staleReads = StaleReads()
        kafka.refreshLinks(in: &stage)
        return .empty()
    }

    /// A region change that a script planned, unless the script was removed meanwhile.
    func carryOut(_ change: RegionChange, on region: String, fault: Int) {
        guard faultSources.contains(where: { $0.id == fault }) else { return }
        _ = self.change(region: region, change)
    }

    /// The shift of a listener's clocks.
    func skew(at listener: Listener) -> ClockSkew? {
        stage.trouble(["region": listener.region]) { kind in
            if case .clockSkew(let skew) = kind { ClockSkew(skew: skew) } else { nil }
        }
    }
}
