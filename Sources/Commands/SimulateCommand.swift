import Session
import ArgumentParser
import Foundation
import Execution
import SimulatorServer

/// Runs the simulator until it is told to stop.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run a stand-in for Confluent Cloud on loopback ports, for tests and rehearsals.",
        discussion: """
            Prints one JSON line with its endpoints when it is ready, and stops on SIGTERM or Ctrl-C. The key \
            SIMULATOR with the secret simulator-secret is accepted everywhere.
            """)

    @Option(
        help: ArgumentHelp(
            "Address of the control plane and the admin API; port 0 takes any free port.", valueName: "host:port"))
    var listen = "127.0.0.1:9400"

    @Option(help: "Seed of everything random; equal seeds give equal runs.")
    var seed: UInt64 = 1

    @Flag(help: "A clock that stands still until POST /_sim/clock moves it.")
    var virtualClock = false

    @Option(help: ArgumentHelp("Fault rules to start with: the JSON of POST /_sim/faults.", valueName: "file"))
    var faults: String?

    @Option(
        help: ArgumentHelp(
            "A store of bindings to serve, on a free port: consul, vault or kubernetes, its name, and the region it "
                + "fails with. May be given several times.", valueName: "kind=name[@region]"))
    var store: [String] = []

    func validate() throws {
        guard stores.count == store.count else {
            throw ValidationError("--store takes kind=name or kind=name@region, e.g. vault=vault-east@us-east-1")
        }
        guard address != nil else { throw ValidationError("--listen takes host:port, e.g. 127.0.0.1:9400") }
    }

    private var address: (host: String, port: Int)? {
        guard let colon = listen.lastIndex(of: ":"), let port = UInt16(listen[listen.index(after: colon)...]) else {
            return nil
        }
        return (String(listen[..<colon]), Int(port))
    }

    private var stores: [SimulatedStoreConfiguration] {
        store.compactMap { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let kind = SimulatedStoreKind(rawValue: parts[0]) else { return nil }
            let place = parts[1].split(separator: "@", maxSplits: 1).map(String.init)
            return place.first.map { name in
                SimulatedStoreConfiguration(kind, name: name, region: place.count > 1 ? place[1] : nil)
            }
        }
    }

    private func script(_ path: String) throws -> String {
        do {
            return try String(contentsOfFile: CommandContext.current.path(path), encoding: .utf8)
        } catch {
            throw CommandFailure(.error, "\(path) cannot be read: \(error.localizedDescription)")
        }
    }

    func run() async throws {
        guard let address else { return }
        let configuration = SimulatorConfiguration(
            host: address.host, port: address.port, seed: seed,
            clock: virtualClock ? .virtual(start: 1_700_000_000_000) : .real, stores: stores,
            faults: try faults.map(script))
        let console = CommandContext.current.output
        let serving = Task {
            try await Simulator(configuration: configuration).run { console.writeLine($0.line) }
        }
        try await CommandContext.current.signals.minding({ _ in serving.cancel() }) { [listen] in
            do {
                try await serving.value
            } catch is CancellationError {
                return
            } catch {
                throw CommandFailure(.error, "the simulator cannot run on \(listen): \(error)")
            }
        }
    }
}
