@testable import Confluent
import Domain
import FoundationEssentials
import Testing
import Transport

/// The streaming reader says what `JSONDecoder` says, however the text is written and wherever it is cut.
@Suite struct JSONListReaderTests {
    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }

    private struct Configs: Decodable {
        struct Entry: Decodable {
            let topicName: String
            let name: String
            let value: String?
            let source: String
        }

        let data: [Entry]

        var explicit: [String: [String: String]] {
            var result: [String: [String: String]] = [:]
            for entry in data {
                result[entry.topicName, default: [:]][entry.name] =
                    entry.source == "DYNAMIC_TOPIC_CONFIG" ? entry.value : nil
            }
            return result
        }
    }

    private struct Mirrors: Decodable {
        struct Lag: Decodable {
            let partition: Int
            let lag: Int64
            let lastSourceFetchOffset: Int64
        }

        struct Row: Decodable {
            let linkName: String
            let mirrorTopicName: String
            let sourceTopicName: String
            let mirrorStatus: String
            let stateTimeMs: Int64
            let mirrorLags: [Lag]
        }

        let data: [Row]
    }

    private static func configs(_ writer: inout WildWriter) -> String {
        let topics = (0..<3).map { "\(writer.word())-\($0)" }
        let rows = (0..<Int.random(in: 0..<6, using: &writer.numbers)).map { index in
            let value = Bool.random(using: &writer.numbers) ? writer.text(writer.word()) : "null"
            let source =
                ["DYNAMIC_TOPIC_CONFIG", "DEFAULT_CONFIG", "STATIC_BROKER_CONFIG"]
                .randomElement(using: &writer.numbers) ?? ""
            return writer.object([
                ("topic_name", writer.text(topics.randomElement(using: &writer.numbers) ?? "")),
                ("name", writer.text("config\(index).\(writer.word())")), ("value", value),
                ("source", writer.text(source)), ("metadata", writer.anything()), ("synonyms", writer.anything()),
                ("is_default", "false"),
            ])
        }
        return writer.object([
            ("kind", writer.text("KafkaTopicConfigList")), ("metadata", writer.anything()),
            ("data", writer.array(rows)),
        ])
    }

    private static func mirrors(_ writer: inout WildWriter) -> String {
        let rows = (0..<Int.random(in: 0..<5, using: &writer.numbers)).map { _ in
            let lags = (0..<Int.random(in: 0..<4, using: &writer.numbers)).map { partition in
                writer.object([
                    ("partition", "\(partition)"), ("lag", "\(Int64.random(in: -1...(.max), using: &writer.numbers))"),
                    ("last_source_fetch_offset", "-1"), ("extra", writer.anything()),
                ])
            }
            return writer.object([
                ("link_name", writer.text(writer.word())), ("mirror_topic_name", writer.text(writer.word())),
                ("source_topic_name", writer.text(writer.word())), ("mirror_status", writer.text("ACTIVE")),
                ("state_time_ms", "1662878304410"), ("mirror_lags", writer.array(lags)), ("kind", writer.anything()),
            ])
        }
        return writer.object([("data", writer.array(rows)), ("metadata", writer.anything())])
    }

    @Test("Configs: equal to JSONDecoder for 300 texts in pieces of any size", arguments: 0..<300)
    func configs(seed: UInt64) throws {
        var writer = WildWriter(numbers: SeededNumbers(seed))
        let bytes = Array(Self.configs(&writer).utf8)
        let expected = try Self.decoder.decode(Configs.self, from: Data(bytes)).explicit
        let most = Int.random(in: 1...200, using: &writer.numbers)
        var sizes = writer.numbers
        let read = try collect(TopicConfigRows(), from: bytes) { _ in Int.random(in: 1...most, using: &sizes) }
        #expect(read.configs == expected)
    }

    @Test("Mirrors: equal to JSONDecoder for 300 texts in pieces of any size", arguments: 0..<300)
    func mirrors(seed: UInt64) throws {
        var writer = WildWriter(numbers: SeededNumbers(seed &+ 10_000))
        let bytes = Array(Self.mirrors(&writer).utf8)
        let expected = try Self.decoder.decode(Mirrors.self, from: Data(bytes)).data
        let most = Int.random(in: 1...200, using: &writer.numbers)
        var sizes = writer.numbers
        let read = try collect(MirrorRows(), from: bytes) { _ in Int.random(in: 1...most, using: &sizes) }.mirrors
        #expect(read.map(\.link) == expected.map(\.linkName))
        #expect(read.map(\.topic) == expected.map(\.mirrorTopicName))
        #expect(read.map(\.sourceTopic) == expected.map(\.sourceTopicName))
        #expect(read.map { $0.lags.map(\.lag) } == expected.map { $0.mirrorLags.map(\.lag) })
    }

    @Test("A cut anywhere before the end is noticed, at every place")
    func cutShort() {
        let text = Array(
            #"{"data":[{"topic_name":"a","partitions_count":3,"replication_factor":3}],"metadata":{"next":null}}"#.utf8)
        for end in 0..<text.count {
            #expect(throws: JSONFault.self, "cut at \(end)") {
                try collect(TopicRows(), from: Array(text[..<end])) { _ in 7 }
            }
        }
        #expect(throws: Never.self) { try collect(TopicRows(), from: text) { _ in 7 } }
    }

    @Test(
        "What is not a list of the API is refused",
        arguments: [
            "[]", #"{"kind":"x"}"#, #"{"data":{}}"#, #"{"data":[1]}"#, #"{"data":[{"partitions_count":3}]}"#,
            #"{"data":[{"topic_name":"a"} {"topic_name":"b"}]}"#, #"{"data":[{"topic_name":"a","x":[}]}]}"#,
            #"{"data":[{"topic_name":"\ud83d"}]}"#,
            #"{"data":[{"topic_name":"a","partitions_count":99999999999999999999}]}"#,
            #"{"data":[]}x"#, #"{"data":[{"topic_name":"a","partitions_count":1.5}]}"#,
            "{\"data\":[{\"topic_name\":\"a\u{1}\"}]}",
            #"{"data":[{"topic_name":"a","replication_factor":3}]}"#,
            #"{"data":[{"topic_name":"a","partitions_count":null,"replication_factor":3}]}"#,
            #"{"data":[{"topic_name":"a","partitions_count":3}]}"#,
        ])
    func notAList(text: String) {
        #expect(throws: JSONFault.self) { try collect(TopicRows(), from: text) }
    }

    @Test("Nesting without end is refused instead of followed")
    func deep() {
        let text = #"{"data":[{"x":"# + String(repeating: "[", count: 100_000)
        #expect(throws: JSONFault.self) { try collect(TopicRows(), from: text) }
    }

    @Test("A row without end is refused before it fills the memory")
    func endless() throws {
        var reader = JSONListReader(TopicRows())
        try Array(#"{"data":[{"topic_name":""#.utf8).withUnsafeBytes { try reader.receive($0) }
        let filling = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
        #expect(throws: CollectedBody.TooLarge.self) {
            for _ in 0..<40 { try filling.withUnsafeBytes { try reader.receive($0) } }
        }
    }

    @Test("data null is no list: nothing is said of what there is; unknown members and words are stepped over")
    func tolerance() throws {
        #expect(throws: JSONFault.self) { try collect(TopicRows(), from: #"{"data":null}"#) }
        let text =
            #"{"new":[1,{"a":"]"}],"data":[{"topic_name":"t","new":{"x":[true]},"is_internal":null,"#
            + #""partitions_count":6,"replication_factor":3}]}"#
        #expect(
            try collect(TopicRows(), from: text).topics == ["t": ObservedTopic(partitions: 6, replicationFactor: 3)])
    }

    @Test("A mirror that does not say how many partitions it has is not taken to have none")
    func partitionsOfMirrors() throws {
        func row(_ count: String) throws -> ObservedMirror? {
            let lags = #"[{"partition":0,"lag":0,"last_source_fetch_offset":5}]"#
            let text =
                #"{"data":[{"link_name":"l","mirror_topic_name":"t","mirror_status":"ACTIVE",\#(count)"#
                + #""mirror_lags":\#(lags)}]}"#
            return try collect(MirrorRows(), from: text).mirrors.first
        }
        #expect(try row(#""num_partitions":1,"#)?.doubt(holding: []) == nil)
        for count in ["", #""num_partitions":null,"#, #""num_partitions":2,"#] {
            #expect(try row(count)?.doubt(holding: []) == .incomplete)
        }
        #expect(throws: JSONFault.self) { try row(#""num_partitions":-1,"#) }
    }

    @Test(
        "A topic without explicit configs has an entry; what the service sets is read like all else: it may be declared"
    )
    func noise() throws {
        func row(_ topic: String, _ name: String, _ source: String) -> String {
            #"{"topic_name":"\#(topic)","name":"\#(name)","value":"v","source":"\#(source)"}"#
        }
        let rows = [
            row("a", "retention.ms", "DEFAULT_CONFIG"), row("b", "confluent.topic.type", "DYNAMIC_TOPIC_CONFIG"),
            row("b", "segment.ms", "DYNAMIC_TOPIC_CONFIG"), row("a", "min.insync.replicas", "STATIC_BROKER_CONFIG"),
        ]
        let read = try collect(TopicConfigRows(), from: #"{"data":[\#(rows.joined(separator: ","))]}"#)
        #expect(read.configs == ["a": [:], "b": ["segment.ms": "v", "confluent.topic.type": "v"]])
    }
}
