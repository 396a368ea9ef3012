package import Domain
package import Execution
import Foundation
import Rendering

/// Why a command ends without its result: an exit code, and what to say on stderr.
package struct CommandFailure: Error {
    package let code: ExitCode
    /// What happened and what to do; `nil` when everything was said already.
    package let message: String?

    package init(_ code: ExitCode, _ message: String? = nil) {
        self.code = code
        self.message = message
    }
}

extension CommandFailure {
    /// What the journal says of a run that ended so.
    package var summary: String {
        switch code {
        case .interrupted, .terminated: message ?? "interrupted"
        default: "nothing was done"
        }
    }

    /// A state store that did not do what it was asked.
    package init(_ error: StateStoreError, now: Timestamp) {
        let invocation = CommandContext.current.invocation
        switch error {
        case .locked(let owner):
            let age = now.since(owner.since).formatted(
                .units(allowed: [.days, .hours, .minutes, .seconds], width: .narrow))
            self.init(
                .locked,
                "the state is locked by run \(owner.runID) on \(owner.host) (process \(owner.process)), for \(age)\n"
                    + "  wait for it with --lock-timeout 10m; if that run is dead: "
                    + invocation.command("state unlock", [owner.runID])
            )
        case .lockLost:
            self.init(.error, "the lock was taken away while the run went on; run apply again")
        case .silent(let location, let reason):
            self.init(
                .stateUnusable,
                "the state at \(location) does not answer: \(reason)\n"
                    + "  to look: --state FILE, with the copy that `spec.state.snapshot` or `spillway state export` wrote\n"
                    + "  to go on without it: --state sqlite:PATH --init-state, a ledger of its own; when this one answers "
                    + "again: " + invocation.command("state merge", ["PATH"]))
        case .unusable(let location, let reason):
            self.init(.stateUnusable, "the state at \(location) cannot be used: \(reason)")
        case .foreign(let location, let workspace):
            self.init(
                .stateUnusable,
                "the state at \(location) belongs to workspace \(workspace)\n"
                    + "  give this workspace a state of its own (`spec.state`), or run in the folder of \(workspace)")
        case .tooNew(let location, let format):
            self.init(
                .stateUnusable,
                "the state at \(location) has format \(format), which a newer Spillway wrote; update this one")
        case .moved(let location, let target):
            self.init(
                .stateUnusable,
                "the state at \(location) was moved to \(target), and is not used any more\n"
                    + "  say so in `spec.state` of spillway.yaml")
        case .missing(let location):
            self.init(
                .stateUnusable,
                "there is no state at \(location): without it, everything would be adopted anew, and no move is known\n"
                    + "  if this workspace was applied before: say in `spec.state` where its state is; a pipeline needs one "
                    + "that is shared (etcd, s3, kubernetes)\n"
                    + "  if it never was: begin one with --init-state")
        }
    }
}
