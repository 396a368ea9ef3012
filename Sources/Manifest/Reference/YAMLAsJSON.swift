import Diagnostics

/// YAML that is no manifest, as JSON, for rooms that do not read YAML themselves: a kubeconfig.
package enum YAMLAsJSON {
    /// Why a text cannot be read: a line and what is wrong there, never its content.
    package struct Unreadable: Error {
        /// What is wrong, with its line.
        package let reason: String
    }

    /// The only document of a YAML text as JSON; members that are null are left out. No text at all is `{}`.
    package static func convert(_ bytes: [UInt8]) throws(Unreadable) -> [UInt8] {
        var findings = Findings()
        let documents = YAMLReader().documents(of: bytes, path: "", into: &findings)
        if let problem = findings.collector.sorted.first(where: { $0.severity == .error }) {
            let line = problem.span.map { "line \($0.start.line): " } ?? ""
            throw Unreadable(reason: line + problem.message)
        }
        guard documents.count <= 1 else { throw Unreadable(reason: "it holds several documents") }
        let document = documents.first.flatMap { OrderedJSON($0) } ?? .object([])
        return Array(document.formatted.utf8)
    }
}

extension OrderedJSON {
    /// The value of a node; `nil` for null.
    fileprivate init?(_ node: Node) {
        switch node.content {
        case .sequence(let items): self = .array(items.compactMap { OrderedJSON($0) })
        case .mapping(let mapping):
            self = .object(
                mapping.entries.compactMap { entry in
                    OrderedJSON(entry.value).map { Member(key: entry.key, value: $0) }
                })
        case .scalar(let scalar):
            switch scalar.resolved {
            case .null: return nil
            case .boolean(let flag): self = .boolean(flag)
            case .integer(let number): self = .number(number)
            case .number, .text: self = .text(scalar.text)
            }
        }
    }
}
