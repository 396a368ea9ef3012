import FoundationEssentials

/// Base64 (RFC 4648) as it is searched for.
package enum Base64 {
    /// The characters without padding.
    package static func unpadded(_ bytes: [UInt8]) -> [UInt8] {
        Array(Data(bytes).base64EncodedString().utf8.prefix { $0 != UInt8(ascii: "=") })
    }

    /// A character as the alphabet for URLs has it.
    package static func inURLs(_ character: UInt8) -> UInt8 {
        switch character {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: character
        }
    }
}
