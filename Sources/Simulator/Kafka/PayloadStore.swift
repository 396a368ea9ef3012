/// Keys, values and headers of records produced over REST, found through the segments that stand for them.
struct PayloadStore: Sendable {
    struct Place: Sendable, Hashable {
        var origin: UInt32
        var partition: Int
        var offset: Int64
    }

    struct Payload: Sendable, Equatable {
        var key: JSON?
        var value: JSON?
        var headers: JSON?
        var timestamp: Milliseconds
    }

    private var payloads: [Place: Payload] = [:]

    mutating func keep(_ payload: Payload, at place: Place) {
        payloads[place] = payload
    }

    /// The payloads a log holds, by their offset in it.
    func payloads(in log: PartitionLog, partition: Int) -> [(offset: Int64, payload: Payload)] {
        var found: [(offset: Int64, payload: Payload)] = []
        var position = log.start
        for segment in log.segments {
            for step in 0..<segment.length {
                let place = Place(origin: segment.origin, partition: partition, offset: segment.originOffset + step)
                if let payload = payloads[place] { found.append((position + step, payload)) }
            }
            position += segment.length
        }
        return found
    }
}
