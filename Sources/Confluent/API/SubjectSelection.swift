import Domain

/// Subjects in the notation of exporters: `*` is the default context, `orders*` a prefix in it, `:.ctx:*` a named
/// context, `:*:` every context.
struct SubjectSelection: Sendable {
    private struct Pattern: Sendable {
        /// `nil` = every context.
        let context: RegistryContext?
        let text: String
        let isPrefix: Bool

        init(_ subject: String) {
            var name = subject[...]
            if subject.hasPrefix(SubjectSelection.everyContext) {
                context = nil
                name = name.dropFirst(SubjectSelection.everyContext.count)
            } else {
                let (context, rest) = SchemaRegistryAPI.split(subject)
                self.context = context
                name = rest[...]
            }
            isPrefix = name.isEmpty || name.hasSuffix("*")
            text = String(name.hasSuffix("*") ? name.dropLast() : name)
        }

        func matches(_ subject: String, in context: RegistryContext) -> Bool {
            guard self.context == nil || self.context == context else { return false }
            return isPrefix ? subject.hasPrefix(text) : subject == text
        }
    }

    private static let everyContext = ":*:"

    private let patterns: [Pattern]

    init(_ subjects: [String]) {
        patterns = subjects.map(Pattern.init)
    }

    /// Whether a name of a list is selected.
    func contains(_ name: String) -> Bool {
        let (context, subject) = SchemaRegistryAPI.split(name)
        return patterns.contains { $0.matches(subject, in: context) }
    }

    /// Values of `subjectPrefix` that together list everything selected, one per context: without one the service lists
    /// the default context only.
    var prefixes: [String] {
        guard patterns.allSatisfy({ $0.context != nil }) else { return [Self.everyContext] }
        let contexts = Dictionary(grouping: patterns) { $0.context ?? .standard }
        return contexts.map { context, patterns in
            context.qualifier
                + patterns.dropFirst().reduce(patterns.first?.text ?? "") { $0.commonPrefix(with: $1.text) }
        }.sorted()
    }

    /// `:.:orders` and `orders` are one subject; this is how it is written here.
    static func shortest(_ name: String) -> String {
        let (context, subject) = SchemaRegistryAPI.split(name)
        return context.qualifier + subject
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
