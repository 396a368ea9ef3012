import Domain
import TextForms

/// What makes a ledger the one it is.
struct LedgerIdentity: Sendable {
    /// Random id.
    let ledgerID: String
    let created: Timestamp
    /// Key of the fingerprints of secrets.
    let fingerprintKey: Secret

    init(ledgerID: String, created: Timestamp, fingerprintKey: Secret) {
        self.ledgerID = ledgerID
        self.created = created
        self.fingerprintKey = fingerprintKey
    }

    /// A new one.
    static func draw(at time: Timestamp) -> LedgerIdentity {
        LedgerIdentity(
            ledgerID: randomText(bytes: 4), created: time, fingerprintKey: Secret(randomText(bytes: 32)))
    }

    /// Random bytes of the operating system, as lower-case hexadecimal text.
    private static func randomText(bytes count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return Hexadecimal.text((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
