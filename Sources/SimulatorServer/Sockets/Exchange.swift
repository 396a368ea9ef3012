import SimulatorCore

/// Requests as the models see them, not those of the framework.
typealias Request = SimulatorCore.Request
/// Responses as the models make them, not those of the framework.
typealias Response = SimulatorCore.Response
