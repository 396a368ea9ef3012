#if DEBUG
    import Transport

    @testable import Confluent

    /// A list: a digit for what it lists, a byte for the size of pieces, and its text. In pieces it gives the same as whole;
    /// where it goes on is a page of the same list.
    enum ListsEntry {
        static func check(_ bytes: [UInt8]) throws {
            guard bytes.count > 2 else { return }
            let (text, size) = (bytes[2...], 1 + Int(bytes[1] & 31))
            switch bytes[0] & 3 {
            case 0: try compare(TopicRows(), text, size) { $0.topics }
            case 1: try compare(TopicConfigRows(), text, size) { $0.configs }
            case 2: try compare(MirrorRows(), text, size) { $0.mirrors }
            default:
                try compare(SchemaRows(), text, size) { $0.versions }
                try compare(SchemaRows(), text, size, isBare: true) { $0.versions }
            }
        }

        private static func compare<Collector: RowCollector, Rows: Equatable>(
            _ collector: Collector, _ text: ArraySlice<UInt8>, _ size: Int, isBare: Bool = false,
            _ rows: (Collector) -> Rows
        ) throws {
            let whole = reading(JSONListReader(collector, isBare: isBare), text, text.count)
            let pieces = reading(JSONListReader(collector, isBare: isBare), text, size)
            try require((whole == nil) == (pieces == nil), "in pieces of \(size) a list is as readable as whole")
            guard let whole, let pieces else { return }
            try require(rows(whole.collector) == rows(pieces.collector), "in pieces of \(size) a list has other rows")
            try require(whole.next == pieces.next, "in pieces of \(size) a list goes on elsewhere")
            var trail = PageTrail(from: "/kafka/v3/clusters")
            if let page = try? trail.page(after: whole.next) {
                try require(page.description.hasPrefix("/kafka/v3/clusters?"), "a list goes on at \(page)")
            }
        }

        private static func reading<Collector: RowCollector>(
            _ reader: JSONListReader<Collector>, _ text: ArraySlice<UInt8>, _ size: Int
        ) -> JSONListReader<Collector>? {
            var reader = reader
            var rest = text
            do {
                while !rest.isEmpty {
                    try rest.prefix(size).withUnsafeBytes { try reader.receive($0) }
                    rest = rest.dropFirst(size)
                }
                try reader.finish()
                return reader
            } catch {
                return nil
            }
        }
    }
#endif
