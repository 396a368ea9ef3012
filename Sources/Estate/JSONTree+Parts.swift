import TextForms

extension JSONTree {
    /// A text, where it is one.
    var string: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// A whole number, where it is one.
    var integer: Int? {
        if case .int(let number) = self { Int(exactly: number) } else { nil }
    }

    /// The items of a list; none where it is something else.
    var items: [JSONTree] {
        if case .list(let items) = self { items } else { [] }
    }

    /// The members of an object; none where it is something else.
    var members: [String: JSONTree] {
        if case .object(let members) = self { members } else { [:] }
    }

    subscript(name: String) -> JSONTree? { members[name] }
}
