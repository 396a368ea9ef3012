import Diagnostics
import Testing

@Suite("Suggestions")
struct SuggestionTests {
    @Test(
        "Edit distance counts insertions, deletions, replacements and swaps",
        arguments: [
            ("", "", 0), ("abc", "", 3), ("west", "west", 0), ("wset", "west", 1), ("prmary", "primary", 1),
            ("primery", "primary", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
        ])
    func distance(left: String, right: String, expected: Int) {
        #expect(Suggestion.distance(between: left, and: right) == expected)
        #expect(Suggestion.distance(between: right, and: left) == expected)
    }

    @Test("The nearest word within distance 2 is suggested")
    func nearest() {
        #expect(Suggestion.nearest(to: "memebrs", among: ["members", "primary"]) == "members")
        #expect(Suggestion.nearest(to: "partitons", among: ["partitions"]) == "partitions")
        #expect(Suggestion.nearest(to: "something", among: ["members", "primary"]) == nil)
    }

    @Test("Another case is the nearest of all")
    func caseOnly() {
        #expect(Suggestion.nearest(to: "observe", among: ["Observe", "Reserve"]) == "Observe")
    }

    @Test("Short words must be nearer")
    func shortWords() {
        #expect(Suggestion.nearest(to: "ab", among: ["xy"]) == nil)
        #expect(Suggestion.nearest(to: "dc", among: ["dc1", "sr1"]) == "dc1")
    }

    @Test("Ties go to the first in alphabetical order, whatever the order of the candidates")
    func ties() {
        #expect(Suggestion.nearest(to: "wast", among: ["west", "east"]) == "east")
        #expect(Suggestion.nearest(to: "wast", among: ["east", "west"]) == "east")
    }

    @Test("A word is never suggested for itself")
    func itself() {
        #expect(Suggestion.nearest(to: "west", among: ["west"]) == nil)
    }
}
