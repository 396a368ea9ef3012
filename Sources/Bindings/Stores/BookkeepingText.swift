import Domain
import Execution
import FoundationEssentials
import TextForms

/// Bookkeeping of a store that keeps it in a place of its own, beside the data: one JSON object with a member for each
/// binding.
enum BookkeepingText {
    /// What a key is called that holds the bookkeeping of another key.
    static func key(beside key: String) -> String { "\(key).spillway" }

    /// Every binding's bookkeeping in a text; none in no text.
    ///
    /// - Throws: `rejected` for a text that is something else.
    static func decode(
        _ text: [UInt8]?, at place: String
    ) throws(StepFailure) -> [String: StoreSnapshot.Bookkeeping] {
        guard let text else { return [:] }
        do {
            return try JSONDecoder().decode([String: StoreSnapshot.Bookkeeping].self, from: Data(text))
        } catch {
            throw StepFailure(.rejected, "\(place) is not Spillway's bookkeeping; it was left as it is")
        }
    }

    /// The text for some bindings; equal bookkeeping is equal text.
    static func encode(_ all: [String: StoreSnapshot.Bookkeeping]) throws(StepFailure) -> [UInt8] {
        do {
            return Array(try SortedJSON.data(all))
        } catch {
            throw StepFailure(.broken, "bookkeeping cannot be written as JSON")
        }
    }
}

/// One document under one key, with its bookkeeping under the key beside it: how key-value stores keep a binding.
struct KeyedDocument<Revision: Sendable>: Sendable {
    /// A value with the store's revision of it.
    struct Entry: Sendable {
        let bytes: [UInt8]
        let revision: Revision
    }

    let document: Entry?
    let bookkeeping: Entry?

    /// The parts of it that concern a binding.
    ///
    /// - Throws: `rejected` when the document or what stands beside it cannot be understood.
    func reading(
        _ keys: StoreKeys, _ format: FilePlace.Format, at place: String
    ) throws(StepFailure) -> StoreReading<Self> {
        var reading = StoreReading(version: self)
        let text = try parsed(format, at: place)
        for key in keys.all { reading.values[key] = text.value(for: key).map(Secret.init) }
        reading.bookkeeping = try BookkeepingText.decode(bookkeeping?.bytes, at: "the key beside \(place)")[
            keys.binding]
        return reading
    }

    /// The texts of document and bookkeeping once they hold a content; everything of others stays.
    func holding(
        _ content: StoreContent, _ format: FilePlace.Format, at place: String
    ) throws(StepFailure) -> (document: [UInt8], bookkeeping: [UInt8]) {
        var text = try parsed(format, at: place)
        for key in content.dropped { text.remove(key) }
        for (key, value) in content.properties.sorted(by: { $0.key < $1.key }) { text.set(key, to: value) }
        var all = try BookkeepingText.decode(bookkeeping?.bytes, at: "the key beside \(place)")
        all[content.binding] = content.bookkeeping
        return (Array(text.text.utf8), try BookkeepingText.encode(all))
    }

    private func parsed(
        _ format: FilePlace.Format, at place: String
    ) throws(StepFailure) -> any PublishedDocument {
        guard let text = String(validating: document?.bytes ?? [], as: UTF8.self) else {
            throw StepFailure(.rejected, "\(place) is not UTF-8 text; it was left as it is")
        }
        do throws(UneditableFile) {
            return try format.document(of: text)
        } catch {
            throw StepFailure(.rejected, "\(place) \(error.reason); it was left as it is")
        }
    }
}
