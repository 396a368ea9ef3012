package import Foundation

/// Creating files that only their owner may read, whatever the umask.
package enum PrivateFile {
    /// A call of the operating system that failed.
    package struct Failure: Error, CustomStringConvertible {
        /// The system's error number.
        let code: Int32
        /// What was tried.
        let action: String

        /// "cannot create out/state.db: Permission denied".
        package var description: String { "cannot \(action): \(String(cString: strerror(code)))" }
    }

    /// Creates missing folders above a file, readable by their owner only; existing ones stay as they are.
    static func makeFolder(above path: String) throws(Failure) {
        let folder = Self.folder(of: path)
        var missing: [String] = []
        var current = folder
        while current != "/", current != ".", !exists(current) {
            missing.append(current)
            current = Self.folder(of: current)
        }
        for folder in missing.reversed() where mkdir(folder, 0o700) != 0 && errno != EEXIST {
            throw Failure(code: errno, action: "create folder \(folder)")
        }
    }

    /// Creates an empty file with mode 0600; an existing one is closed to others.
    static func make(at path: String) throws(Failure) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(code: errno, action: "create \(path)") }
        defer { close(descriptor) }
        try restrict(descriptor, path)
    }

    /// Replaces a file by new content in one step, with mode 0600, and waits until it is on disk. A symbolic link stays
    /// one, and what it leads to is replaced; what is no ordinary file (a pipe, a device) stays what it is, and is
    /// written to.
    package static func replace(_ path: String, with content: Data) throws(Failure) {
        switch kind(of: path) {
        case S_IFREG: try replaceOrdinary(destination(of: path), with: content)
        case S_IFDIR: throw Failure(code: EISDIR, action: "replace \(path)")
        case nil: try replaceOrdinary(danglingDestination(of: path), with: content)
        default:
            let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
            guard descriptor >= 0 else { throw Failure(code: errno, action: "open \(path)") }
            defer { close(descriptor) }
            try write(content, to: descriptor, path)
        }
    }

    /// What a path leads to; `nil` = nothing.
    private static func kind(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    /// Where a path leads to, behind all symbolic links.
    private static func destination(of path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Where a file would be made that does not exist yet: where symbolic links lead to, as far as there are any.
    private static func danglingDestination(of path: String) -> String {
        var path = path
        for _ in 0..<16 {
            guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { break }
            path = next.hasPrefix("/") ? next : "\(folder(of: path))/\(next)"
        }
        return path
    }

    private static func replaceOrdinary(_ path: String, with content: Data) throws(Failure) {
        let temporary = "\(path).\(getpid()).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Failure(code: errno, action: "create \(temporary)") }
        defer { close(descriptor) }
        try restrict(descriptor, temporary)
        try write(content, to: descriptor, temporary)
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw Failure(code: code, action: "replace \(path)")
        }
        synchronizeFolder(of: path)
    }

    /// Whether something of that name is there.
    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Whether the file and its folder can be written to, as SQLite's log needs.
    static func isWritable(_ path: String) -> Bool {
        access(path, W_OK) == 0 && access(folder(of: path), W_OK) == 0
    }

    /// The folder a path stands in.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func restrict(_ descriptor: Int32, _ path: String) throws(Failure) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Failure(code: errno, action: "inspect \(path)") }
        guard status.st_mode & 0o077 != 0 else { return }
        guard fchmod(descriptor, 0o600) == 0 else { throw Failure(code: errno, action: "restrict \(path)") }
    }

    private static func write(_ content: Data, to descriptor: Int32, _ path: String) throws(Failure) {
        let failure: Failure? = content.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
                let written = Foundation.write(descriptor, base, rest.count)
                if written < 0 {
                    if errno == EINTR { continue }
                    return Failure(code: errno, action: "write \(path)")
                }
                rest = rest.dropFirst(written)
            }
            return nil
        }
        if let failure { throw failure }
    }

    private static func synchronizeFolder(of path: String) {
        let descriptor = open(folder(of: path), O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
