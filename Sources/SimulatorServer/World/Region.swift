import SimulatedConfluent
import SimulatorCore

/// A place whose services fail together or one by one, seen from three vantage points.
struct Region: Sendable {
    enum State: String, Sendable {
        case up
        /// Connections are refused.
        case down
        /// Connections are accepted and never answered.
        case blackhole
    }

    /// Who looks at a region.
    enum Vantage: String, Sendable, CaseIterable {
        /// Operators' calls, Spillway's among them.
        case runner
        /// Servers of other regions: links and exporters.
        case sites
        /// Applications' producers and consumers.
        case clients
    }

    private struct View: Hashable {
        var vantage: Vantage
        var service: Service
    }

    /// Only what is not up.
    private var troubles: [View: State] = [:]
    /// Added to every answer.
    var latency: Milliseconds = 0

    subscript(vantage: Vantage, service: Service) -> State {
        get { troubles[View(vantage: vantage, service: service)] ?? .up }
        set { troubles[View(vantage: vantage, service: service)] = newValue == .up ? nil : newValue }
    }

    /// Whether nobody reaches a service: it is not the network that fails.
    func isDead(_ service: Service) -> Bool {
        Vantage.allCases.allSatisfy { self[$0, service] != .up }
    }

    /// The state all services share from a vantage point; `nil` when they differ.
    func state(from vantage: Vantage) -> State? {
        let states = Set(Service.allCases.map { self[vantage, $0] })
        return states.count == 1 ? states.first : nil
    }

    var json: JSON {
        var value: JSON = ["state": text(.runner)]
        for vantage in Vantage.allCases { value.append(vantage.rawValue, text(vantage)) }
        let services = Service.allCases.map { service in
            JSON.Member(
                name: service.rawValue,
                value: .object(
                    Vantage.allCases.map {
                        JSON.Member(name: $0.rawValue, value: .string(self[$0, service].rawValue))
                    }))
        }
        value.append("services", .object(services))
        value.append("latencyMs", JSON(latency))
        return value
    }

    private func text(_ vantage: Vantage) -> JSON {
        .string(state(from: vantage)?.rawValue ?? "mixed")
    }
}
