import Domain

/// Which topics a family takes, declared or selected: its patterns are compiled once.
struct FamilyTopics {
    private struct Selector {
        let include: [Glob]
        let exclude: [Glob]
        let allowed: Set<String>
    }

    let declared: Set<String>
    private let selectors: [Selector]

    init(declared: Set<String>, selectors: [TopicSelector]) {
        self.declared = declared
        self.selectors = selectors.map { selector in
            Selector(
                include: selector.include.map { Glob($0) }, exclude: selector.exclude.map { Glob($0) },
                allowed: Set(selector.allowInternal))
        }
    }

    func contains(_ topic: String, isInternal: Bool = false) -> Bool {
        if declared.contains(topic) { return true }
        return selectors.contains { selector in
            if selector.allowed.contains(topic) { return true }
            return !isInternal && !InternalTopics.contains(topic)
                && selector.include.contains { $0.matches(topic) } && !selector.exclude.contains { $0.matches(topic) }
        }
    }
}
