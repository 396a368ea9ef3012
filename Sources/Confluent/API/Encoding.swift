import Transport

extension HTTPEndpoint {
    /// The call with a JSON body.
    func encoding(
        _ value: some Encodable, into call: HTTPCall, mediaType: String = "application/json"
    ) throws(TransportFailure) -> HTTPCall {
        do throws(HTTPCall.BodyNotEncodable) {
            return try call.json(value, mediaType: mediaType)
        } catch {
            throw failure(.malformed("the request has no JSON form"), call)
        }
    }
}

/// Percent-encoding of URLs that services send.
enum PercentEncoding {
    /// The text with its escapes read; `nil` when one is broken.
    static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next(), let low = rest.next(),
                    let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(value)
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
