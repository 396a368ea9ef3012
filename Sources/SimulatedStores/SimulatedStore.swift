package import SimulatorCore

/// A system where clients find their endpoints: what it answers, and what applications that read it get.
package protocol SimulatedStore: Sendable {
    /// Answers a request.
    mutating func respond(to request: Request, in surroundings: inout some Surroundings) -> Response
    /// What somebody is to be told now who watches, and where that leads; `nil` ends it.
    mutating func news(for watch: any Watch, at time: Milliseconds) -> (lines: [UInt8], next: (any Watch)?)
    /// The values an application reads at a place of this store, by the normal form of their keys; `nil` when there is
    /// nothing there. What a place is depends on the kind: a key, a path, `namespace/name`.
    func values(at place: String) -> [String: String]?
}

extension SimulatedStore {
    /// Nobody watches a store that has no watches.
    package mutating func news(for watch: any Watch, at time: Milliseconds) -> (lines: [UInt8], next: (any Watch)?) {
        ([], nil)
    }
}
