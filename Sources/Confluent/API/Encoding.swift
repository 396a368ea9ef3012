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
