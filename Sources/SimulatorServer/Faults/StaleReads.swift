import SimulatedConfluent
import SimulatorCore

/// Earlier answers, for reads that lag behind writes.
///
/// A sample says how a path looked at a time. Samples are taken when the path is read, and just before a request changes
/// something at or below it; a read then shows the first sample that is young enough, else the present.
struct StaleReads: Sendable {
    struct Place: Sendable, Hashable {
        var listener: Listener
        var path: [String]
        var query: String
        var key: String
    }

    private var samples: [Place: [(time: Milliseconds, response: Response)]] = [:]

    /// How a place looked at a time, as far as anybody looked; `nil` when nothing has changed since.
    mutating func response(at place: Place, asOf time: Milliseconds) -> Response? {
        samples[place]?.removeAll { $0.time < time }
        return samples[place]?.first?.response
    }

    mutating func note(_ response: Response, at place: Place, time: Milliseconds) {
        samples[place, default: []].append((time, response))
    }
}

extension World {
    /// Answers a read as it would have been answered a while ago.
    func serveStale(_ request: Request, at listener: Listener, lag: Milliseconds) -> Response {
        let place = StaleReads.Place(request, at: listener)
        let fresh = serve(request, at: listener)
        if fresh.status == 200 || fresh.status == 404 { staleReads.note(fresh, at: place, time: stage.now) }
        return staleReads.response(at: place, asOf: stage.now - lag) ?? fresh
    }

    /// Remembers what a request is about to change: its path, every path above it, what it may create below it, and the
    /// list of all mirrors.
    func noteBeforeChange(_ request: Request, at listener: Listener) {
        guard request.method != "GET", faults.contains(where: { $0.lags(at: listener) }) else { return }
        var paths = request.path.indices.map { Array(request.path[...$0]) }
        if let verb = request.path.last?.firstIndex(of: ":"), var last = paths.popLast() {
            last[last.count - 1] = String(last[last.count - 1][..<verb])
            paths.append(last)
        }
        paths += request.created.map { request.path + [$0] }
        if request.path.count > 4, request.path[4] == "links" {
            paths.append(Array(request.path[..<5]) + ["-", "mirrors"])
        }
        for path in paths {
            let read = Request(method: "GET", path: path, query: [], headers: request.headers, body: [])
            let response = serve(read, at: listener)
            guard response.status == 200 || response.status == 404 else { continue }
            staleReads.note(response, at: StaleReads.Place(read, at: listener), time: stage.now)
        }
    }
}

extension StaleReads.Place {
    fileprivate init(_ request: Request, at listener: Listener) {
        self.listener = listener
        path = request.path
        query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        key = request.credentials?.key ?? ""
    }
}

extension Request {
    /// The names of what a POST may create.
    fileprivate var created: [String] {
        guard method == "POST" else { return [] }
        let names = ["topic_name", "mirror_topic_name", "source_topic_name", "name"].compactMap { json?[$0]?.string }
        return names + [query("link_name")].compactMap { $0 }
    }
}

extension FaultRule {
    fileprivate func lags(at listener: Listener) -> Bool {
        if case .stale = effect { isFor(listener) } else { false }
    }
}
