import Crypto
package import Domain
import TextForms

/// Makes fingerprints of secrets: HMAC-SHA-256 under a key that never leaves the state, or that the workspace names.
package struct Fingerprinter: Sendable {
    private let key: SymmetricKey
    private let isKept: Bool

    /// A fingerprinter with the key of a state store or of `spec.state.fingerprintKey`.
    package init(key: Secret) {
        self.key = key.reveal { SymmetricKey(data: Array($0.utf8)) }
        isKept = true
    }

    /// A fingerprinter whose key is drawn anew and forgotten: its fingerprints tell secrets of one plan apart.
    package init() {
        key = SymmetricKey(size: .bits256)
        isKept = false
    }

    /// What tells this key from another one; `nil` when nobody keeps it.
    package var keyID: String? {
        isKept ? String(fingerprint(Secret("the key itself")).hexadecimal.prefix(16)) : nil
    }

    /// The fingerprint of a secret: equal for equal secrets under the same key.
    package func fingerprint(_ secret: Secret) -> Fingerprint {
        let code = secret.reveal { HMAC<SHA256>.authenticationCode(for: Array($0.utf8), using: key) }
        return Fingerprint(hexadecimal: Hexadecimal.text(code))
    }
}
