import Domain
import Execution
import Foundation

/// One published file: reading it, and replacing it while its lock is held.
struct FileBindingStore: BindingStore {
    /// The file's content when it was read; `nil` when there was none.
    typealias Version = Secret?

    private let root: String
    private let path: String
    private let format: FilePlace.Format
    private let former: FormerFile?
    private let isPrivate: Bool
    private let beforeReplacing: @Sendable () -> Void

    /// A file below the workspace folder.
    ///
    /// - Parameters:
    ///   - root: The workspace folder.
    ///   - path: Path below it.
    ///   - format: Format.
    ///   - former: How it was last published, when that is known.
    ///   - isPrivate: Whether secrets go in, so that only the owner may read it.
    ///   - beforeReplacing: Called between reading and replacing.
    init(
        root: String, path: String, format: FilePlace.Format, former: FormerFile? = nil,
        isPrivate: Bool, beforeReplacing: @escaping @Sendable () -> Void = {}
    ) {
        self.root = root
        self.path = path
        self.format = format
        self.former = former
        self.isPrivate = isPrivate
        self.beforeReplacing = beforeReplacing
    }

    var place: String { "file \(path)" }

    /// Reads the keys of a binding.
    ///
    /// - Throws: Why the file cannot be read or understood.
    func read(_ keys: StoreKeys) async throws(StepFailure) -> StoreReading<Secret?> {
        do {
            let (folder, name) = try ConfinedFolder.open(holding: path, below: root, creating: false)
            let stored = try StoredFile(name, in: folder)
            let (file, isStaleCopy) = try format.file(try stored.text(), former: former, keys, name, in: folder)
            var reading = StoreReading<Secret?>(version: try stored.bytes.map { _ in try Secret(stored.text()) })
            for key in keys.all { reading.values[key] = file.document.value(for: key).map(Secret.init) }
            reading.bookkeeping = file.bookkeeping
            reading.formerFormat = isStaleCopy ? file.standing(keys, former) : nil
            reading.isExposed = !isClosed(stored)
            return reading
        } catch let problem as ConfinedFolder.Problem where problem.kind == .missing {
            return StoreReading(version: nil)
        } catch {
            throw failure(error)
        }
    }

    /// Replaces the file with one that holds the content, if it is still as it was read.
    ///
    /// - Throws: `conflict` while another process writes it; `rejected` when it cannot be edited or is out of reach.
    func write(
        _ content: StoreContent, over reading: StoreReading<Secret?>
    ) async throws(StepFailure) -> Bool {
        do {
            try checkNames(content)
            return try await locked(over: reading, creating: true) { before, name, folder in
                try replace(content, before, name, folder)
            }
        } catch {
            throw failure(error)
        }
    }

    /// Removes keys; a file that holds nothing else goes.
    func withdraw(_ keys: StoreKeys, over reading: StoreReading<Secret?>) async throws(StepFailure) -> Bool {
        do {
            return try await locked(over: reading, creating: false) { before, name, folder in
                var document = try format.document(of: try before.text())
                document.remove(keys.all, of: keys.binding)
                if !format.hasComments { try BookkeepingFile(beside: name).remove(keys.binding, in: folder) }
                guard !document.isBlank else {
                    folder.remove(name)
                    return true
                }
                return try put(document, before, name, folder)
            }
        } catch {
            throw failure(error)
        }
    }

    /// Changes the file under its lock, if it is still as it was read.
    private func locked(
        over reading: StoreReading<Secret?>, creating: Bool,
        _ change: (StoredFile, String, ConfinedFolder) throws -> Bool
    ) async throws -> Bool {
        let (folder, name) = try ConfinedFolder.open(holding: path, below: root, creating: creating)
        guard let lock = try await FileLock.take(for: name, in: folder) else {
            throw StepFailure(.conflict, "\(place) is being written by another process")
        }
        defer { withExtendedLifetime(lock) {} }
        let before = try StoredFile(name, in: folder)
        let isUnchanged =
            try reading.version.map { read in try read.reveal { try $0 == before.text() } } ?? (before.bytes == nil)
        return isUnchanged ? try change(before, name, folder) : false
    }

    /// - Returns: Whether the file now holds the content.
    private func replace(
        _ content: StoreContent, _ before: StoredFile, _ name: String, _ folder: ConfinedFolder
    ) throws -> Bool {
        let (file, isStaleCopy) = try format.file(try before.text(), former: former, content.keys, name, in: folder)
        var document = file.document
        if isStaleCopy { document = try emptied(file, content.keys) }
        for key in content.dropped { document.remove(key) }
        for (key, value) in content.properties.sorted(by: { $0.key < $1.key }) { document.set(key, to: value) }
        for (key, secret) in content.secrets.sorted(by: { $0.key < $1.key }) {
            secret.reveal { document.set(key, to: $0) }
        }
        document.set(content.bookkeeping, of: content.binding)
        // Beside the data first: a run with an older epoch is refused from here on, whatever happens next.
        if !format.hasComments, isStaleCopy || file.bookkeeping != content.bookkeeping {
            try BookkeepingFile(beside: name).write(content.bookkeeping, of: content.binding, in: folder)
        }
        let isWritten = try put(document, before, name, folder)
        if isWritten, isStaleCopy, format.hasComments {
            try BookkeepingFile(beside: name).remove(content.binding, in: folder)
        }
        return isWritten
    }

    /// An empty document for a file whose format has changed, if nobody else keeps anything in it.
    private func emptied(_ file: FormattedFile, _ keys: StoreKeys) throws -> any PublishedDocument {
        guard file.standing(keys, former) == .replaceable else {
            throw UneditableFile("is written as \(file.format.rawValue) and holds entries of others")
        }
        return try format.document(of: "")
    }

    /// - Returns: Whether the file now holds the document.
    private func put(
        _ document: any PublishedDocument, _ before: StoredFile, _ name: String, _ folder: ConfinedFolder
    ) throws -> Bool {
        let bytes = Array(document.text.utf8)
        if before.bytes == bytes, isClosed(before) { return true }
        return try StoredFile.replace(name, in: folder, with: bytes, isPrivate: isPrivate, before: before) {
            () throws(ConfinedFolder.Problem) in
            beforeReplacing()
            return try StoredFile(name, in: folder).bytes == before.bytes
        }
    }

    /// Whether the file is closed to others, as far as it has to be.
    private func isClosed(_ stored: StoredFile) -> Bool {
        !isPrivate || stored.status.map { $0.st_mode & 0o077 == 0 } ?? true
    }

    /// Two keys that become one name would overwrite each other.
    private func checkNames(_ content: StoreContent) throws(StepFailure) {
        var keys: [String: String] = [:]
        for key in (Array(content.properties.keys) + Array(content.secrets.keys)).sorted() {
            let name = format.name(of: key)
            if let other = keys.updateValue(key, forKey: name) {
                throw StepFailure(.rejected, "keys '\(other)' and '\(key)' are both '\(name)' in file \(path)")
            }
        }
    }

    private func failure(_ error: any Error) -> StepFailure {
        switch error {
        case let failure as StepFailure: failure
        case let problem as ConfinedFolder.Problem:
            StepFailure(problem.kind == .denied ? .denied : .rejected, "file \(path) \(problem.reason)")
        case let problem as UneditableFile:
            StepFailure(.rejected, "file \(path) \(problem.reason); it was left as it is")
        default: StepFailure(.broken, "file \(path) cannot be read or written")
        }
    }
}
