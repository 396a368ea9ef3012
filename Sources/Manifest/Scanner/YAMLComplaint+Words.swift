import Diagnostics

extension YAMLComplaint {
    /// The complaint in words that say what to do.
    func problem(in file: SourceFile) -> SyntaxProblem {
        var complaint = self
        complaint.place = place.clamped(to: file)
        return complaint.clampedProblem(in: file)
    }

    private func clampedProblem(in file: SourceFile) -> SyntaxProblem {
        let line = file.line(Int(place.startLine)) ?? ""
        let scalars = line.unicodeScalars
        let here = scalars.dropFirst(Int(place.startColumn) - 1).first
        let atEnd = isEnd(of: file)
        switch problem {
        case _ where problem.contains("tab character"),
            "found character that cannot start any token" where here == "\t":
            return said(
                "tab-indentation", "a tab is used for indentation",
                help: "indent with spaces; YAML allows no tabs there")
        case "found character that cannot start any token":
            return said(
                "invalid-yaml", "a value cannot start with `\(here.map(String.init) ?? "")`",
                help: "put the value in quotes")
        case "mapping values are not allowed in this context":
            return said(
                "invalid-yaml", "a `:` stands where no mapping can begin",
                help: "check the indentation of this line, or put a value that contains `: ` in quotes")
        case "found unexpected end of stream" where context?.0.contains("quoted scalar") == true:
            return truncated("the file ends inside a quoted value", opening: "the quote opens here")
        case "did not find expected ',' or ']'" where atEnd:
            return truncated("the file ends inside a list", opening: "the list opens here")
        case "did not find expected ',' or '}'" where atEnd:
            return truncated("the file ends inside a mapping", opening: "the mapping opens here")
        case "did not find expected node content" where atEnd:
            return said("truncated-yaml", "the file ends where a value is expected", help: "the file may be cut off")
        case "did not find expected ',' or ']'":
            return said(
                "invalid-yaml", "a `,` or `]` is missing before this", notes: opening("the list opens here"),
                help: "put values that contain `,`, `[`, `]`, `{`, `}` or `: ` in quotes")
        case "did not find expected ',' or '}'":
            return said(
                "invalid-yaml", "a `,` or `}` is missing before this", notes: opening("the mapping opens here"),
                help: "put values that contain `,`, `[`, `]`, `{`, `}` or `: ` in quotes")
        case "could not find expected ':'":
            return SyntaxProblem(
                code: "invalid-yaml", message: "a key without `:` stands here", place: context?.1 ?? place,
                help: "write `key: value`; check the indentation of the lines above")
        case "did not find expected key":
            return said(
                "invalid-yaml", "this line fits into no mapping", notes: opening("the mapping begins here"),
                help: "check the indentation: keys of one mapping begin in one column")
        case "did not find expected '-' indicator":
            return said(
                "invalid-yaml", "this line fits into no list", notes: opening("the list begins here"),
                help: "check the indentation: items of one list begin in one column")
        case "block sequence entries are not allowed in this context":
            return said(
                "invalid-yaml", "a `-` stands where no list can begin",
                help: "begin the list on a line of its own, below its key")
        case "found unknown escape character":
            return said(
                "invalid-yaml", "this escape is unknown in double quotes",
                help: "write `\\\\` for a backslash, or use single quotes")
        case "found undefined tag handle":
            return said(
                "tag-not-allowed", "tags are not used in manifests", help: "put the value in quotes to make it text")
        default:
            return said("invalid-yaml", "this is not YAML: \(problem)\(context.map { " (\($0.0))" } ?? "")")
        }
    }

    private func isEnd(of file: SourceFile) -> Bool {
        var last = file.lineCount
        while last > 1, file.line(last)?.allSatisfy({ $0 == " " }) ?? true { last -= 1 }
        let length = file.line(last)?.unicodeScalars.count ?? 0
        return (Int(place.startLine), Int(place.startColumn)) > (last, length)
    }

    private func opening(_ words: String) -> [(String, Place)] {
        guard let context, context.1.start != place.start else { return [] }
        return [(words, context.1)]
    }

    private func truncated(_ message: String, opening words: String) -> SyntaxProblem {
        said("truncated-yaml", message, notes: opening(words), help: "close it; the file may be cut off")
    }

    private func said(
        _ code: String, _ message: String, notes: [(String, Place)] = [], help: String? = nil
    ) -> SyntaxProblem {
        SyntaxProblem(code: code, message: message, place: place, notes: notes, help: help)
    }
}

extension Place {
    /// The place, or the end of the file where it lies behind that: libyaml ends every file with a line break.
    fileprivate func clamped(to file: SourceFile) -> Place {
        guard Int(startLine) > file.lineCount else { return self }
        var place = self
        place.startLine = Int32(clamping: file.lineCount)
        place.startColumn = Int32(clamping: (file.line(file.lineCount)?.unicodeScalars.count ?? 0) + 1)
        place.endLine = place.startLine
        place.endColumn = place.startColumn
        return place
    }
}
