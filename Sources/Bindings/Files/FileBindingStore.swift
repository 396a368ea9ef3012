import Domain
import Execution
import Foundation

/// One published file: reading it, and writing it by compare and swap.
struct FileBindingStore: Sendable {
    /// What is written.
    struct Content: Sendable {
        /// Name of the binding.
        let binding: String
        /// Plain values.
        let properties: [String: String]
        /// Secret values.
        let secrets: [String: Secret]
        /// Keys that are removed.
        let dropped: [String]
        /// What is kept beside them.
        let bookkeeping: StoreSnapshot.Bookkeeping
        /// Whether the binding follows a group, so that epochs decide who may write.
        let followsGroup: Bool
    }

    /// What is read.
    struct Reading: Sendable {
        /// Values by key, as far as the file has them; secrets among them.
        let values: [String: Secret]
        /// What is kept beside them.
        let bookkeeping: StoreSnapshot.Bookkeeping?
        /// The whole content, to tell one version from another.
        let content: Secret?
    }

    private static let attempts = 3

    private let root: String
    private let path: String
    private let format: PublishTarget.FileFormat
    private let isPrivate: Bool
    private let beforeReplacing: @Sendable () -> Void

    /// A file below the workspace folder.
    ///
    /// - Parameters:
    ///   - root: The workspace folder.
    ///   - path: Path below it.
    ///   - format: Format.
    ///   - isPrivate: Whether secrets go in, so that only the owner may read it.
    ///   - beforeReplacing: Called between reading and replacing.
    init(
        root: String, path: String, format: PublishTarget.FileFormat, isPrivate: Bool,
        beforeReplacing: @escaping @Sendable () -> Void = {}
    ) {
        self.root = root
        self.path = path
        self.format = format
        self.isPrivate = isPrivate
        self.beforeReplacing = beforeReplacing
    }

    /// Reads the keys of a binding.
    ///
    /// - Throws: Why the file cannot be read or understood.
    func read(_ keys: some Sequence<String>, of binding: String) throws(StepFailure) -> Reading {
        do {
            let (folder, name) = try ConfinedFolder.open(holding: path, below: root, creating: false)
            let stored = try StoredFile(name, in: folder)
            let document = try format.document(of: try stored.text())
            return Reading(
                values: keys.reduce(into: [:]) { values, key in values[key] = document.value(for: key).map(Secret.init)
                },
                bookkeeping: try bookkeeping(of: binding, document, name, folder),
                content: try stored.bytes == nil ? nil : Secret(stored.text()))
        } catch let problem as ConfinedFolder.Problem where problem.kind == .missing {
            return Reading(values: [:], bookkeeping: nil, content: nil)
        } catch {
            throw failure(error)
        }
    }

    /// Makes the file hold a content, unless it already does or a newer one.
    ///
    /// - Throws: `conflict` when the file holds a greater epoch, the same epoch of another ledger, or changes whenever
    ///   it is about to be replaced; `rejected` when it cannot be edited or is out of reach.
    func publish(_ content: Content) async throws(StepFailure) {
        do {
            try checkNames(content)
            let (folder, name) = try ConfinedFolder.open(holding: path, below: root, creating: true)
            guard let lock = try await FileLock.take(for: name, in: folder) else {
                throw StepFailure(.conflict, "file \(path) is being written by another process")
            }
            defer { withExtendedLifetime(lock) {} }
            for _ in 1...Self.attempts where try replace(content, name, folder) {
                return try verify(content, name, folder)
            }
            throw StepFailure(.conflict, "file \(path) changes whenever it is about to be replaced")
        } catch {
            throw failure(error)
        }
    }

    /// Reads, decides, and replaces the file unless it changed meanwhile.
    ///
    /// - Returns: Whether the file now holds the content.
    private func replace(_ content: Content, _ name: String, _ folder: ConfinedFolder) throws -> Bool {
        let before = try StoredFile(name, in: folder)
        var document = try format.document(of: try before.text())
        let held = try bookkeeping(of: content.binding, document, name, folder)
        try checkEpoch(held, content)
        for key in content.dropped { document.remove(key) }
        for (key, value) in content.properties.sorted(by: { $0.key < $1.key }) { document.set(key, to: value) }
        for (key, secret) in content.secrets.sorted(by: { $0.key < $1.key }) {
            secret.reveal { document.set(key, to: $0) }
        }
        document.set(content.bookkeeping, of: content.binding)
        // Beside the data first: a run with an older epoch is refused from here on, whatever happens next.
        if !format.hasComments, held != content.bookkeeping {
            try BookkeepingFile(beside: name).write(content.bookkeeping, of: content.binding, in: folder)
        }
        let bytes = Array(document.text.utf8)
        let isClosed = !isPrivate || before.status.map { $0.st_mode & 0o077 == 0 } ?? false
        if before.bytes == bytes, isClosed { return true }
        return try StoredFile.replace(name, in: folder, with: bytes, isPrivate: isPrivate, before: before) {
            () throws(ConfinedFolder.Problem) in
            beforeReplacing()
            return try StoredFile(name, in: folder).bytes == before.bytes
        }
    }

    private func verify(_ content: Content, _ name: String, _ folder: ConfinedFolder) throws {
        let document = try format.document(of: try StoredFile(name, in: folder).text())
        let isThere =
            content.properties.allSatisfy { document.value(for: $0.key) == $0.value }
            && content.secrets.allSatisfy { key, secret in secret.reveal { document.value(for: key) == $0 } }
        guard isThere, try bookkeeping(of: content.binding, document, name, folder) == content.bookkeeping else {
            throw StepFailure(.conflict, "file \(path) does not hold what was just written: something else wrote to it")
        }
    }

    private func checkEpoch(_ held: StoreSnapshot.Bookkeeping?, _ content: Content) throws(StepFailure) {
        guard content.followsGroup, let held, let heldEpoch = held.epoch else { return }
        let epoch = content.bookkeeping.epoch ?? 0
        if heldEpoch > epoch {
            throw StepFailure(
                .conflict,
                "file \(path) holds epoch \(heldEpoch) of ledger \(held.ledger ?? "unknown"), newer than epoch \(epoch)"
            )
        }
        // Epoch 0 is a group that has never moved: no ledger has decided anything about it yet.
        if epoch > 0, heldEpoch == epoch, held.ledger != content.bookkeeping.ledger {
            throw StepFailure(
                .conflict,
                """
                file \(path) holds epoch \(epoch) of ledger \(held.ledger ?? "unknown"), \
                not of ledger \(content.bookkeeping.ledger ?? "unknown")
                """)
        }
    }

    /// Two keys that become one name would overwrite each other.
    private func checkNames(_ content: Content) throws(StepFailure) {
        var keys: [String: String] = [:]
        for key in (Array(content.properties.keys) + Array(content.secrets.keys)).sorted() {
            let name = format.name(of: key)
            if let other = keys.updateValue(key, forKey: name) {
                throw StepFailure(.rejected, "keys '\(other)' and '\(key)' are both '\(name)' in file \(path)")
            }
        }
    }

    private func bookkeeping(
        of binding: String, _ document: any PublishedDocument, _ name: String, _ folder: ConfinedFolder
    ) throws -> StoreSnapshot.Bookkeeping? {
        format.hasComments
            ? document.bookkeeping(of: binding) : try BookkeepingFile(beside: name).read(binding, in: folder)
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
