/// What a connection is to do about a request.
enum Outcome: Sendable {
    case respond(Response, after: Milliseconds)
    /// Sends the head and the first bytes of the body, then closes.
    case truncate(Response, bytes: Int, after: Milliseconds)
    /// Never answers.
    case hang
    /// Closes without an answer.
    case drop(after: Milliseconds)

    /// The same with a `Date`, unless it has one.
    func dated(_ date: String) -> Outcome {
        switch self {
        case .respond(let response, let delay): .respond(response.dated(date), after: delay)
        case .truncate(let response, let bytes, let delay): .truncate(response.dated(date), bytes: bytes, after: delay)
        case .hang, .drop: self
        }
    }
}

extension Response {
    fileprivate func dated(_ date: String) -> Response {
        guard !headers.contains(where: { $0.name == "date" }) else { return self }
        var dated = self
        dated.headers.append(("date", date))
        return dated
    }
}

extension World {
    /// Takes a request that arrived at a listener. Every answer tells the time of the clock behind the listener.
    func take(_ request: Request, at listener: Listener) async -> Outcome {
        let outcome = await outcome(of: request, at: listener)
        let skew = stage.troubles.isEmpty ? 0 : skew(at: listener)?.skew ?? 0
        return outcome.dated(dateHeader.value(at: stage.now + skew))
    }

    private func outcome(of request: Request, at listener: Listener) async -> Outcome {
        if listener == .control, request.path.first == "_sim" {
            return .respond(await administer(request), after: 0)
        }
        let region = region(of: listener)
        if region[.runner, listener.service] == .down { return .drop(after: 0) }
        if isSilent(listener) { return .hang }
        advance()
        counts[listener, default: [:]]["\(request.method) \(PathTemplate.of(request.path))", default: 0] += 1
        return outcome(of: lied(request), at: listener, latency: region.latency)
    }

    private func region(of listener: Listener) -> Region {
        listener == .control ? control : regions[listener.region] ?? Region()
    }

    /// Whether requests at a listener are swallowed: it is black-holed, or the brokers it would ask are.
    func isSilent(_ listener: Listener) -> Bool {
        let region = region(of: listener)
        if region[.runner, listener.service] == .blackhole { return true }
        guard case .kafka = listener else { return false }
        return region[.runner, .brokers] == .blackhole
    }

    private func outcome(of request: Request, at listener: Listener, latency: Milliseconds) -> Outcome {
        let fault = takeFault(for: request, at: listener)
        let delay = latency + (fault?.delay ?? 0)
        if case .answer(let response) = fault?.effect {
            noteCall(request, at: listener, status: response.status, hadEffect: false, wasAnswered: true)
            return .respond(response, after: delay)
        }
        noteBeforeChange(request, at: listener)
        var response = carryOut(request, at: listener, fault?.effect)
        if fault != nil || !stage.troubles.isEmpty { response = response.gathered }
        let isLost = if case .loseAnswer = fault?.effect { true } else { false }
        noteCall(
            request, at: listener, status: response.status, hadEffect: request.hadEffect(as: response, at: listener),
            wasAnswered: !isLost)
        if !stage.troubles.isEmpty, let skew = skew(at: listener) { response = skew.applied(to: response) }
        return switch fault?.effect {
        case .loseAnswer: .drop(after: delay)
        case .truncate(let bytes): .truncate(response, bytes: bytes, after: delay)
        case .replaceAnswer(let garbage): .respond(garbage, after: delay)
        case .edit(let edit): .respond(edit.applied(to: response), after: delay)
        default: .respond(response, after: delay)
        }
    }

    /// Serves a request, or what a fault leaves of it.
    private func carryOut(_ request: Request, at listener: Listener, _ effect: FaultRule.Effect?) -> Response {
        switch effect {
        case .stale(let lag): return serveStale(request, at: listener, lag: lag)
        case .itemErrors(let errors):
            let (rest, failing) = errors.split(request, &stage.random)
            return errors.joined(serve(rest, at: listener), failing)
        default: return serve(request, at: listener)
        }
    }

    /// The first rule that matches, used up by one.
    private func takeFault(for request: Request, at listener: Listener) -> FaultRule? {
        let elapsed = stage.now - stage.start
        for index in faults.indices where faults[index].matches(request, at: listener, after: elapsed) {
            let drawn = Double(stage.random.next() >> 11) / Double(1 << 53)
            guard drawn < faults[index].probability else { continue }
            if let remaining = faults[index].remaining { faults[index].remaining = remaining - 1 }
            return faults[index]
        }
        return nil
    }

    private func noteCall(_ request: Request, at listener: Listener, status: Int, hadEffect: Bool, wasAnswered: Bool) {
        guard request.method != "GET" else { return }
        let call = Event.Call(
            id: request.headers["x-request-id"] ?? "", endpoint: listener.name,
            verb: "\(request.method) /\(request.path.joined(separator: "/"))",
            query: request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&"), objects: request.objects,
            sent: stage.now, status: status, hadEffect: hadEffect, wasAnswered: wasAnswered)
        stage.record(Event(.call(call), by: request.actor), at: stage.now)
    }

    /// Carries a request out.
    func serve(_ request: Request, at listener: Listener) -> Response {
        switch listener {
        case .control:
            let response = controlPlane.respond(to: request, using: directory, in: &stage)
            follow()
            return response
        case .kafka(let region):
            guard regions[region]?[.runner, .brokers] != .down else { return .brokersUnreachable }
            return kafka.respond(to: request, site: region, in: &stage)
        case .registry, .furtherRegistry:
            guard let id = directory.registry(behind: listener), registries.registries[id] != nil else {
                return .problem(404, 404, "There is no Schema Registry here yet.")
            }
            return registries.respond(to: request, registry: id, using: directory, in: &stage)
        }
    }
}

extension Request {
    /// Who the event log puts a call down to: the run that names itself, else the key that signs in.
    var actor: Event.Actor {
        if let run = headers["spillway-run"] { return .run(run) }
        return .client(credentials?.key ?? "")
    }

    /// Whether the answer means that something was, or will be, changed: looking, trying with `validate_only`, and
    /// actions that are refused for every item change nothing.
    fileprivate func hadEffect(as response: Response, at listener: Listener) -> Bool {
        guard response.status < 300, !isQuestion(at: listener) else { return false }
        if flag("validate_only") || json?["validate_only"] == true { return false }
        guard path.last?.hasPrefix("mirrors:") == true, let items = (try? JSON(parsing: response.body))?["data"]?.array
        else { return true }
        return items.contains { $0["error_code"] == .null }
    }

    /// What Schema Registry answers to POST without taking anything in: whether a schema fits, or which one it is.
    private func isQuestion(at listener: Listener) -> Bool {
        guard listener.service == .registry, method == "POST" else { return false }
        let route = path.first == "contexts" ? path.dropFirst(2) : path[...]
        return route.first == "compatibility" || route.first == "subjects" && route.count == 2
    }

    /// The names in a body that say what the call is about.
    fileprivate var objects: [String] {
        guard let json else { return [] }
        let lists = ["mirror_topic_names"].flatMap { json[$0]?.array ?? [] }
        let names = [
            "topic_name", "source_topic_name", "mirror_topic_name", "mirror_topic_name_pattern", "name", "mode",
        ]
        .compactMap { json[$0] }
        let bindings = (json["data"]?.array ?? []).compactMap { AclBinding($0)?.description }
        return (lists + names).compactMap(\.string) + bindings + (AclBinding(json).map { [$0.description] } ?? [])
    }
}
