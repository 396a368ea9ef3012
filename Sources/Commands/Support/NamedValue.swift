import ArgumentParser

/// A name with a value, `west=https://…`, as flags of several sites take it.
struct NamedValue: ExpressibleByArgument, Hashable {
    let name: String
    let value: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
        name = String(argument[..<sign])
        value = String(argument[sign...].dropFirst())
        guard !value.isEmpty else { return nil }
    }
}
