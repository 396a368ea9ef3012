/// "Did you mean …": the nearest of some known words.
package enum Suggestion {
    /// The nearest candidate within edit distance 2 (1 for words of up to three letters), or one that differs only in
    /// case; ties go to the first in alphabetical order. `nil` when nothing is near.
    package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let lowered = Array(word.lowercased().unicodeScalars)
        var best: (distance: Int, word: String)?
        for candidate in candidates where candidate != word {
            let other = Array(candidate.lowercased().unicodeScalars)
            let limit = min(lowered.count, other.count) > 3 ? 2 : 1
            guard abs(lowered.count - other.count) <= limit else { continue }
            let found = distance(lowered, other)
            guard found <= limit else { continue }
            if let current = best, (current.distance, current.word) <= (found, candidate) { continue }
            best = (found, candidate)
        }
        return best?.word
    }

    /// Edit distance of two texts: insertions, deletions, replacements and swaps of neighbours count 1 each
    /// (optimal string alignment). Time is the product of the lengths.
    package static func distance(between left: String, and right: String) -> Int {
        distance(Array(left.unicodeScalars), Array(right.unicodeScalars))
    }

    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        guard !left.isEmpty else { return right.count }
        guard !right.isEmpty else { return left.count }
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            current.reserveCapacity(right.count + 1)
            for column in 1...right.count {
                let same = left[row - 1] == right[column - 1]
                var cost = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    cost = min(cost, beforePrevious[column - 2] + 1)
                }
                current.append(cost)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}
