import Domain

/// How a file was last published.
struct FormerFile: Sendable {
    let format: FilePlace.Format
    /// The keys that went in.
    let keys: Set<String>

    /// What is known of a file of this path; `nil` when something else was published.
    init?(_ publication: LastPublication, _ path: String) {
        guard case .file(let file) = publication.target, file.path == path else { return nil }
        format = file.fileFormat
        keys = publication.keys
    }
}

/// A published file as text, in the format it is in: the one it is to have, or the one it was last published in.
struct FormattedFile {
    let document: any PublishedDocument
    let format: FilePlace.Format
    let bookkeeping: StoreSnapshot.Bookkeeping?

    init(
        _ text: String, as format: FilePlace.Format, for binding: String, _ name: String,
        in folder: ConfinedFolder
    ) throws {
        self.format = format
        document = try format.document(of: text)
        bookkeeping =
            format.hasComments
            ? document.bookkeeping(of: binding) : try BookkeepingFile(beside: name).read(binding, in: folder)
    }

    /// Whether the file is what publishing these keys in its format makes of an empty one.
    func isWhole(_ keys: StoreKeys) throws -> Bool {
        let all = keys.plain.sorted() + keys.secret.sorted()
        guard let bookkeeping, !all.isEmpty else { return false }
        var fresh = try format.document(of: "")
        for key in all {
            guard let value = document.value(for: key) else { return false }
            fresh.set(key, to: value)
        }
        fresh.set(bookkeeping, of: keys.binding)
        return fresh.text == document.text
    }

    /// What is in it without a binding's keys, those of now and those of before: whether it can be written anew.
    func standing(_ keys: StoreKeys, _ former: FormerFile?) -> StoreSnapshot.FormerFormat {
        var rest = document
        rest.remove(keys.all.union(former?.keys ?? []), of: keys.binding)
        return rest.isBlank ? .replaceable : .shared
    }
}

extension FilePlace.Format {
    /// A file in this format; in the one it was published in before, while it is still in that.
    func file(
        _ text: String, former: FormerFile?, _ keys: StoreKeys, _ name: String, in folder: ConfinedFolder
    ) throws -> (file: FormattedFile, isStaleCopy: Bool) {
        func read(_ format: Self) throws -> FormattedFile {
            try FormattedFile(text, as: format, for: keys.binding, name, in: folder)
        }
        guard let former, former.format != self, !text.isEmpty else { return (try read(self), false) }
        if let own = try? read(self), try own.isWhole(keys) { return (own, false) }
        guard let before = try? read(former.format), before.bookkeeping != nil else { return (try read(self), false) }
        return (before, true)
    }
}
