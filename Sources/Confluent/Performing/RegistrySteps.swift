import Domain
import Execution
import Transport

/// Steps on modes and compatibility.
struct RegistrySteps: Sendable {
    let context: StepContext

    func setMode(
        _ mode: RegistryMode, of scope: RegistryContext, in environment: String, force: Bool
    ) async throws(StepFailure) {
        let api = try await context.registry(environment)
        try await context.call { try await api.setMode(mode, of: scope, force: force) }
        let poller = context.pollers.alone { try await api.mode(of: scope) }
        try await context.wait(
            for: "mode \(mode) of context \(scope)", in: poller, at: api.endpoint, atMost: context.transitionLimit
        ) { $0 == mode ? .reached(()) : .waiting("\($0)") }
    }

    func setCompatibility(_ level: CompatibilityLevel, in environment: String) async throws(StepFailure) {
        let api = try await context.registry(environment)
        try await context.call { try await api.setCompatibility(level) }
        let poller = context.pollers.alone { try await api.compatibility() }
        try await context.wait(
            for: "compatibility \(level.rawValue)", in: poller, at: api.endpoint, atMost: context.transitionLimit
        ) { $0 == level ? .reached(()) : .waiting($0?.rawValue ?? "another level") }
    }
}
