/// The values a config takes, as the broker reads them: what is one value, however it is written, and what is none.
package enum ConfigValues: Hashable, Sendable {
    /// Whole numbers in a range, with the unit that manifests may write.
    case integer(ClosedRange<Int64>, Unit = .none)
    /// Decimal numbers in a range.
    case decimal(ClosedRange<Double>)
    case boolean
    /// One of some words.
    case word([String])
    /// A list, separated by commas, whose order says nothing: of some words, or of anything when there are none.
    case list([String])
    /// A list of replicas, `partition:broker`, or `*` for all of them.
    case replicas
    case text

    /// What a number counts.
    package enum Unit: Hashable, Sendable {
        case none
        case milliseconds
        case bytes
    }

    /// The canonical text of a value: what the broker answers whatever was written, `7d` and `0604800000` alike.
    ///
    /// - Returns: `nil` when the text is no value of the type at all.
    package func canonical(_ text: String) -> String? {
        let trimmed = ConfigText.trimmed(text)
        switch self {
        case .integer(_, let unit): return Self.integer(trimmed, unit).map(String.init)
        case .decimal:
            guard let number = Double(trimmed), number.isFinite else { return nil }
            let text = String(number)
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        case .boolean:
            let word = trimmed.lowercased()
            return word == "true" || word == "false" ? word : nil
        case .word(let words): return Self.known(trimmed, among: words)
        case .list(let words):
            let items = ConfigText.items(text)
            let known = words.isEmpty ? items : items.compactMap { Self.known($0, among: words) }
            guard known.count == items.count else { return nil }
            return Set(known).sorted().joined(separator: ",")
        case .replicas:
            let items = ConfigText.items(text)
            guard items == ["*"] || items.allSatisfy(ConfigText.isReplica) else { return nil }
            return Set(items).sorted().joined(separator: ",")
        case .text: return text
        }
    }

    /// What is wrong with a value, as the end of a sentence: `is no whole number`; `nil` when the broker takes it.
    package func fault(of text: String) -> String? {
        guard canonical(text) != nil else { return malformed(text) }
        let trimmed = ConfigText.trimmed(text)
        switch self {
        case .integer(let range, let unit):
            guard let number = Self.integer(trimmed, unit) else { return nil }
            if number < range.lowerBound { return "is below the least value, \(range.lowerBound)" }
            return number > range.upperBound ? "is above the greatest value, \(range.upperBound)" : nil
        case .decimal(let range):
            guard let number = Double(trimmed), !range.contains(number) else { return nil }
            return "is not between \(range.lowerBound) and \(range.upperBound)"
        case .word(let words):
            return Self.known(trimmed, among: words) == trimmed ? nil : "is written in other letters than Kafka reads"
        case .list(let words):
            let items = ConfigText.items(text)
            if items.isEmpty, !words.isEmpty { return "is empty" }
            if !words.isEmpty, items.count != text.split(separator: ",", omittingEmptySubsequences: false).count {
                return "has an item that is empty"
            }
            return words.isEmpty || items.allSatisfy(words.contains)
                ? nil : "is written in other letters than Kafka reads"
        case .boolean, .replicas, .text: return nil
        }
    }

    private func malformed(_ text: String) -> String {
        switch self {
        case .integer(_, .none): "is no whole number of 64 bits"
        case .integer(_, .milliseconds): "is no whole number of milliseconds, and no duration"
        case .integer(_, .bytes): "is no whole number of bytes, and no size"
        case .decimal: "is no number"
        case .boolean: "is neither `true` nor `false`"
        case .word(let words), .list(let words): "is none of \(words.joined(separator: ", "))"
        case .replicas: "is neither `*` nor a list of replicas"
        case .text: "cannot be read"
        }
    }

    /// How values look, for advice.
    package var example: String? {
        switch self {
        case .integer(let range, .none):
            range.upperBound == .max
                ? "a whole number from \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
        case .integer(_, .milliseconds): "for example `604800000` or `7d`"
        case .integer(_, .bytes): "for example `1073741824` or `1GiB`"
        case .decimal(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "`true` or `false`"
        case .word(let words): "one of " + words.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let words):
            words.isEmpty ? nil : "some of " + words.map { "`\($0)`" }.joined(separator: ", ") + ", separated by commas"
        case .replicas: "`*`, or for example `0:101,1:102`: a partition and a broker each, separated by commas"
        case .text: nil
        }
    }

    private static func integer(_ text: String, _ unit: Unit) -> Int64? {
        if let number = Int64(text) { return number }
        switch unit {
        case .none: return nil
        case .milliseconds: return Duration(manifest: text)?.wholeMilliseconds
        case .bytes: return ByteCount.parse(text)
        }
    }

    private static func known(_ text: String, among words: [String]) -> String? {
        words.first { $0 == text } ?? words.first { $0.lowercased() == text.lowercased() }
    }
}

/// The texts that brokers read configs from.
enum ConfigText {
    /// The text without spaces around it, as `ConfigDef.parseType` of Kafka takes it.
    static func trimmed(_ text: some StringProtocol) -> String {
        var view = text.unicodeScalars[...]
        while let first = view.first, first.value <= 0x20 { view.removeFirst() }
        while let last = view.last, last.value <= 0x20 { view.removeLast() }
        return String(String.UnicodeScalarView(view))
    }

    /// Whether an item is a partition and a broker, as `ThrottledReplicaListValidator` of Kafka reads it.
    static func isReplica(_ item: String) -> Bool {
        let parts = item.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) } }
    }

    /// The items of a list.
    static func items(_ text: String) -> [String] {
        text.split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
    }
}
