import SimulatorCore

/// The entries that nobody set, as text that is cut where the topic's name goes.
struct ConfigTemplates: Sendable {
    /// In the order of lists: as they can be changed, and as they cannot.
    var open: [[[UInt8]]] = []
    var locked: [[[UInt8]]] = []
    var names: [String] = []
    var positions: [String: Int] = [:]
}

/// A list of topic configs as it was at one moment, written in pieces.
struct ConfigListPieces: Sendable {
    /// A topic's part of the list.
    struct Row: Sendable {
        package var topic: String
        var configs: [String: String]
        /// By position of the entry; empty when nothing is locked.
        var locked: [Bool]
    }

    let rows: [Row]
    let templates: ConfigTemplates
    let entries: ConfigEntryWriter

    /// All entries of some rows, with commas between them and before all but the list's first.
    func text(of range: Range<Int>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count * 17_000)
        for row in rows[range] { write(row, to: &text) }
        if range.lowerBound == 0 { text.removeFirst() }
        return text
    }

    /// Appends all entries of a topic, each with a comma before it.
    private func write(_ row: Row, to text: inout [UInt8]) {
        let name = Array(row.topic.utf8)
        let own = Set(row.configs.keys.compactMap { templates.positions[$0] })
        for position in templates.names.indices {
            text.append(UInt8(ascii: ","))
            let isLocked = !row.locked.isEmpty && row.locked[position]
            if !own.isEmpty, own.contains(position) {
                let config = templates.names[position]
                entries.entry(config, of: row.topic, row.configs[config], isLocked: isLocked).write(to: &text)
            } else {
                for (index, part) in (isLocked ? templates.locked : templates.open)[position].enumerated() {
                    if index > 0 { text.append(contentsOf: name) }
                    text.append(contentsOf: part)
                }
            }
        }
        guard own.count < row.configs.count else { return }
        for (config, value) in row.configs.sorted(by: { $0.key < $1.key }) where templates.positions[config] == nil {
            text.append(UInt8(ascii: ","))
            entries.entry(config, of: row.topic, value, isLocked: false).write(to: &text)
        }
    }
}
