import Diagnostics
import Foundation
import Logging

/// One line a log line, on stderr; what servers said in it is made harmless.
struct TextLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    private let label: String

    init(label: String) {
        self.label = label
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }).sorted { $0.key < $1.key }
            .map { " \($0.key)=\($0.value.description)" }.joined()
        let time = Date().formatted(Date.ISO8601FormatStyle())
        Console(.standardError).write(
            PlainText.line("\(time) \(event.level.rawValue) \(label):\(fields) \(event.message.description)") + "\n")
    }
}
