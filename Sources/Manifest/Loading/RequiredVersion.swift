/// `spec.requiredVersion`: comparisons such as `>=1.2 <2`, all of which must hold.
enum RequiredVersion {
    struct Problem {
        var code: String
        var message: String
        var help: String?
    }

    /// Why this version may not read the workspace; `nil` when it may.
    static func problem(_ requirement: String?, _ version: String) -> Problem? {
        guard let requirement else { return nil }
        let terms = requirement.split { $0 == " " || $0 == "," }
        guard !terms.isEmpty, let actual = numbers(of: version) else { return nil }
        for term in terms {
            let sign = term.prefix { "<>=!".contains($0) }
            let wanted = numbers(of: term.dropFirst(sign.count))
            guard let wanted, let holds = compare(actual, String(sign), wanted) else {
                return Problem(
                    code: "invalid-version-range", message: "`\(term)` is no comparison of versions",
                    help: "write for example `>=1.2 <2`")
            }
            guard holds else {
                return Problem(
                    code: "version-mismatch",
                    message: "this workspace wants Spillway `\(requirement)`; this is \(version)",
                    help: "use a fitting Spillway, or change `requiredVersion`")
            }
        }
        return nil
    }

    private static func compare(_ actual: [Int], _ sign: String, _ wanted: [Int]) -> Bool? {
        let earlier = actual.lexicographicallyPrecedes(wanted)
        let later = wanted.lexicographicallyPrecedes(actual)
        switch sign {
        case ">=": return !earlier
        case ">": return later
        case "<": return earlier
        case "<=": return !later
        case "=", "==", "": return !earlier && !later
        case "!=": return earlier || later
        default: return nil
        }
    }

    /// Up to three numbers, filled with zeros; what follows `-` or `+` is left out.
    private static func numbers(of version: some StringProtocol) -> [Int]? {
        let core = version.prefix { $0 != "-" && $0 != "+" }
        let parts = core.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...3).contains(parts.count), !parts.contains(nil) else { return nil }
        let known = parts.compactMap(\.self)
        return known + Array(repeating: 0, count: 3 - known.count)
    }
}
