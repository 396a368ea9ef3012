#if DEBUG
    import Domain

    @testable import Bindings

    /// A published file: a digit for its format, a key, a value and the text, with a unit separator (U+001F) between them.
    ///
    /// Reading alone changes nothing. What is set is read again, in a file that is read again; every byte that is not of
    /// the key stays, and so does every other value.
    enum DocumentsEntry {
        private static let binding = "checkout"
        private static let others = ["bootstrap.servers", "group.id", "a"]

        static func check(_ bytes: [UInt8]) throws {
            let parts = bytes.dropFirst().split(separator: 0x1F, maxSplits: 2, omittingEmptySubsequences: false)
                .compactMap { String(validating: $0, as: UTF8.self) }
            guard parts.count == 3, !parts[0].isEmpty, let digit = bytes.first else { return }
            let format = FilePlace.Format.allCases[Int(digit & 3)]
            guard let document = try? format.document(of: parts[2]) else { return }
            try checkSetting(parts[0], to: parts[1], in: document, of: parts[2], format)
            if format.hasComments { try checkBookkeeping(in: document, format) }
        }

        private static func checkSetting(
            _ key: String, to value: String, in document: any PublishedDocument, of text: String,
            _ format: FilePlace.Format
        ) throws {
            let isMadeAnew = format == .json && document.isBlank
            try require(
                isMadeAnew || Array(document.text.utf8) == Array(text.utf8), "\(format): reading changes a file")
            var edited = document
            edited.set(key, to: value)
            let read = try reading(edited.text, format)
            try require(
                read.value(for: key).map { Array($0.utf8) } == Array(value.utf8),
                "\(format): what was set is read otherwise")
            var again = read
            again.set(key, to: value)
            try require(again.text == edited.text, "\(format): setting what is there changes a file")
            for other in others where format.name(of: other) != format.name(of: key) {
                try require(read.value(for: other) == document.value(for: other), "\(format): \(other) has changed")
            }
            if document.value(for: key) == nil, format != .json {
                try require(
                    edited.text.utf8.starts(with: text.utf8), "\(format): adding a key changes what stands above")
            }
            var (before, after) = (document, edited)
            before.remove(key)
            after.remove(key)
            guard !before.isBlank else { return }
            try require(
                lines(before.text) == lines(after.text), "\(format): setting a key changes what stands beside it")
            _ = try reading(after.text, format)
        }

        private static func checkBookkeeping(in document: any PublishedDocument, _ format: FilePlace.Format) throws {
            let bookkeeping = StoreSnapshot.Bookkeeping(primary: "west", epoch: 3, ledger: "led1", generation: 7)
            var edited = document
            edited.set(bookkeeping, of: binding)
            let read = try reading(edited.text, format)
            try require(read.bookkeeping(of: binding) == bookkeeping, "\(format): bookkeeping is read otherwise")
            for key in others {
                try require(
                    read.value(for: key) == document.value(for: key), "\(format): bookkeeping has changed \(key)")
            }
        }

        private static func reading(_ text: String, _ format: FilePlace.Format) throws -> any PublishedDocument {
            do throws(UneditableFile) {
                return try format.document(of: text)
            } catch {
                throw Broken("\(format): a file that was written \(error.reason)")
            }
        }

        /// Bytes of the lines; the last one may have got its end.
        private static func lines(_ text: String) -> [UInt8] {
            var bytes = Array(text.utf8)
            while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
            return bytes
        }
    }
#endif
