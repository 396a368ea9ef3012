/// One of the ways out that a refusal or a decision prints, in parts that need no understanding.
struct WayOut: CustomStringConvertible {
    /// One thing to do.
    enum Deed: Hashable {
        /// A line to commit: `primary: east`.
        case write(path: String, value: String)
        /// A field to take out.
        case remove(path: String)
        /// The field that is to blame is taken out.
        case removeField
        /// A member that goes, or comes back, into `members`.
        case join(String)
        /// A group that goes out of the `uses` of a binding.
        case unuse(group: String, binding: String)
        /// A flag to give.
        case flag(String, String)
        /// A flag to give no more.
        case withoutFlag(String)
        /// A command to run.
        case command([String])
        /// The manifests, as they are then, are applied.
        case apply
        /// What was edited before is edited again.
        case again
        /// A manifest that was taken out is put back.
        case putBack
    }

    let description: String
    let deeds: [Deed]

    /// The ways out of a text, in the order it prints them.
    static func all(in text: String) -> [WayOut] {
        let parts = text.split(
            separator:
                #/; or |, or | or (?=plan with|exclude |delete |write |`)|; else | \(or |; if not, |; to keep|\. For /#)
        return parts.map { WayOut(String($0)) }
    }

    private init(_ text: String) {
        description = text
        var found: [(String.Index, Deed)] = []
        for match in text.matches(of: /`([A-Za-z.-]+): ([^`]+)`/) {
            found.append((match.range.lowerBound, .write(path: String(match.1), value: String(match.2))))
        }
        for match in text.matches(of: /`primary` back to ([\w-]+)/) {
            found.append((match.range.lowerBound, .write(path: "primary", value: String(match.1))))
        }
        for match in text.matches(of: /remove `([A-Za-z.]+)`/) {
            found.append((match.range.lowerBound, .remove(path: String(match.1))))
        }
        for match in text.matches(of: /remove the field/) { found.append((match.range.lowerBound, .removeField)) }
        for match in text.matches(of: /(?:put|add) ([\w-]+) (?:back in)?to `members`/) {
            found.append((match.range.lowerBound, .join(String(match.1))))
        }
        for match in text.matches(of: /take ([\w-]+) out of `uses` of ClientBinding ([\w-]+)/) {
            found.append((match.range.lowerBound, .unuse(group: String(match.1), binding: String(match.2))))
        }
        let flags = /(without )?--([a-z-]+)(?: ([A-Za-z0-9@=_\/-][A-Za-z0-9@=._\/-]*[A-Za-z0-9]))?/
        for match in text.matches(of: flags) {
            let flag = "--\(match.2)"
            found.append(
                (match.range.lowerBound, match.1 == nil ? .flag(flag, String(match.3 ?? "")) : .withoutFlag(flag)))
        }
        for match in text.matches(of: /spillway state (forget|adopt-epoch) ([\w.\/-]+)/) {
            found.append((match.range.lowerBound, .command(["state", String(match.1), String(match.2), "--yes"])))
        }
        for match in text.matches(of: /and apply\b/) { found.append((match.range.lowerBound, .apply)) }
        for match in text.matches(of: /change it again|then remove it/) {
            found.append((match.range.lowerBound, .again))
        }
        for match in text.matches(of: /put (?:the|its) manifests?(?: of [\w.-]+)? back/) {
            found.append((match.range.lowerBound, .putBack))
        }
        deeds = found.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// Whether something is done that cannot be undone.
    var changesTheWorld: Bool {
        deeds.contains { deed in
            switch deed {
            case .apply, .command: true
            default: false
            }
        }
    }
}
