package import SimulatorCore

/// A schema exporter: it lives on its source registry and writes to another one.
package struct SchemaExporter: Sendable {
    package enum State: String, Sendable {
        case starting = "STARTING"
        case running = "RUNNING"
        case paused = "PAUSED"
    }

    enum ContextType: String, Sendable {
        case automatic = "AUTO"
        case custom = "CUSTOM"
        case none = "NONE"
    }

    /// How fast exporters work, in milliseconds of the simulator's clock.
    package struct Pace: Sendable {
        /// From STARTING to RUNNING.
        package var start: Milliseconds = 1_000
        /// From a change in the source to its first attempt.
        var delay: Milliseconds = 200
        /// Between two batches.
        var interval: Milliseconds = 100
        /// After a failed attempt.
        var retry: Milliseconds = 1_000
        /// Changes looked at in one batch.
        var batch = 500
    }

    package let name: String
    var contextType: ContextType
    /// The destination's context with CUSTOM, with its leading dot.
    var context: String?
    /// As it was given, for reading it back.
    var givenContext: String?
    var subjects: [String]
    var subjectRenameFormat: String?
    var kekRenameFormat: String?
    package var config: [String: String]

    package var state = State.starting
    /// The next entry of the source's log.
    var position = 0
    /// When the last batch succeeded; 0 before.
    var progressed: Milliseconds = 0
    /// Why the last attempt failed; empty after a success.
    var trace = ""
    /// When it may act next; the log may put it off further.
    var notBefore: Milliseconds
    /// Whether the destination has accepted the credentials since the last start.
    var isConnected = false
}

extension SchemaExporter {
    static let hidden = "[hidden]"

    private static func isSecret(_ key: String) -> Bool {
        key == "basic.auth.user.info" || key.hasSuffix("password") || key.hasSuffix("secret") || key.hasSuffix("token")
    }

    var maskedConfig: JSON {
        .object(
            config.sorted { $0.key < $1.key }.map { key, value in
                JSON.Member(name: key, value: .string(Self.isSecret(key) ? Self.hidden : value))
            })
    }

    /// The definition as GET shows it.
    package var json: JSON {
        var value: JSON = ["name": .string(name), "contextType": .string(contextType.rawValue)]
        if let givenContext { value.append("context", .string(givenContext)) }
        value.append("subjects", JSON(subjects))
        if let subjectRenameFormat { value.append("subjectRenameFormat", .string(subjectRenameFormat)) }
        if let kekRenameFormat { value.append("kekRenameFormat", .string(kekRenameFormat)) }
        value.append("config", maskedConfig)
        return value
    }

    var statusJSON: JSON {
        [
            "name": .string(name), "state": .string(state.rawValue), "offset": JSON(position),
            "ts": JSON(progressed), "trace": .string(trace),
        ]
    }

    /// The pair it signs in with at the destination; `nil` when the config holds none, or the mask.
    package var credentials: Credentials? {
        guard config["basic.auth.credentials.source"] == "USER_INFO", let pair = config["basic.auth.user.info"],
            let colon = pair.firstIndex(of: ":")
        else { return nil }
        return Credentials(key: String(pair[..<colon]), secret: String(pair[pair.index(after: colon)...]))
    }

    /// The destination's address without a context suffix, and the context the suffix pins.
    var destination: (url: String, context: String) {
        var url = config["schema.registry.url"] ?? ""
        if let comma = url.firstIndex(of: ",") { url = String(url[..<comma]) }
        while url.hasSuffix("/") { url.removeLast() }
        let parts = url.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[parts.count - 2] == "contexts", let last = parts.last else {
            return (url, QualifiedSubject.defaultContext)
        }
        let context = last.hasPrefix(":") ? QualifiedSubject(String(last)).context : String(last)
        return (parts.dropLast(2).joined(separator: "/"), context)
    }

    /// Whether a subject of the source is to be copied.
    func selects(_ subject: QualifiedSubject) -> Bool {
        subjects.contains { Self.pattern($0, matches: subject) }
    }

    private static func pattern(_ pattern: String, matches subject: QualifiedSubject) -> Bool {
        if pattern.hasPrefix(QualifiedSubject.everyContext) {
            let name = pattern.dropFirst(QualifiedSubject.everyContext.count)
            return name.isEmpty || wildcard(String(name), matches: subject.name)
        }
        let qualified = QualifiedSubject(pattern)
        guard qualified.context == subject.context else { return false }
        return qualified.isContext || wildcard(qualified.name, matches: subject.name)
    }

    private static func wildcard(_ pattern: String, matches name: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }

    /// The name a subject of the source gets at the destination.
    ///
    /// AUTO and CUSTOM put their context before the source's; NONE keeps it, and a context pinned by the address takes
    /// what is unqualified.
    func destinationName(of subject: QualifiedSubject, from source: String) -> QualifiedSubject {
        let name = subjectRenameFormat.map { Self.replacing("${subject}", in: $0, with: subject.name) } ?? subject.name
        let isDefault = subject.context == QualifiedSubject.defaultContext
        switch contextType {
        case .none: return QualifiedSubject(context: isDefault ? destination.context : subject.context, name: name)
        case .automatic, .custom:
            let prefix = contextType == .custom ? context ?? QualifiedSubject.defaultContext : ".\(source)"
            return QualifiedSubject(context: isDefault ? prefix : prefix + subject.context, name: name)
        }
    }

    /// Whether copying a subject inside its own registry would only copy what this exporter wrote itself.
    func feedsItself(with subject: QualifiedSubject, from source: String) -> Bool {
        let target = destinationName(
            of: QualifiedSubject(context: QualifiedSubject.defaultContext, name: ""), from: source)
        return target.context == subject.context || subject.context.hasPrefix(target.context + ".")
            || destinationName(of: subject, from: source).context == subject.context
    }

    private static func replacing(_ variable: String, in format: String, with value: String) -> String {
        var result = ""
        var rest = format[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix(variable) {
                result += value
                rest = rest.dropFirst(variable.count)
            } else {
                result.append("$")
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }
}
