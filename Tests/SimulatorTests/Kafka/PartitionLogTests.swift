import Testing

@testable import SimulatedConfluent

@Suite("Partition logs")
struct PartitionLogTests {
    private func segment(_ origin: UInt32, _ offset: Int64, _ length: Int64) -> Segment {
        Segment(origin: origin, isAcknowledged: true, originOffset: offset, length: length)
    }

    @Test("records appended one after the other are one segment")
    func coalesces() {
        var log = PartitionLog()
        for offset in 0..<1_000 { log.append(segment(0, Int64(offset), 1)) }
        #expect(log.segments == [segment(0, 0, 1_000)])
        log.append(segment(1, 0, 5))
        #expect(log.segments.count == 2)
        #expect(log.end == 1_005)
    }

    @Test("a slice keeps the identity of what it copies")
    func slices() {
        var log = PartitionLog()
        log.append(segment(0, 0, 10))
        log.append(segment(1, 100, 10))
        #expect(log.slice(from: 5, limit: 10) == [segment(0, 5, 5), segment(1, 100, 5)])
        #expect(log.slice(from: 20, limit: 10).isEmpty)
    }

    @Test("truncation cuts back and says how many went")
    func truncates() {
        var log = PartitionLog()
        log.append(segment(0, 0, 10))
        log.append(segment(1, 0, 10))
        #expect(log.truncate(to: 7) == 13)
        #expect(log.segments == [segment(0, 0, 7)])
        #expect(log.end == 7)
        #expect(log.truncate(to: 50) == 0)
    }

    @Test("two logs are alike up to the first record that differs")
    func compares() {
        var left = PartitionLog()
        left.append(segment(0, 0, 10))
        var right = left
        left.append(segment(0, 10, 5))
        right.append(segment(1, 0, 5))
        #expect(left.commonEnd(with: right) == 10)
        #expect(right.commonEnd(with: left) == 10)
        #expect(left.commonEnd(with: left) == 15)
    }
}
