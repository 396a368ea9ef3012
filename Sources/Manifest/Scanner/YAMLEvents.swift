import CLibYAML

/// One step of libyaml's event stream, with its place. Positions are those of libyaml plus one: it counts lines and
/// columns from 0, in Unicode scalars.
struct YAMLEvent {
    enum Kind {
        case streamEnd
        case documentStart(explicitVersion: Bool)
        case documentEnd
        case alias(String)
        case scalar(text: String, isPlain: Bool)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    var kind: Kind
    var anchor: String?
    var tag: String?
    var place: Place
}

/// Reads events from a text that stays in memory as long as the reader lives.
///
/// The C parser lives at a fixed address owned by this value and is deleted with it; every event is copied into Swift
/// values and deleted before `next()` returns.
struct YAMLEventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let file: FileIndex

    /// `bytes` must outlive the reader. `nil` when libyaml cannot allocate its buffers.
    init?(_ bytes: UnsafeBufferPointer<UInt8>, file: FileIndex) {
        let memory = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        memory.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(memory) == 1 else {
            memory.deallocate()
            return nil
        }
        yaml_parser_set_encoding(memory, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(memory, bytes.baseAddress, bytes.count)
        self.parser = memory
        self.file = file
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deinitialize(count: 1)
        parser.deallocate()
    }

    /// The next event; stream starts are passed over. Throws the reader's complaint as libyaml words it.
    func next() throws(YAMLComplaint) -> YAMLEvent {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else { throw complaint() }
            defer { yaml_event_delete(&event) }
            if event.type == YAML_STREAM_START_EVENT { continue }
            return converted(event)
        }
    }

    private func converted(_ event: yaml_event_t) -> YAMLEvent {
        let place = place(event.start_mark, event.end_mark)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            let version = event.data.document_start.version_directive
            let isOld = version.map { $0.pointee.major != 1 || $0.pointee.minor != 2 } ?? false
            return YAMLEvent(kind: .documentStart(explicitVersion: isOld), place: place)
        case YAML_DOCUMENT_END_EVENT:
            return YAMLEvent(kind: .documentEnd, place: place)
        case YAML_ALIAS_EVENT:
            return YAMLEvent(kind: .alias(Self.text(event.data.alias.anchor) ?? ""), place: place)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return YAMLEvent(
                kind: .scalar(
                    text: String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
                anchor: Self.text(scalar.anchor), tag: Self.text(scalar.tag), place: place)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return YAMLEvent(
                kind: .sequenceStart, anchor: Self.text(start.anchor), tag: Self.text(start.tag), place: place)
        case YAML_SEQUENCE_END_EVENT:
            return YAMLEvent(kind: .sequenceEnd, place: place)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return YAMLEvent(
                kind: .mappingStart, anchor: Self.text(start.anchor), tag: Self.text(start.tag), place: place)
        case YAML_MAPPING_END_EVENT:
            return YAMLEvent(kind: .mappingEnd, place: place)
        default:
            return YAMLEvent(kind: .streamEnd, place: place)
        }
    }

    private func complaint() -> YAMLComplaint {
        let parser = parser.pointee
        guard parser.error != YAML_MEMORY_ERROR else {
            let start = place(parser.mark, parser.mark)
            return YAMLComplaint(problem: "out of memory", place: start, context: nil)
        }
        let context = parser.context.map { (String(cString: $0), place(parser.context_mark, parser.context_mark)) }
        return YAMLComplaint(
            problem: parser.problem.map { String(cString: $0) } ?? "unreadable",
            place: place(parser.problem_mark, parser.problem_mark), context: context)
    }

    private func place(_ start: yaml_mark_t, _ end: yaml_mark_t) -> Place {
        Place(
            file: file, startLine: Int32(clamping: start.line &+ 1), startColumn: Int32(clamping: start.column &+ 1),
            endLine: Int32(clamping: end.line &+ 1), endColumn: Int32(clamping: end.column &+ 1))
    }

    private static func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
        pointer.map { String(cString: $0) }
    }
}

/// What libyaml says when a text is no YAML.
struct YAMLComplaint: Error {
    var problem: String
    var place: Place
    var context: (String, Place)?
}
