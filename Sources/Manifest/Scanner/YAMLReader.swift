import Diagnostics

/// Turns the bytes of a file into documents, and everything that is wrong with them into findings.
struct YAMLReader {
    var limits = Limits()

    /// The complete documents of a file. After a syntax error, which ends the file, those before it are returned and
    /// the findings are marked incomplete.
    func documents(of bytes: [UInt8], path: String, into findings: inout Findings) -> [Node] {
        switch TextCheck.text(of: bytes, limits: limits) {
        case .success(let text):
            let file = findings.addFile(path: path, text: text)
            return documents(of: text, file: file, into: &findings)
        case .failure(let problem):
            report(problem, in: bytes, path: path, into: &findings)
            return []
        }
    }

    private func report(_ problem: TextProblem, in bytes: [UInt8], path: String, into findings: inout Findings) {
        let shown = bytes.count > limits.bytes ? "" : String(decoding: bytes, as: UTF8.self)
        let file = findings.addFile(path: path, text: shown)
        let readable = String(decoding: bytes.prefix(problem.byte), as: UTF8.self)
        let position = SourceFile(path: path, text: readable).position(ofByte: problem.byte)
        let place = Place(
            file: file, startLine: Int32(clamping: position.line), startColumn: Int32(clamping: position.column),
            endLine: Int32(clamping: position.line), endColumn: Int32(clamping: position.column + 1))
        findings.error(problem.code, problem.message, at: place, help: problem.help)
        findings.isIncomplete = true
    }

    private func documents(of text: String, file: FileIndex, into findings: inout Findings) -> [Node] {
        var text = text
        guard !text.isEmpty else { return [] }
        var builder = TreeBuilder(limits: limits)
        let problem = text.withUTF8 { read($0, file: file, into: &builder, of: findings) }
        for problem in builder.problems + (problem.map { [$0] } ?? []) {
            findings.error(problem.code, problem.message, at: problem.place, notes: problem.notes, help: problem.help)
        }
        if problem != nil { findings.isIncomplete = true }
        return builder.documents
    }

    private func read(
        _ bytes: UnsafeBufferPointer<UInt8>, file: FileIndex, into builder: inout TreeBuilder, of findings: Findings
    ) -> SyntaxProblem? {
        guard let reader = YAMLEventReader(bytes, file: file) else {
            let start = Place(file: file, startLine: 1, startColumn: 1, endLine: 1, endColumn: 1)
            return SyntaxProblem(code: "invalid-yaml", message: "there is no memory to read the file", place: start)
        }
        do {
            while try builder.take(try reader.next()) {}
            return nil
        } catch let complaint as YAMLComplaint {
            return complaint.problem(in: findings.files[Int(file.rawValue)])
        } catch let problem as SyntaxProblem {
            return problem
        } catch {
            return nil
        }
    }
}
