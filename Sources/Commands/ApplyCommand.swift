import ArgumentParser
import Domain
import Execution
import Foundation
import Planning
import Rendering
import Session

/// Makes the live systems agree with the manifests.
struct ApplyCommand: AsyncParsableCommand, WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Make the live systems agree with the manifests, or run a saved plan.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var flags: PlanningFlags

    @Argument(help: ArgumentHelp("A saved plan: exactly its steps are run, without a question.", valueName: "file"))
    var file: String?

    @Flag(help: "Do not ask.")
    var autoApprove = false

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Confirm a change of primary without being asked; names the group and where it goes.",
            valueName: "group=member"))
    var confirmPrimary: [GroupMember] = []

    @Flag(help: "Deferred work counts as done.")
    var allowDeferred = false

    @Option(help: ArgumentHelp("How long to wait for the lock, e.g. 10m.", valueName: "duration"))
    var lockTimeout: LockTimeout = .none

    @Option(help: ArgumentHelp("Who approved it; kept in the journal.", valueName: "text"))
    var approver: String?

    @Option(help: ArgumentHelp("Change or job it belongs to; kept in the journal.", valueName: "text"))
    var reference: String?

    @Option(help: ArgumentHelp("Revision of the manifests; kept in the journal.", valueName: "text"))
    var revision: String?

    @Flag(help: "Start a new ledger where there is none: in a shared store, or where CI is set.")
    var initState = false

    @Flag(help: "Show every change by itself.")
    var expand = false

    @Option(name: [.short, .long], help: "Output: text, or json (one event a line).")
    var output: ApplyRequest.Format = .text

    func validate() throws {
        guard file == nil || flags.isEmpty else {
            throw ValidationError("a saved plan is applied as it is: planning flags cannot be given with it")
        }
        try confirmPrimary.requireGroupsOnce(in: "--confirm-primary")
    }

    func run() async throws {
        let code: ExitCode
        do {
            code = try await carriedOut()
        } catch {
            let failure = error as? CommandFailure
            tellEnd(failure?.code ?? .error, failure?.message)
            throw error
        }
        tellEnd(code)
        if code != .success { throw CommandFailure(code) }
    }

    private func carriedOut() async throws -> ExitCode {
        let context = CommandContext.current
        guard file != nil || autoApprove || context.canAsk else {
            throw CommandFailure(
                .usage, "there is no terminal to ask on; give a saved plan, or --auto-approve")
        }
        let saved = try file.map { try SavedPlan.read(context.path($0)) }
        return try await Workbench.with(global.session, initState: initState) { bench in
            if let saved, let key = try await bench.planKey() { try saved.requireSignature(of: key) }
            let names = FlagNames(workspace: bench.workspace, recorded: Recorded())
            for pair in confirmPrimary {
                try names.check(
                    group: pair.group, member: pair.member, of: "--confirm-primary \(pair.group)=\(pair.member)")
            }
            return try await ApplyRun(bench: bench, request: request, saved: saved?.plan).run()
        }
    }

    private var request: ApplyRequest {
        var request = ApplyRequest()
        request.words = file.map { "apply \($0)" } ?? "apply"
        request.options = flags.options
        request.isApproved = autoApprove
        request.confirmed = confirmPrimary
        request.allowsDeferred = allowDeferred
        request.lockTimeout = lockTimeout.duration
        request.approver = approver
        request.reference = reference
        request.revision = revision
        request.expandsChanges = expand
        request.format = output
        return request
    }

    /// The last event: however the command ended, it says with which exit code.
    private func tellEnd(_ code: ExitCode, _ message: String? = nil) {
        guard output == .json else { return }
        CommandContext.current.output.writeLine(EventStream.line(forExit: code, message, at: Workbench.now))
    }
}

extension ApplyRequest.Format: ExpressibleByArgument {}

/// How long to wait for the lock.
struct LockTimeout: ExpressibleByArgument {
    static let none = LockTimeout(duration: .zero)

    let duration: Duration

    init(duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        guard let duration = Duration(manifest: argument) else { return nil }
        self.init(duration: duration)
    }

    var defaultValueDescription: String { "0s" }
}
