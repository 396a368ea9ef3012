/// What a drill rehearses.
package enum DrillScenario: String, CaseIterable, Sendable {
    /// The primary is lost, the standby takes over, the old one returns, everything moves back.
    case failover
    /// A planned move there and back.
    case switchover
    /// Both, the planned one first.
    case all
}
