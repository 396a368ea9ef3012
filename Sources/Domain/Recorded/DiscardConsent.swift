import TextForms

/// A consent to destroy copies, in the form of manifests and plans: `west@7-3f9a0c12d4e5`.
///
/// It names what it kills: the member, the epoch that made its copies stale, and, by a digest, the ledger of that epoch
/// and the very topics. A topic that becomes stale later is not covered by it, and one that was used is never asked for
/// again.
package struct DiscardConsent: Hashable, Sendable, CustomStringConvertible {
    /// The text that stands in `discard`.
    package let description: String

    /// The consent to destroy some copies.
    ///
    /// - Parameters:
    ///   - topics: Topics whose copies it covers.
    ///   - member: Member that holds them.
    ///   - epoch: Epoch that made them stale.
    ///   - ledger: Id of the ledger that was published with that epoch.
    ///   - used: Number of consents for this member and epoch that were used before.
    package init(of topics: some Sequence<String>, on member: String, epoch: Int, ledger: String, after used: Int) {
        var digest = StableDigest()
        for part in [member, String(epoch), ledger, String(used)] + topics.sorted() { digest.add(part) }
        description = "\(Self.beginning(member: member, epoch: epoch))\(digest.hexadecimal)"
    }

    /// What every token of a member and an epoch begins with.
    static func beginning(member: String, epoch: Int) -> String { "\(member)@\(epoch)-" }
}

/// Copies that a consent covers.
package struct DiscardedCopies: Hashable, Sendable, Codable {
    /// Member that holds them.
    package let member: String
    /// Topics, sorted.
    package let topics: [String]

    package init(of topics: some Sequence<String>, on member: String) {
        self.member = member
        self.topics = topics.sorted()
    }
}

/// A digest of texts that is the same on every machine and in every run (FNV-1a).
struct StableDigest {
    private static let digits = 12
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ text: String) {
        for byte in Array(text.utf8) + [0xFF] { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }

    var hexadecimal: String {
        String(Hexadecimal.text(state, digits: 16).suffix(Self.digits))
    }
}

extension RecordedMoves {
    /// The consent that has to be given to destroy some copies.
    ///
    /// - Parameters:
    ///   - epoch: Epoch that made them stale.
    ///   - ledger: Id of the ledger that was published with that epoch.
    package func token(
        for topics: some Sequence<String>, on member: String, epoch: Int, ledger: String
    ) -> String {
        let beginning = DiscardConsent.beginning(member: member, epoch: epoch)
        let used = discarded.count { $0.hasPrefix(beginning) }
        return DiscardConsent(of: topics, on: member, epoch: epoch, ledger: ledger, after: used).description
    }
}
