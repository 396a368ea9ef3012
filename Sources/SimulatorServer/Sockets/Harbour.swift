import SimulatedConfluent
import SimulatorCore

/// Opens and closes the regions' sockets as the world asks.
struct Harbour: Sendable {
    let host: String
    let world: World

    /// Serves until the task is cancelled; then closes everything.
    func serve(_ commands: AsyncStream<ListenerCommand>) async {
        var running: [Listener: Task<Void, Never>] = [:]
        var reservations: [Listener: PortReservation] = [:]
        for await command in commands {
            switch command {
            case .open(let listener, let port):
                await stop(running.removeValue(forKey: listener))
                if port == 0 { reservations[listener] = PortReservation(host: host) }
                running[listener] = await start(listener, port: port == 0 ? reservations[listener]?.port ?? 0 : port)
            case .close(let listener):
                await stop(running.removeValue(forKey: listener))
                await world.didClose(listener)
            }
        }
        for task in running.values { task.cancel() }
        for task in running.values { await task.value }
        await world.abandon()
    }

    private func stop(_ task: Task<Void, Never>?) async {
        task?.cancel()
        await task?.value
    }

    /// Starts a socket and waits until it listens, or cannot.
    private func start(_ listener: Listener, port: Int) async -> Task<Void, Never> {
        let socket = Socket(
            listener: listener, host: host, port: port, world: world,
            certificates: await world.certificates(of: listener))
        let (opening, opened) = AsyncStream.makeStream(of: Void.self)
        let task = Task { [world] in
            do {
                try await socket.run { port in
                    await world.didOpen(listener, port: port)
                    opened.finish()
                }
            } catch {
                if !Task.isCancelled { await world.didClose(listener) }
            }
            opened.finish()
        }
        for await _ in opening {}
        return task
    }
}
