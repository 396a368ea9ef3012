/// A key and its secret, as Basic authentication carries them.
package struct Credentials: Sendable, Hashable {
    package var key: String
    package var secret: String

    package init(key: String, secret: String) {
        self.key = key
        self.secret = secret
    }

    /// The pair that every endpoint of the simulator accepts.
    package static let everywhere = Credentials(key: "SIMULATOR", secret: "simulator-secret")
}

extension Request {
    /// The pair in the `authorization` field; `nil` when there is none or it is no Basic authentication.
    package var credentials: Credentials? {
        guard let field = headers["authorization"], field.lowercased().hasPrefix("basic "),
            let bytes = Base64.decode(String(field.dropFirst(6))),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return Credentials(
            key: String(decoding: bytes[..<colon], as: UTF8.self),
            secret: String(decoding: bytes[(colon + 1)...], as: UTF8.self))
    }

    /// The body as JSON; `nil` when it is none.
    package var json: JSON? {
        try? JSON(parsing: body)
    }
}
