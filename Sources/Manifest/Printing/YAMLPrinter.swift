import Diagnostics
import TextForms

/// Prints nodes as YAML: block style, two spaces, keys in their order, scalars quoted only where they must be.
///
/// The same tree always gives the same text, and reading the text gives the same tree.
struct YAMLPrinter {
    private var text = ""
    /// Collections that fit into a line of so many characters are one, but for those that people edit: `nil` = none is.
    private var width: Int?

    private static let alwaysOpen: Set<String> = ["spec", "defaults", "items"]

    /// One document without separators, with a final line break.
    static func print(_ node: Node, width: Int? = nil) -> String {
        var printer = YAMLPrinter()
        printer.width = width
        printer.value(node, indent: 0, isInline: false)
        return printer.text
    }

    /// One line, in flow style, without a line break.
    static func flow(_ node: Node) -> String {
        switch node.content {
        case .scalar(let scalar): text(of: scalar)
        case .sequence(let items): "[" + items.map(flow).joined(separator: ", ") + "]"
        case .mapping(let mapping):
            "{"
                + mapping.entries
                .map { "\(text(of: Scalar(text: $0.key, isPlain: false))): \(flow($0.value))" }.joined(separator: ", ")
                + "}"
        }
    }

    private mutating func value(_ node: Node, indent: Int, isInline: Bool) {
        switch node.content {
        case .scalar(let scalar): text += (isInline ? " " : "") + Self.text(of: scalar) + "\n"
        case .mapping(let mapping) where mapping.entries.isEmpty: text += (isInline ? " " : "") + "{}\n"
        case .sequence(let items) where items.isEmpty: text += (isInline ? " " : "") + "[]\n"
        case .mapping(let mapping):
            if isInline { text += "\n" }
            for entry in mapping.entries { self.entry(entry, indent: indent) }
        case .sequence(let items):
            if isInline { text += "\n" }
            for item in items { self.item(item, indent: indent) }
        }
    }

    private mutating func entry(_ entry: Mapping.Entry, indent: Int) {
        let key = Self.text(of: Scalar(text: entry.key, isPlain: false))
        text += String(repeating: " ", count: indent) + key + ":"
        if let width, !Self.alwaysOpen.contains(entry.key) {
            let line = Self.flow(entry.value)
            if indent + key.count + 2 + line.count <= width { return text += " " + line + "\n" }
        }
        value(entry.value, indent: indent + 2, isInline: true)
    }

    private mutating func item(_ item: Node, indent: Int) {
        text += String(repeating: " ", count: indent) + "-"
        guard case .mapping(let mapping) = item.content, let first = mapping.entries.first else {
            value(item, indent: indent + 2, isInline: true)
            return
        }
        text += " " + Self.text(of: Scalar(text: first.key, isPlain: false)) + ":"
        value(first.value, indent: indent + 4, isInline: true)
        for entry in mapping.entries.dropFirst() { self.entry(entry, indent: indent + 2) }
    }

    private static func text(of scalar: Scalar) -> String {
        if scalar.isPlain && scalar.resolved != .text { return scalar.text.isEmpty ? "null" : scalar.text }
        return isSafePlain(scalar.text) ? scalar.text : quoted(scalar.text)
    }

    /// Whether the text, written without quotes, reads as itself everywhere, also under YAML 1.1.
    private static func isSafePlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, Scalar(text: text, isPlain: true).resolved == .text else {
            return false
        }
        let lowered = text.lowercased()
        guard !["y", "n", "yes", "no", "on", "off", "<<", "="].contains(lowered) else { return false }
        guard first.properties.isAlphabetic || "/_.$".unicodeScalars.contains(first) || isQuantity(text) else {
            return false
        }
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_./:@$ ".unicodeScalars.contains(scalar)
        }
        return isPlain && !text.contains(": ") && !text.hasSuffix(":") && !text.hasSuffix(" ")
            && !text.contains(" #")
    }

    /// A number with a unit, `30s`, which no version of YAML reads as anything else.
    private static func isQuantity(_ text: String) -> Bool {
        let units = text.utf8.drop { (0x30...0x39).contains($0) }
        return ["ms", "s", "m", "h", "d"].contains(String(decoding: units, as: UTF8.self))
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where PlainText.isHarmful(scalar):
                let (letter, digits) = scalar.value > 0xFFFF ? ("U", 8) : ("u", 4)
                result += "\\\(letter)" + Hexadecimal.text(scalar.value, digits: digits, uppercase: true)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension LoadedWorkspace {
    /// The manifests as they are after bases, lists and patches, as YAML documents: the Workspace, then by kind and
    /// name. The text is a workspace of its own, which loads nothing else.
    package func expandedYAML() -> String {
        objects.sorted { ($0.key.kind, $0.key.name) < ($1.key.kind, $1.key.name) }
            .map {
                "---\n" + YAMLPrinter.print($0.key.kind == .workspace ? selfContained($0.value.node) : $0.value.node)
            }
            .joined()
    }

    private func selfContained(_ workspace: Node) -> Node {
        func entry(_ key: String, _ content: Node.Content) -> Mapping.Entry {
            Mapping.Entry(key: key, keyPlace: workspace.place, value: Node(content: content, place: workspace.place))
        }
        let null = Node.Content.scalar(Scalar(text: "", isPlain: true))
        let spec = [entry("bases", null), entry("patches", null), entry("manifests", .sequence([]))]
        let patch = Node(
            content: .mapping(Mapping(entries: [entry("spec", .mapping(Mapping(entries: spec)))])),
            place: workspace.place)
        return MergePatch.apply(patch, to: workspace)
    }
}
