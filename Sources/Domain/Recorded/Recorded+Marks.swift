/// Fields of a row that are no field of the live object: they say how to read the others.
extension Recorded.Owned {
    /// Says with which key the fingerprints of a row were made.
    package static let fingerprintKeyMark = "fingerprintKey"
    /// Says of a publication that was taken over as another ledger left it: that ledger's id.
    package static let publishedByMark = "ledger"

    /// What tells the key of its fingerprints from others; `nil` when it has none.
    package var fingerprintKeyID: String? { applied[Self.fingerprintKeyMark] }

    /// The same row, where the secrets of its object count as not known.
    package var withoutFingerprints: Recorded.Owned {
        var owned = self
        owned.applied = applied.filter { field, _ in
            field != Self.fingerprintKeyMark && !Self.isFingerprint(field)
        }
        return owned
    }

    /// The same row of a publication, as one that another ledger left.
    package func published(byLedger ledger: String) -> Recorded.Owned {
        var owned = self
        owned.applied[Self.publishedByMark] = ledger
        return owned
    }

    /// Whether a field holds a fingerprint of a secret.
    package static func isFingerprint(_ field: String) -> Bool {
        field == "credentials" || field.hasPrefix("secrets.")
    }
}
