import Diagnostics

/// Builds the documents of one file from events, within limits.
struct TreeBuilder {
    private struct Frame {
        var isMapping: Bool
        var place: Place
        var anchor: String?
        var items: [Node] = []
        var entries: [Mapping.Entry] = []
        var keys: Set<String> = []
        var pendingKey: (text: String, place: Place)?
        var skipsValue = false
        var nodesBefore: Int
        var deepest = 0

        /// Whether the key stands in the mapping already; from the ninth key on with the help of a set.
        mutating func isKnown(_ key: String) -> Bool {
            guard entries.count >= 8 else { return entries.contains { $0.key == key } }
            if keys.isEmpty { keys = Set(entries.map(\.key)) }
            return !keys.insert(key).inserted
        }
    }

    private struct Anchor {
        var node: Node
        var nodes: Int
        var depth: Int
    }

    private let limits: Limits
    private var frames: [Frame] = []
    private var anchors: [String: Anchor] = [:]
    private var openAnchors: Set<String> = []
    private var nodes = 0
    private var aliases = 0
    private(set) var documents: [Node] = []
    /// Problems that do not end the file: keys written twice, merge keys.
    private(set) var problems: [SyntaxProblem] = []

    init(limits: Limits) {
        self.limits = limits
    }

    /// Takes one event in; `false` at the end of the stream.
    mutating func take(_ event: YAMLEvent) throws(SyntaxProblem) -> Bool {
        if event.tag != nil {
            throw SyntaxProblem(
                code: "tag-not-allowed", message: "tags are not used in manifests", place: event.place,
                help: "remove the tag; put the value in quotes to make it text")
        }
        switch event.kind {
        case .streamEnd: return false
        case .documentStart(let isOldVersion):
            if isOldVersion { try refuseVersion(at: event.place) }
            anchors = [:]
        case .documentEnd: break
        case .alias(let name): try expand(name, at: event.place)
        case .scalar(let text, let isPlain): try scalar(text, isPlain, event)
        case .sequenceStart: try open(isMapping: false, event)
        case .mappingStart: try open(isMapping: true, event)
        case .sequenceEnd, .mappingEnd: try close(event)
        }
        return true
    }

    private func refuseVersion(at place: Place) throws(SyntaxProblem) {
        throw SyntaxProblem(
            code: "yaml-version", message: "manifests are YAML 1.2", place: place,
            help: "remove the %YAML line; `no`, `on` and `1_000` are text here")
    }

    private mutating func count(_ more: Int, at place: Place) throws(SyntaxProblem) {
        nodes += more
        guard nodes > limits.nodes else { return }
        throw SyntaxProblem(
            code: "too-many-nodes",
            message: "the file has more than \(limits.nodes) values, counting what aliases repeat",
            place: place, help: "split the file; a small file that grows this large is an attack or a mistake")
    }

    private mutating func open(isMapping: Bool, _ event: YAMLEvent) throws(SyntaxProblem) {
        try refuseComplexKey(event.place)
        try count(1, at: event.place)
        guard frames.count < limits.depth else { throw tooDeep(event.place) }
        if let anchor = event.anchor { openAnchors.insert(anchor) }
        frames.append(
            Frame(isMapping: isMapping, place: event.place, anchor: event.anchor, nodesBefore: nodes - 1))
    }

    private func tooDeep(_ place: Place) -> SyntaxProblem {
        SyntaxProblem(
            code: "too-deep", message: "values are nested deeper than \(limits.depth) levels", place: place)
    }

    private func refuseComplexKey(_ place: Place) throws(SyntaxProblem) {
        guard let frame = frames.last, frame.isMapping, frame.pendingKey == nil, !frame.skipsValue else { return }
        throw SyntaxProblem(
            code: "complex-key", message: "keys are text, not lists or mappings", place: place,
            help: "put a key that contains `{` or `[` in quotes")
    }

    private mutating func close(_ event: YAMLEvent) throws(SyntaxProblem) {
        guard let frame = frames.popLast() else { return }
        var place = frame.place
        place.endLine = event.place.endLine
        place.endColumn = event.place.endColumn
        let content: Node.Content =
            frame.isMapping ? .mapping(Mapping(entries: frame.entries)) : .sequence(frame.items)
        let node = Node(content: content, place: place)
        if let anchor = frame.anchor {
            openAnchors.remove(anchor)
            anchors[anchor] = Anchor(node: node, nodes: nodes - frame.nodesBefore, depth: frame.deepest + 1)
        }
        add(node, depth: frame.deepest + 1)
    }

    private mutating func scalar(_ text: String, _ isPlain: Bool, _ event: YAMLEvent) throws(SyntaxProblem) {
        try count(1, at: event.place)
        let node = Node(content: .scalar(Scalar(text: text, isPlain: isPlain)), place: event.place)
        if let anchor = event.anchor { anchors[anchor] = Anchor(node: node, nodes: 1, depth: 0) }
        add(node, depth: 0)
    }

    private mutating func expand(_ name: String, at place: Place) throws(SyntaxProblem) {
        guard let anchor = anchors[name] else {
            let isOpen = openAnchors.contains(name)
            throw SyntaxProblem(
                code: "unknown-anchor",
                message: isOpen
                    ? "`*\(name)` stands inside the value that `&\(name)` names, so it would never end"
                    : "no `&\(name)` stands before this in the document",
                place: place, help: Suggestion.nearest(to: name, among: anchors.keys).map { "did you mean `*\($0)`?" })
        }
        aliases += 1
        guard aliases <= limits.aliases else {
            throw SyntaxProblem(
                code: "too-many-aliases",
                message: "the file repeats values through more than \(limits.aliases) aliases",
                place: place)
        }
        if anchor.depth > 0 { try refuseComplexKey(place) }
        try count(anchor.nodes, at: place)
        guard frames.count + anchor.depth <= limits.depth else { throw tooDeep(place) }
        add(anchor.node, depth: anchor.depth, at: place)
    }

    private mutating func add(_ node: Node, depth: Int, at place: Place? = nil) {
        guard let last = frames.indices.last else {
            documents.append(node)
            return
        }
        frames[last].deepest = max(frames[last].deepest, depth)
        guard frames[last].isMapping else {
            frames[last].items.append(node)
            return
        }
        if frames[last].skipsValue {
            frames[last].skipsValue = false
        } else if let key = frames[last].pendingKey {
            frames[last].pendingKey = nil
            frames[last].entries.append(Mapping.Entry(key: key.text, keyPlace: key.place, value: node))
        } else if case .scalar(let scalar) = node.content {
            key(scalar, place ?? node.place, in: last)
        }
    }

    private mutating func key(_ scalar: Scalar, _ place: Place, in frame: Int) {
        if scalar.isPlain && scalar.text == "<<" {
            problems.append(
                SyntaxProblem(
                    code: "merge-key", message: "merge keys (`<<`) are not part of YAML 1.2", place: place,
                    help: "put what is common into the `defaults` of a `kind: List`"))
            frames[frame].skipsValue = true
        } else if frames[frame].isKnown(scalar.text) {
            let first = frames[frame].entries.first { $0.key == scalar.text }
            problems.append(
                SyntaxProblem(
                    code: "duplicate-key", message: "the key `\(scalar.text)` is written twice in one mapping",
                    place: place, notes: first.map { [("first written here", $0.keyPlace)] } ?? [],
                    help: "remove one of them"))
            frames[frame].skipsValue = true
        } else {
            frames[frame].pendingKey = (scalar.text, place)
        }
    }
}
