package import Rendering

/// When colours are used.
package enum ColorChoice: String, CaseIterable, Sendable {
    case auto
    case always
    case never

    /// The terminal style for a stream: flags over environment, `NO_COLOR` over `CLICOLOR_FORCE` over the terminal.
    package func terminal(
        for console: Console, environment: [String: String], invocation: Invocation = .bare
    ) -> Terminal {
        func isSet(_ name: String) -> Bool { environment[name].map { !$0.isEmpty && $0 != "0" } ?? false }
        func terminal(usesColor: Bool) -> Terminal {
            Terminal(usesColor: usesColor, width: console.width, invocation: invocation)
        }
        switch self {
        case .always: return terminal(usesColor: true)
        case .never: return terminal(usesColor: false)
        case .auto:
            if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false { return terminal(usesColor: false) }
            if isSet("CLICOLOR_FORCE") { return terminal(usesColor: true) }
            let isCapable = environment["TERM"] != "dumb" && !isSet("CI")
            return terminal(usesColor: isCapable && console.isTerminal)
        }
    }
}
