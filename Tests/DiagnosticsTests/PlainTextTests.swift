import Diagnostics
import Testing

@Suite struct PlainTextTests {
    private static let harmful = [
        "\u{1B}[2J", "\u{7}", "\u{9B}31m", "\u{7F}", "\u{202E}", "\u{2066}", "\u{061C}", "\u{200F}", "\u{2028}",
        "\u{FEFF}", "\u{E0041}", "\u{0}",
    ]

    @Test("nothing that acts is left in a line, and what is read stays", arguments: harmful)
    func line(text: String) {
        let shown = PlainText.line("a\(text)b\r\n\tc")
        #expect(!shown.unicodeScalars.contains(where: PlainText.isHarmful))
        #expect(shown.hasPrefix("a") && shown.hasSuffix("c"))
    }

    @Test("ordinary text of every script stays as it is", arguments: ["数据 é😀", "عربى", "👩‍👩‍👧", "a b"])
    func ordinary(text: String) {
        #expect(PlainText.line(text) == text)
        #expect(PlainText.onTerminal(text) == text)
    }

    @Test("no line begins with a command of a build server")
    func commands() {
        #expect(PlainText.lines("a\n::error::b\n  ##[group]c") == "a\n\\::error::b\n  \\##[group]c")
        #expect(PlainText.lines("a ::error::") == "a ::error::")
    }

    @Test("a terminal gets colour and the redrawing of progress, and nothing else")
    func terminal() {
        let own = "\u{1B}[31mred\u{1B}[0m\n\u{1B}[3A\u{1B}[J"
        #expect(PlainText.onTerminal(own) == own)
        #expect(
            PlainText.onTerminal("\u{1B}]0;title\u{7}\u{1B}[2Jx\u{1B}")
                == "\u{FFFD}]0;title\u{FFFD}\u{FFFD}[2Jx\u{FFFD}")
        #expect(PlainText.onTerminal("\u{1B}[5nx\u{202E}") == "\u{FFFD}[5nx\u{FFFD}")
    }

    @Test("a finding is harmless in whatever it is written")
    func diagnostic() {
        let finding = Diagnostic(
            .error, code: "x", "a\u{1B}[2J\n::error::", notes: [.init("b\u{202E}")], help: "c\n::set-output::")
        #expect(finding.message == "a\u{FFFD}[2J ::error::")
        #expect(finding.notes.first?.message == "b\u{FFFD}")
        #expect(finding.help == "c\n\\::set-output::")
    }
}
