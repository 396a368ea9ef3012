import Execution
import FoundationEssentials

/// Words of a service, as they may be told: without secrets, and without characters that command a terminal.
///
/// Fields of answers in which a service speaks freely have this type, so that what it repeats of a request goes no
/// further.
package struct ServiceText: Decodable, Hashable, Sendable {
    /// What may be told.
    package let text: String

    /// Reads the words and cleans them with what the transport knows of secrets.
    package init(from decoder: any Decoder) throws {
        let words = try decoder.singleValueContainer().decode(String.self)
        let secrets = CodingUserInfoKey.knownSecrets.flatMap { decoder.userInfo[$0] as? KnownSecrets }
        text = secrets?.clean(words) ?? ""
    }
}

extension CodingUserInfoKey {
    fileprivate static let knownSecrets = CodingUserInfoKey(rawValue: "spillway.knownSecrets")
}

extension JSONDecoder {
    /// A decoder that knows which secrets must not be told.
    convenience init(knowing secrets: KnownSecrets) {
        self.init()
        if let key = CodingUserInfoKey.knownSecrets { userInfo[key] = secrets }
    }
}
