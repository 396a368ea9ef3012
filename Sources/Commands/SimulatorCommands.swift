#if Simulator
    import ArgumentParser
    import Drill
    import Execution
    import Foundation
    import Rendering
    import Session
    import SimulatorServer

    /// Rehearses a failover and the way back, against a simulator.
    struct DrillCommand: AsyncParsableCommand, WorkspaceCommand {
        static let configuration = CommandConfiguration(
            commandName: "drill",
            abstract: "Rehearse losing the primary and coming back, on a simulator, and measure RTO and RPO.",
            discussion: """
                A copy of the workspace is applied to a simulator in this process while applications write and read. \
                Nothing of the workspace, its state or its live systems is touched, and no secret is read. Exit code 4 \
                when an objective of the group was missed.
                """)

        @OptionGroup var global: GlobalOptions

        @Option(help: ArgumentHelp("Group to rehearse; needed when there are several.", valueName: "group"))
        var group: String?

        @Option(help: ArgumentHelp("Records a second that are written to each topic.", valueName: "number"))
        var recordsPerSecond = 20

        @Option(help: "What is rehearsed: failover (and the way back), switchover (there and back), all.")
        var scenario: DrillScenario = .failover

        @Option(help: "Chooses the moment between two syncs of offsets at which the primary is lost.")
        var seed: UInt64?

        /// Output of `drill`.
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case text
            case json
            case junit
        }

        @Option(name: [.short, .long], help: "Output: text, json, junit.")
        var output: Format = .text

        func validate() throws {
            guard (1...10_000).contains(recordsPerSecond) else {
                throw ValidationError("--records-per-second takes a number from 1 to 10000")
            }
        }

        func run() async throws {
            let drill = try DrillRun(
                of: LoadedManifests.load(global.session), group: group, recordsPerSecond: recordsPerSecond,
                scenario: scenario, seed: seed, options: global.session)
            let report = try await drill.run()
            let text =
                switch output {
                case .text: DrillText.render(report, terminal: global.session.outputTerminal)
                case .json: DrillText.json(report)
                case .junit: DrillJUnit.render(report)
                }
            CommandContext.current.output.writeLine(text)
            switch report.verdict {
            case .met, .unjudged: return
            case .missed: throw CommandFailure(.refused)
            case .failed: throw CommandFailure(.error)
            }
        }
    }

    extension DrillScenario: ExpressibleByArgument {}

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

    extension SpillwayCommand {
        static let drills: [any ParsableCommand.Type] = [DrillCommand.self]
        static let simulators: [any ParsableCommand.Type] = [SimulateCommand.self]
        /// Commands that this build is without.
        static let missing: Set<String> = []
    }
#else
    import ArgumentParser

    extension SpillwayCommand {
        static let drills: [any ParsableCommand.Type] = []
        static let simulators: [any ParsableCommand.Type] = []
        /// Commands that this build is without, since it is without the simulator.
        static let missing: Set<String> = ["drill", "simulate"]
    }
#endif
