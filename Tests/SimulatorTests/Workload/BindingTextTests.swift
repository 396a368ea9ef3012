import Testing

@testable import SimulatedStores
@testable import SimulatorServer

@Suite("What applications read")
struct BindingTextTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let format: BindingText.Format
        let text: String
        var testDescription: String { format.rawValue }
    }

    static let examples = [
        Example(
            format: .properties,
            text: """
                # spillway.epoch=3
                ! a comment
                bootstrap.servers = lkc-w.us.simulated:9092
                sasl.username:KEY
                sasl.password=a\\=b\\u0063\\
                    d
                """),
        Example(
            format: .json,
            text: """
                {"bootstrap.servers": "lkc-w.us.simulated:9092", "sasl": {"username": "KEY", "password": "a=bcd"},
                 "port": 9092, "none": null}
                """),
        Example(
            format: .dotenv,
            text: """
                # comment
                export BOOTSTRAP_SERVERS=lkc-w.us.simulated:9092 # where
                SASL_USERNAME='KEY'
                SASL_PASSWORD="a=bc\\d"
                """),
        Example(
            format: .yaml,
            text: """
                ---
                # comment
                bootstrap.servers: "lkc-w.us.simulated:9092"
                'sasl.username': KEY # who
                sasl.password: 'a=bcd'
                """),
    ]

    @Test("is the same in every format", arguments: examples)
    func formats(_ example: Example) {
        let values = BindingText.values(Array(example.text.utf8), example.format) ?? [:]
        #expect(values["BOOTSTRAP_SERVERS"] == "lkc-w.us.simulated:9092")
        #expect(values["SASL_USERNAME"] == "KEY")
        #expect(values["SASL_PASSWORD"] == "a=bcd")
    }

    @Test("is nothing when a document is torn")
    func torn() {
        #expect(BindingText.values(Array("{\"a\": ".utf8), .json) == nil)
        #expect(BindingText.values([], .properties) == [:])
    }

    @Test("offsets are kept as ranges that merge")
    func ranges() {
        var ranges = OffsetRanges()
        #expect(ranges.insert(0..<10) == 0)
        #expect(ranges.insert(20..<30) == 0)
        #expect(ranges.insert(5..<25) == 10)
        #expect(ranges.ranges == [0..<30])
        #expect(ranges.insert(30..<31) == 0)
        #expect(ranges.ranges == [0..<31])
        #expect(ranges.missing(from: 25..<40) == 9)
        #expect(ranges.missing(from: 40..<50) == 10)
        #expect(ranges.insert(50..<60) == 0)
        #expect(ranges.count == 41)
        #expect(ranges.missing(from: 0..<60) == 19)
    }
}
