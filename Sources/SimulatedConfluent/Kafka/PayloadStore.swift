package import SimulatorCore

/// Keys, values and headers of records produced over REST, found through the segments that stand for them.
package struct PayloadStore: Sendable {
    package struct Place: Sendable, Hashable {
        package var origin: UInt32
        package var partition: Int
        var offset: Int64
    }

    package struct Payload: Sendable, Equatable {
        package var key: JSON?
        package var value: JSON?
        package var headers: JSON?
        package var timestamp: Milliseconds
    }

    private var payloads: [Place: Payload] = [:]

    mutating func keep(_ payload: Payload, at place: Place) {
        payloads[place] = payload
    }

    /// The payloads a log holds, by their offset in it.
    package func payloads(in log: PartitionLog, partition: Int) -> [(offset: Int64, payload: Payload)] {
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
