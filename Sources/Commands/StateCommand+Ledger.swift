import ArgumentParser
import Domain
import Execution
import Foundation
import Rendering
import Session
import StateStores

extension StateCommand {
    struct Export: AsyncParsableCommand, WorkspaceCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write everything the ledger holds to a file, or to stdout.",
            discussion: """
                With it a lost ledger is begun again (`state import`), another one takes it in (`state merge`), and \
                commands that only read work without the store (`--state FILE`).
                """)

        @OptionGroup var global: GlobalOptions

        @Option(help: ArgumentHelp("Where to; for its owner only.", valueName: "file"))
        var out: String?

        @Flag(help: "With the key of fingerprints, so that secrets need not be written anew; only to a file.")
        var withKey = false

        func validate() throws {
            guard out != nil || !withKey else { throw ValidationError("--with-key needs --out: a key is not printed") }
        }

        func run() async throws {
            try await Workbench.with(global.session) { bench in
                let contents = try await bench.contents()
                guard let out else {
                    CommandContext.current.output.write(try LedgerFile.text(contents, at: Workbench.now))
                    return
                }
                let path = CommandContext.current.path(out)
                do {
                    try LedgerFile(path: path, workspace: bench.workspace.name)
                        .write(contents, withKey: withKey, at: Workbench.now)
                } catch {
                    throw CommandFailure(.error, "the ledger cannot be written to \(path): \(error)")
                }
                CommandContext.current.output.writeLine(TransferText.exported(.init(contents), to: out))
            }
        }
    }

    struct Import: AsyncParsableCommand, WorkspaceCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begin the ledger of a store that has none with what a file holds.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "An export, a snapshot, or a state file.")
        var file: String

        @Flag(help: "Do not ask.")
        var yes = false

        func run() async throws {
            try await Workbench.with(global.session, initState: true) { bench in
                let contents = try await bench.contents(ofFile: file)
                try StateCommand.confirm("Begin the ledger at \(bench.store.location) with \(file)?", yes: yes)
                let unknown = try await bench.fill(with: contents, by: "state import")
                CommandContext.current.output.writeLine(
                    TransferText.imported(
                        .init(contents), to: bench.store.location, unknownSecrets: unknown,
                        CommandContext.current.invocation))
            }
        }
    }

    struct Migrate: AsyncParsableCommand, WorkspaceCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move the ledger to another store; what was copied is read back before the old one is given up.")

        @OptionGroup var global: GlobalOptions

        @Option(help: ArgumentHelp("One of \(StateNotation.forms).", valueName: "place"))
        var to: String

        @Flag(help: "Do not ask.")
        var yes = false

        func run() async throws {
            try await Workbench.with(global.session) { bench in
                try StateCommand.confirm("Move the ledger from \(bench.store.location) to \(to)?", yes: yes)
                let (contents, location) = try await bench.migrate(to: StateNotation(to))
                CommandContext.current.output.writeLine(TransferText.moved(.init(contents), to: location))
            }
        }
    }

    struct Merge: AsyncParsableCommand, WorkspaceCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take in a ledger that went on elsewhere while the store could not be reached.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The state file that was used meanwhile, or an export of it.")
        var file: String

        @Flag(help: "Do not ask.")
        var yes = false

        @Option(help: ArgumentHelp("How long to wait for the lock, e.g. 10m.", valueName: "duration"))
        var lockTimeout: LockTimeout = .none

        func run() async throws {
            try await Workbench.with(global.session) { bench in
                let other = try await bench.contents(ofFile: file)
                try StateCommand.confirm("Merge \(file) into the ledger at \(bench.store.location)?", yes: yes)
                let merge = try await bench.merge(other, lockTimeout: lockTimeout.duration)
                CommandContext.current.output.writeLine(
                    TransferText.merged(.init(merge), from: file, CommandContext.current.invocation))
            }
        }
    }

    struct AdoptEpoch: AsyncParsableCommand, WorkspaceCommand {
        static let configuration = CommandConfiguration(
            commandName: "adopt-epoch",
            abstract: "Accept what another ledger published in the same epoch, after a person looked.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Address of the place, e.g. binding/checkout/0, as the refused plan printed it.")
        var address: ResourceAddress

        @Flag(help: "Do not ask.")
        var yes = false

        @Option(help: ArgumentHelp("How long to wait for the lock, e.g. 10m.", valueName: "duration"))
        var lockTimeout: LockTimeout = .none

        func run() async throws {
            try StateCommand.confirm("Accept what another ledger published at \(address)?", yes: yes)
            try await Workbench.with(global.session) { bench in
                let (ledger, epoch) = try await bench.adoptEpoch(of: address, lockTimeout: lockTimeout.duration)
                CommandContext.current.output.writeLine(
                    "epoch \(epoch) of \(address), published by ledger \(ledger), counts as known; next: "
                        + CommandContext.current.invocation.command("plan"))
            }
        }
    }
}

extension TransferText.Size {
    fileprivate init(_ contents: LedgerContents) {
        self.init(ledgerID: contents.ledgerID, objects: contents.objectCount, runs: contents.runs.count)
    }
}

extension TransferText.Taken {
    fileprivate init(_ merge: LedgerMerge) {
        self.init(
            objects: merge.takenObjects, families: merge.takenFamilies, runs: merge.takenRuns,
            unknownSecrets: merge.unknownSecrets)
    }
}
