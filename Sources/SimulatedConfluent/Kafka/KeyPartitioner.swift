import SimulatorCore

/// Which partition a record with a key goes to: that of Kafka's default partitioner, so that records with equal keys stay
/// together, and where the clients of the real service would put them.
enum KeyPartitioner {
    package static func partition(of key: [UInt8], among count: Int) -> Int {
        Int(murmur2(key) & 0x7FFF_FFFF) % count
    }

    /// MurmurHash2 with Kafka's seed, over words of four bytes, the least significant first.
    static func murmur2(_ key: [UInt8]) -> UInt32 {
        let factor: UInt32 = 0x5BD1_E995
        let tailStart = key.count & ~3
        var hash = 0x9747_B28C ^ UInt32(truncatingIfNeeded: key.count)
        for start in stride(from: 0, to: tailStart, by: 4) {
            var word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(key[start + $1]) << (8 * UInt32($1)) }
            word &*= factor
            word = (word ^ word >> 24) &* factor
            hash = hash &* factor ^ word
        }
        if tailStart < key.count {
            for position in tailStart..<key.count {
                hash ^= UInt32(key[position]) << (8 * UInt32(position - tailStart))
            }
            hash &*= factor
        }
        hash = (hash ^ hash >> 13) &* factor
        return hash ^ hash >> 15
    }
}
