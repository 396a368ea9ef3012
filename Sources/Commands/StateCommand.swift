import ArgumentParser
import Domain
import Execution
import Foundation
import Rendering
import Session
import StateStores

/// Looks at the ledger, and mends it.
struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Look at what is owned, and mend it; move a ledger, or take back one that ran elsewhere.",
        subcommands: [
            List.self, Show.self, Forget.self, Unlock.self, AdoptEpoch.self, Export.self, Import.self, Migrate.self,
            Merge.self,
        ])

    /// Output of `state`.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    struct List: AsyncParsableCommand, WorkspaceCommand {
        static let configuration = CommandConfiguration(abstract: "List owned objects.")

        @OptionGroup var global: GlobalOptions

        @Option(name: [.short, .long], help: "Output: text, json.")
        var output: Format = .text

        func run() async throws {
            try await Workbench.with(global.session) { bench in
                let recorded = try await bench.recorded()
                let text =
                    output == .json
                    ? StateText.listJSON(recorded)
                    : StateText.list(recorded, terminal: global.session.outputTerminal)
                CommandContext.current.output.writeLine(text)
            }
        }
    }

    struct Show: AsyncParsableCommand, WorkspaceCommand {
        static let configuration = CommandConfiguration(abstract: "Show one owned object as it was last applied.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Address, e.g. topic/west/orders.")
        var address: ResourceAddress

        @Option(name: [.short, .long], help: "Output: text, json.")
        var output: Format = .text

        func run() async throws {
            try await Workbench.with(global.session) { bench in
                guard let owned = try await bench.recorded().owned[address] else {
                    throw StateCommand.unknown(address)
                }
                let text =
                    output == .json
                    ? StateText.showJSON(address, owned)
                    : StateText.show(address, owned, terminal: global.session.outputTerminal)
                CommandContext.current.output.writeLine(text)
            }
        }
    }

    struct Forget: AsyncParsableCommand, WorkspaceCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give up ownership of an object, and what is known of it; the object itself stays as it is.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Address, e.g. topic/west/orders.")
        var address: ResourceAddress

        @Flag(help: "Do not ask.")
        var yes = false

        @Option(help: ArgumentHelp("How long to wait for the lock, e.g. 10m.", valueName: "duration"))
        var lockTimeout: LockTimeout = .none

        func run() async throws {
            try StateCommand.confirm("Give up ownership of \(address)?", yes: yes)
            try await Workbench.with(global.session) { bench in
                let existed = try await bench.state { store throws(StateStoreError) in
                    try await store.forget(address, lockTimeout: lockTimeout.duration)
                }
                guard existed else {
                    throw StateCommand.unknown(address)
                }
                CommandContext.current.output.writeLine("\(address) is not owned any more; it stays as it is")
            }
        }
    }

    struct Unlock: AsyncParsableCommand, WorkspaceCommand {
        static let configuration = CommandConfiguration(abstract: "Break the lock of a run that is known to be dead.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Id of the run, as the refused command printed it.")
        var runID: String

        @Flag(help: "Do not ask.")
        var yes = false

        func run() async throws {
            try await Workbench.with(global.session) { bench in
                let run = try await bench.state { store throws(StateStoreError) in try await store.run(runID) }
                let whom = run.map { " It is \(RunsText.owner($0.header))." } ?? ""
                try StateCommand.confirm(
                    "Break the lock of run \(runID)?\(whom) It must not be running any more.", yes: yes)
                let held = try await bench.state { store throws(StateStoreError) in
                    try await store.unlock(run: runID)
                }
                guard held else { throw CommandFailure(.error, "run \(runID) does not hold the lock") }
                CommandContext.current.output.writeLine("the lock of run \(runID) is broken")
            }
        }
    }

    fileprivate static func unknown(_ address: ResourceAddress) -> CommandFailure {
        let list = CommandContext.current.invocation.command("state list")
        return CommandFailure(.error, "\(address) is not owned, and not known; see: \(list)")
    }

    static func confirm(_ question: String, yes: Bool) throws {
        guard !yes else { return }
        let context = CommandContext.current
        guard context.canAsk else { throw CommandFailure(.usage, "there is no terminal to ask on; give --yes") }
        context.diagnostics.write("\(question) Only `yes` is accepted: ")
        guard readLine()?.trimmingCharacters(in: .whitespaces) == "yes" else {
            throw CommandFailure(.error, "not confirmed; nothing was done")
        }
    }
}
