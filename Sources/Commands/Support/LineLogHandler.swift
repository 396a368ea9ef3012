import Diagnostics
import Domain
import Foundation
import Logging
import Session
import TextForms

/// One line a log line, on stderr; what servers said in it is made harmless.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    private let label: String
    private let format: LogFormat

    init(label: String, format: LogFormat) {
        self.label = label
        self.format = format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }).mapValues(\.description)
        let line = LogLine(
            time: Workbench.now, level: event.level.rawValue, label: label, message: event.message.description,
            fields: fields)
        switch format {
        case .text: Console(.standardError).write(line.text + "\n")
        case .json: Console(.standardError).write(line.json + "\n")
        }
    }
}

struct LogLine {
    let time: Timestamp
    let level: String
    let label: String
    let message: String
    let fields: [String: String]

    /// For people.
    var text: String {
        let fields = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        return PlainText.line("\(time.rfc3339InSeconds) \(level) \(label):\(fields) \(message)")
    }

    /// One JSON object.
    var json: String {
        var all = ["level": level, "label": label, "message": message]
        all["time"] = time.rfc3339
        all.merge(fields) { $1 }
        return (try? SortedJSON.text(all.mapValues { PlainText.line($0) })) ?? "{}"
    }
}
