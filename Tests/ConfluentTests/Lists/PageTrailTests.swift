@testable import Confluent
import Testing
import Transport

/// Lists in pages are read to their end, or it is told that they are not.
@Suite struct PageTrailTests {
    private let first = RequestPath("/v3/clusters").querying("page_size", "99")

    @Test("The next page is the same list with what next adds, whatever host it names")
    func follows() throws {
        var trail = PageTrail(from: first)
        let second = try trail.page(after: "https://elsewhere.example/x?page_size=10&page_token=a%2Fb%3D")
        #expect(second?.description == "/v3/clusters?page_size=99&page_token=a%2Fb%3D")
        let third = try trail.page(after: "/v3/clusters?page_token=c")
        #expect(third?.description == "/v3/clusters?page_size=99&page_token=c")
        #expect(try trail.page(after: nil) == nil)
        #expect(try trail.page(after: "") == nil)
    }

    @Test("A next that leads nowhere, or in a circle, is an error and never a shorter list")
    func astray() throws {
        var trail = PageTrail(from: first)
        #expect(throws: JSONFault.self) { try trail.page(after: "https://x/v3/clusters") }
        #expect(throws: JSONFault.self) { try trail.page(after: "?page_size=99") }
        #expect(throws: JSONFault.self) { try trail.page(after: "?page_token=%zz") }
        _ = try trail.page(after: "?page_token=a")
        #expect(throws: JSONFault.self) { try trail.page(after: "?page_token=a") }
    }

    @Test("A streamed list says where it goes on")
    func next() throws {
        let row = #"{"topic_name":"a","partitions_count":1,"replication_factor":3}"#
        let text = #"{"data":[\#(row)],"metadata":{"self":"s","next":"https:\/\/x?page_token=2"}}"#
        for size in [1, 7, 1000] {
            var reader = JSONListReader(TopicRows())
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                try bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { try reader.receive($0) }
            }
            try reader.finish()
            #expect(reader.next == "https://x?page_token=2")
            #expect(reader.collector.topics.keys.sorted() == ["a"])
        }
    }

    @Test("A list whose data is null or missing is none", arguments: [#"{"data":null}"#, "{}", #"{"data":"x"}"#])
    func noData(text: String) {
        #expect(throws: JSONFault.self) {
            var reader = JSONListReader(TopicRows())
            try Array(text.utf8).withUnsafeBytes { try reader.receive($0) }
            try reader.finish()
        }
    }
}
