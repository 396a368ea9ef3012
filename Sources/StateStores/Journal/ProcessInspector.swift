import Foundation

/// Tells one process from another, also after its id was used again.
package struct ProcessIdentity: Hashable, Sendable {
    /// The boot of the machine it runs in; `nil` when the system does not tell.
    package let boot: String?
    /// The namespace its process id counts in (containers have their own); `nil` when the system does not tell.
    package let namespace: String?
    /// When it started, in the system's own words; `nil` when there is no such process, or the system does not tell.
    package let started: String?

    package init(boot: String?, namespace: String?, started: String?) {
        self.boot = boot
        self.namespace = namespace
        self.started = started
    }
}

/// Looks at the processes of this machine.
package protocol ProcessInspector: Sendable {
    /// What identifies the process of this id, seen from here.
    func identity(of process: Int32) -> ProcessIdentity
    /// Whether a process of this id runs, seen from here; one that ended and was not collected yet does not.
    func isRunning(_ process: Int32) -> Bool
}

/// The processes of this machine: signal 0 and `/proc` (`proc(5)`).
package struct SystemProcesses: ProcessInspector {
    package init() {}

    /// Boot and namespace of this process, and the start time that `/proc` tells of that one.
    package func identity(of process: Int32) -> ProcessIdentity {
        ProcessIdentity(
            boot: firstLine("/proc/sys/kernel/random/boot_id"),
            namespace: try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid"),
            started: status(of: process)?.started)
    }

    /// Whether signal 0 reaches it, and it is neither a zombie nor dead.
    package func isRunning(_ process: Int32) -> Bool {
        guard kill(process, 0) == 0 || errno == EPERM else { return false }
        guard let state = status(of: process)?.state else { return true }
        return state != "Z" && state != "X"
    }

    private static let stateField = 0
    private static let startTimeField = 19

    /// State and start time from `/proc/<id>/stat`: fields 3 and 22, counted behind the name in parentheses, which may
    /// hold spaces and parentheses itself.
    private func status(of process: Int32) -> (state: Substring, started: String)? {
        guard let line = firstLine("/proc/\(process)/stat"), let name = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: name)...].split(separator: " ")
        guard fields.count > Self.startTimeField else { return nil }
        return (fields[Self.stateField], String(fields[Self.startTimeField]))
    }

    private func firstLine(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }
}
