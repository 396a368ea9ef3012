import Foundation

/// A folder below the workspace folder, held open, so that nothing outside can be reached through it: every step of the
/// way is opened without following symbolic links.
final class ConfinedFolder: Sendable {
    /// Why a file cannot be reached, to stand behind its name.
    struct Problem: Error, Hashable, Sendable {
        /// What kind of problem it is.
        enum Kind: Hashable, Sendable {
            /// Outside the workspace folder, or reached through a symbolic link.
            case outside
            case missing
            /// Not permitted.
            case denied
            /// Anything else the system says.
            case system
        }

        let kind: Kind
        let reason: String

        init(_ kind: Kind, _ reason: String) {
            self.kind = kind
            self.reason = reason
        }

        /// A call of the operating system that failed.
        static func system(_ action: String, _ code: Int32 = errno) -> Problem {
            let kind: Kind =
                switch code {
                case ENOENT: .missing
                case EACCES, EPERM, EROFS: .denied
                default: .system
                }
            return Problem(kind, "\(action): \(systemError(code))")
        }
    }

    private let descriptor: Int32

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Opens the folder that holds a file.
    ///
    /// - Parameters:
    ///   - path: Path of the file, relative to `root` and below it.
    ///   - root: The workspace folder.
    ///   - creating: Whether missing folders are created.
    /// - Returns: The folder, and the name of the file in it.
    static func open(
        holding path: String, below root: String, creating: Bool
    ) throws(Problem) -> (folder: ConfinedFolder, name: String) {
        guard !path.hasPrefix("/") else {
            throw Problem(.outside, "is an absolute path; paths are relative to the workspace folder")
        }
        guard !path.utf8.contains(0) else { throw Problem(.outside, "is not a path") }
        var parts = path.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !parts.contains("..") else { throw Problem(.outside, "leads out of the workspace folder") }
        guard let name = parts.popLast(), !path.hasSuffix("/") else { throw Problem(.outside, "names no file") }
        let start = Foundation.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard start >= 0 else { throw .system("the workspace folder cannot be opened") }
        var folder = ConfinedFolder(start)
        for part in parts { folder = try folder.subfolder(part, creating: creating) }
        return (folder, name)
    }

    /// Opens a file that exists for reading.
    ///
    /// - Returns: `nil` when there is none of that name.
    func file(_ name: String) throws(Problem) -> OpenFile? {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            switch errno {
            case ENOENT: return nil
            case ELOOP: throw Problem(.outside, "is a symbolic link, which is not followed")
            default: throw .system("cannot be read")
            }
        }
        return OpenFile(file)
    }

    /// Creates a file that must not exist yet, writable by its owner only.
    func create(_ name: String) throws(Problem) -> OpenFile {
        let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system("its replacement cannot be written") }
        return OpenFile(file)
    }

    /// Opens a file to lock it, and creates it when it is not there.
    func lockFile(_ name: String) throws(Problem) -> OpenFile {
        let file = openat(descriptor, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system("its lock file \(name) cannot be opened") }
        return OpenFile(file)
    }

    /// Puts one file in the place of another in one step, and waits until the folder is on disk.
    func rename(_ name: String, to other: String) throws(Problem) {
        guard renameat(descriptor, name, descriptor, other) == 0 else { throw .system("cannot be replaced") }
        guard fsync(descriptor) == 0 else { throw .system("its folder cannot be written to disk") }
    }

    /// Removes a file when it is there.
    func remove(_ name: String) {
        unlinkat(descriptor, name, 0)
    }

    /// Whether a name still means an open file.
    func isNamed(_ name: String, _ file: OpenFile) -> Bool {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0, let own = file.status else { return false }
        return status.st_ino == own.st_ino && status.st_dev == own.st_dev
    }

    private func subfolder(_ name: String, creating: Bool) throws(Problem) -> ConfinedFolder {
        if creating, mkdirat(descriptor, name, 0o755) != 0, errno != EEXIST {
            throw .system("folder \(name) cannot be created")
        }
        let folder = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else {
            switch errno {
            case ELOOP: throw Problem(.outside, "passes the symbolic link \(name), which is not followed")
            case ENOTDIR: throw Problem(.outside, "passes \(name), which is not a folder or is a symbolic link")
            default: throw .system("folder \(name) cannot be opened")
            }
        }
        return ConfinedFolder(folder)
    }
}

/// An open file that is closed when nobody holds it any more.
final class OpenFile: Sendable {
    let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// What the system says of it; `nil` when it says nothing.
    var status: stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    /// Takes the lock of the file if nobody holds it.
    func lock() -> Bool {
        flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    /// Writes everything and waits until it is on disk.
    func write(_ bytes: [UInt8]) throws(ConfinedFolder.Problem) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system("its replacement cannot be written")
            }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw .system("its replacement cannot be written to disk") }
    }

    /// Sets who may read and write it, and whose it is.
    func set(mode: mode_t, ownedLike other: stat?) throws(ConfinedFolder.Problem) {
        if let other, let own = status, other.st_uid != own.st_uid || other.st_gid != own.st_gid {
            guard fchown(descriptor, other.st_uid, other.st_gid) == 0 else {
                throw .system("belongs to another user, which cannot be kept")
            }
        }
        guard fchmod(descriptor, mode) == 0 else { throw .system("its mode cannot be set") }
    }
}
