import Domain
import Planning

/// How this process was told which workspace and which state it works on, as it was typed. Every command that is printed
/// for somebody to type comes from here, so that it means the same workspace.
package struct Invocation: Hashable, Sendable {
    /// A place for state as it was typed.
    package enum State: Hashable, Sendable {
        case store(String)
        /// A copy, which can only be read: what would write to it is told without.
        case copy(String)
    }

    private let file: String?
    private let state: State?

    /// How a process was called.
    ///
    /// - Parameters:
    ///   - file: What `-f` said; `nil` = it was not given.
    ///   - state: What `--state` said; `nil` = it was not given.
    package init(file: String? = nil, state: State? = nil) {
        self.file = file
        self.state = state
    }

    /// Called without saying which: the folder and the manifests do.
    package static let bare = Invocation()

    private static let reading: Set = ["plan", "status", "runs", "runs show", "state list"]

    /// A command line to type.
    ///
    /// - Parameters:
    ///   - verb: The command, and the one below it.
    ///   - words: Its arguments, as a shell takes them.
    package func command(_ verb: String, _ words: [String] = []) -> String {
        (["spillway", verb] + words + options(of: verb)).joined(separator: " ")
    }

    private func options(of verb: String) -> [String] {
        var options: [String] = []
        if let file { options += ["-f", ShellWord.quoted(file)] }
        switch state {
        case .store(let place)?: options += ["--state", ShellWord.quoted(place)]
        case .copy(let path)? where Self.reading.contains(verb): options += ["--state", ShellWord.quoted(path)]
        case .copy?, nil: break
        }
        return options
    }

    /// A text of a plan, with the commands in it as this caller types them.
    func completing(_ advice: String) -> String {
        var (text, rest) = ("", advice[...])
        while let found = rest.firstAdvised {
            text += rest[..<found.range.lowerBound]
            text += command(found.verb.rawValue, [ShellWord.quoted(String(rest[found.address]))])
            rest = rest[found.range.upperBound...]
        }
        return text + rest
    }
}

extension Substring {
    /// The first command about an object: its address ends with the text, or before what ends a sentence's part.
    fileprivate var firstAdvised: (verb: AdvisedCommand.Verb, range: Range<Index>, address: Range<Index>)? {
        let found = AdvisedCommand.Verb.allCases.compactMap { verb in
            firstRange(of: "spillway \(verb.rawValue) ").map { (verb, $0) }
        }
        guard let (verb, range) = found.min(by: { $0.1.lowerBound < $1.1.lowerBound }) else { return nil }
        let address = range.upperBound..<(self[range.upperBound...].firstIndex(of: ";") ?? endIndex)
        guard ResourceAddress(String(self[address])) != nil else { return nil }
        return (verb, range.lowerBound..<address.upperBound, address)
    }
}

/// Words as a POSIX shell takes them.
enum ShellWord {
    private static let harmless = "-_./:@%+=,#"

    /// A word, in quotes where a shell would read something else.
    static func quoted(_ word: String) -> String {
        let isPlain = word.first != "#" && word.allSatisfy { $0.isLetter || $0.isNumber || harmless.contains($0) }
        return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: #"'\''"#))'"
    }
}
