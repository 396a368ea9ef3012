import Testing

/// Asks again until there is an answer. What does not come within three minutes never will: the test fails and says
/// what was waited for, instead of holding up all others.
func eventually<Value>(
    _ what: String = "an answer", location: SourceLocation = #_sourceLocation, _ read: () async throws -> Value?
) async throws -> Value {
    let end = ContinuousClock.now + .seconds(180)
    while ContinuousClock.now < end {
        if let value = try await read() { return value }
        // What is waited for needs the processor, too.
        try await Task.sleep(for: .milliseconds(2))
    }
    throw NeverCame(what: what, location: location)
}

/// Something that a test waited for did not come.
struct NeverCame: Error, CustomStringConvertible {
    let what: String
    let location: SourceLocation

    var description: String { "\(what) was waited for in vain at \(location)" }
}
