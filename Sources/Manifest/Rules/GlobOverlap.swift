import Domain

/// Whether two selectors can take one name.
enum GlobOverlap {
    struct Witness: Hashable {
        /// A name both take.
        var name: String
        /// One of the two names it literally.
        var isCertain: Bool
    }

    /// A name that both selectors take; `nil` when there is none, or none was found among the shortest of each pair of
    /// patterns.
    static func witness(_ left: TopicSelector, _ right: TopicSelector) -> Witness? {
        let (leftNames, leftGlobs) = split(left)
        let (rightNames, rightGlobs) = split(right)
        let certain =
            leftNames.intersection(rightNames) + names(leftNames, matching: rightGlobs)
            + names(rightNames, matching: leftGlobs)
        if let name = certain.filter({ left.mayTake($0) && right.mayTake($0) }).min() {
            return Witness(name: name, isCertain: true)
        }
        for first in leftGlobs {
            for second in rightGlobs {
                guard let name = commonName(first, second), left.mayTake(name), right.mayTake(name) else { continue }
                return Witness(name: name, isCertain: false)
            }
        }
        return nil
    }

    private static func split(_ selector: TopicSelector) -> (names: Set<String>, globs: [String]) {
        let patterns = selector.include + selector.allowInternal
        return (Set(patterns.filter { Glob($0).isLiteral }), patterns.filter { !Glob($0).isLiteral })
    }

    private static func names(_ names: Set<String>, matching globs: [String]) -> [String] {
        let globs = globs.map { Glob($0) }
        return names.filter { name in globs.contains { $0.matches(name) } }
    }

    /// The shortest name both patterns match, in time proportional to the product of their lengths.
    static func commonName(_ left: String, _ right: String) -> String? {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars)
        let width = right.count + 1
        var cameFrom: [Int: (state: Int, emitted: Unicode.Scalar?)] = [:]
        var seen: Set<Int> = [0]
        var layer = [0]
        let goal = left.count * width + right.count
        while !layer.isEmpty {
            var position = 0
            while position < layer.count {
                let state = layer[position]
                position += 1
                for next in freeSteps(state / width, state % width, left, right, width) where seen.insert(next).inserted
                {
                    cameFrom[next] = (state, nil)
                    layer.append(next)
                }
            }
            if seen.contains(goal) { return path(to: goal, cameFrom) }
            var following: [Int] = []
            for state in layer {
                guard let (next, scalar) = step(state / width, state % width, left, right, width) else { continue }
                for target in next where seen.insert(target).inserted {
                    cameFrom[target] = (state, scalar)
                    following.append(target)
                }
            }
            layer = following
        }
        return nil
    }

    /// A `*` may match nothing.
    private static func freeSteps(
        _ inLeft: Int, _ inRight: Int, _ left: [Unicode.Scalar], _ right: [Unicode.Scalar], _ width: Int
    ) -> [Int] {
        var steps: [Int] = []
        if inLeft < left.count, left[inLeft] == "*" { steps.append((inLeft + 1) * width + inRight) }
        if inRight < right.count, right[inRight] == "*" { steps.append(inLeft * width + inRight + 1) }
        return steps
    }

    /// One character that both sides take at this point, and where that leads.
    private static func step(
        _ inLeft: Int, _ inRight: Int, _ left: [Unicode.Scalar], _ right: [Unicode.Scalar], _ width: Int
    ) -> (targets: [Int], scalar: Unicode.Scalar)? {
        guard inLeft < left.count, inRight < right.count else { return nil }
        let (first, second) = (left[inLeft], right[inRight])
        let isFirstOpen = first == "*" || first == "?"
        let isSecondOpen = second == "*" || second == "?"
        guard isFirstOpen || isSecondOpen || first == second else { return nil }
        let scalar = isFirstOpen ? (isSecondOpen ? "x" : second) : first
        let afterLeft = first == "*" ? inLeft : inLeft + 1
        let afterRight = second == "*" ? inRight : inRight + 1
        return ([afterLeft * width + afterRight], scalar)
    }

    private static func path(to goal: Int, _ cameFrom: [Int: (state: Int, emitted: Unicode.Scalar?)]) -> String {
        var scalars: [Unicode.Scalar] = []
        var current = goal
        while let (previous, emitted) = cameFrom[current] {
            if let emitted { scalars.append(emitted) }
            current = previous
        }
        return String(String.UnicodeScalarView(scalars.reversed()))
    }
}
