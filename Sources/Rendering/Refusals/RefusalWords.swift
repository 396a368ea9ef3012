import Domain
package import Planning

/// What is refused, and the way out.
struct RefusalWords {
    let message: String
    let wayOut: String

    init(_ message: String, wayOut: String) {
        self.message = message
        self.wayOut = wayOut
    }

    /// The two ways to keep producers from writing; group `nil` = there is only one.
    static func declaringFence(of group: String?) -> String {
        #"declare `fence.denyWrites: ["User:*"]` (or `fence: {quiet: 10s}` when somebody else stops them)"#
            + (group.map { " in FailoverGroup \($0)" } ?? "")
    }
}

extension Refusal {
    /// What is refused, and why.
    package var message: String { reason.words.message }
    /// An edit or flag that lets it pass.
    package var wayOut: String { reason.words.wayOut }
}

extension RefusalReason {
    fileprivate var words: RefusalWords {
        switch self {
        case .identity(let reason): reason.words
        case .site(let reason): reason.words
        case .topic(let reason): reason.words
        case .link(let reason): reason.words
        case .mirrors(let reason): reason.words
        case .registry(let reason): reason.words
        case .binding(let reason): reason.words
        case .deletion(let reason): reason.words
        case .family(let reason): reason.words
        case .move(let reason, let move): reason.words(of: move).about(move)
        case .told(let message, let wayOut): RefusalWords(message, wayOut: wayOut)
        }
    }
}

extension RefusalWords {
    fileprivate func about(_ move: RefusedMove) -> RefusalWords {
        RefusalWords("\(move.kind.rawValue) from \(move.from) to \(move.to): \(message)", wayOut: wayOut)
    }
}

extension [Refusal] {
    /// As they are told: those of one subject by their words, but what members do not answer first.
    package var inOrder: [Refusal] {
        var (ordered, rest) = ([Refusal](), self[...])
        while let first = rest.first {
            let same = rest.prefix { $0.subject == first.subject && $0.isOfMembers == first.isOfMembers }
            ordered += same.map { ($0.message, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
            rest = rest.dropFirst(same.count)
        }
        return ordered
    }
}

extension Refusal {
    fileprivate var isOfMembers: Bool { gate == .members }
}
