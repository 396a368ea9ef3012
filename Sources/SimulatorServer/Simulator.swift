import Logging
import SimulatedConfluent
import SimulatedStores
import SimulatorCore

/// A simulator of Confluent Cloud and Confluent Platform on loopback ports.
package struct Simulator: Sendable {
    private let configuration: SimulatorConfiguration

    /// Prepares a simulator; nothing listens before ``run(onReady:)``.
    package init(configuration: SimulatorConfiguration = SimulatorConfiguration()) {
        self.configuration = configuration
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter onReady: called once, when the control plane and the regions of the configuration listen.
    /// - Throws: what binding the control plane's port throws, such as "address in use", and
    ///   ``SimulatorScriptError`` when the configuration's faults cannot be read.
    package func run(onReady: @escaping @Sendable (SimulatorEndpoints) async -> Void) async throws {
        let (commands, continuation) = AsyncStream.makeStream(of: ListenerCommand.self)
        let world = World(configuration: configuration, commands: continuation)
        let host = configuration.host
        let regions = configuration.regions
        let stores = configuration.stores
        await world.limitEvents(to: configuration.eventLimit)
        try await world.follow(script: configuration.faults)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await Harbour(host: host, world: world).serve(commands)
            }
            group.addTask { [configuration] in
                let socket = Socket(listener: .control, host: host, port: configuration.port, world: world)
                try await socket.run { port in
                    await world.didOpen(.control, port: port)
                    for region in regions { await world.openRegion(region) }
                    for store in stores { await world.openStore(store) }
                    await world.settled()
                    await onReady(world.endpoints)
                }
            }
            if configuration.clock == .real {
                group.addTask {
                    while (try? await Task.sleep(for: .milliseconds(20))) != nil { await world.pulse() }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
            await world.abandon()
        }
    }

    /// Runs a simulator for as long as `body` does.
    ///
    /// - Throws: what `body` throws, or what starting the simulator does.
    package static func withRunning<Result: Sendable>(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(),
        body: @escaping @Sendable (SimulatorEndpoints) async throws -> Result
    ) async throws -> Result {
        let (ready, continuation) = AsyncStream.makeStream(of: SimulatorEndpoints.self)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await Simulator(configuration: configuration).run { continuation.yield($0) }
                return nil
            }
            group.addTask {
                for await endpoints in ready { return try await body(endpoints) }
                return nil
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let result = finished { return result }
            }
            throw CancellationError()
        }
    }
}
