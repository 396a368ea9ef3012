package import SimulatorCore

extension JSON {
    /// The value at the end of member names; `nil` when there is none.
    package func value(at path: [String]) -> JSON? {
        var value: JSON? = self
        for name in path { value = value?[name] }
        return value
    }

    /// Sets or, with `nil`, removes a member below member names; objects on the way are made.
    mutating func set(_ value: JSON?, at path: [String]) {
        guard let name = path.first else { return }
        var members = members ?? []
        let index = members.firstIndex { $0.name == name }
        if path.count == 1 {
            switch (index, value) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): return
            }
        } else {
            if index == nil, value == nil { return }
            var child = index.map { members[$0].value } ?? [:]
            child.set(value, at: Array(path.dropFirst()))
            if let index { members[index].value = child } else { members.append(Member(name: name, value: child)) }
        }
        self = .object(members)
    }

    /// Whether two values are the same, whatever the order of members.
    func isSame(as other: JSON) -> Bool {
        switch (self, other) {
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { member in other[member.name].map(member.value.isSame) ?? false }
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        default: self == other
        }
    }
}
