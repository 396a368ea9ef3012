import SimulatedConfluent
import SimulatorCore

/// What a connection is to do about a request.
enum Outcome: Sendable {
    case respond(Response, after: Milliseconds)
    /// Sends the head and the first bytes of the body, then closes.
    case truncate(Response, bytes: Int, after: Milliseconds)
    /// Sends the body byte by byte.
    case trickle(Response, every: Milliseconds, after: Milliseconds)
    /// Sends the first bytes of the body in a chunk, then closes.
    case cutChunks(Response, bytes: Int, after: Milliseconds)
    /// Never answers.
    case hang
    /// Never answers, however well the endpoint is.
    case ignore
    /// Closes without an answer.
    case drop(after: Milliseconds)
    /// Is held up on its way until a time, and then carried out.
    case late(until: Milliseconds, sent: Milliseconds)

    /// The same with a `Date`, unless it has one.
    func dated(_ date: String) -> Outcome {
        switch self {
        case .respond(let response, let delay): .respond(response.dated(date), after: delay)
        case .truncate(let response, let bytes, let delay): .truncate(response.dated(date), bytes: bytes, after: delay)
        case .trickle(let response, let every, let delay): .trickle(response.dated(date), every: every, after: delay)
        case .cutChunks(let response, let bytes, let delay):
            .cutChunks(response.dated(date), bytes: bytes, after: delay)
        case .hang, .ignore, .drop, .late: self
        }
    }
}

extension Response {
    fileprivate func padded(_ count: Int) -> Response {
        var padded = self
        let piece = 1 << 20
        padded.rest = BodyPieces(count: (count + piece - 1) / piece) { index in
            [UInt8](repeating: UInt8(ascii: " "), count: min(piece, count - index * piece))
        }
        return padded
    }

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
        dated(await outcome(of: request, at: listener), at: listener)
    }

    /// Takes a request that was held up on its way, if there is still somebody to take it.
    func takeLate(_ request: Request, at listener: Listener, sent: Milliseconds) -> Outcome {
        let region = region(of: listener)
        guard region[.runner, listener.service] == .up, !isSilent(listener) else { return .drop(after: 0) }
        advance()
        return dated(
            outcome(of: lied(request), at: listener, nil, sent: sent, delay: region.latency), at: listener)
    }

    /// Whether it is a time or later.
    func hasReached(_ time: Milliseconds) -> Bool {
        advance()
        return stage.now >= time
    }

    private func dated(_ outcome: Outcome, at listener: Listener) -> Outcome {
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
        switch fault?.effect {
        case .answer(let response):
            noteCall(request, at: listener, sent: stage.now, response, hadEffect: false, wasAnswered: true)
            return .respond(response, after: delay)
        case .ignore:
            noteCall(request, at: listener, sent: stage.now, .empty(), hadEffect: false, wasAnswered: false)
            return .ignore
        case .cut(let region, let change):
            noteCall(request, at: listener, sent: stage.now, .empty(), hadEffect: false, wasAnswered: false)
            if let region, let change { _ = self.change(region: region, change) }
            return .drop(after: delay)
        case .late(let wait): return .late(until: stage.now + wait, sent: stage.now)
        default: return outcome(of: request, at: listener, fault, sent: stage.now, delay: delay)
        }
    }

    /// Carries a request out, and spoils the answer if a fault says so.
    private func outcome(
        of request: Request, at listener: Listener, _ fault: FaultRule?, sent: Milliseconds, delay: Milliseconds
    ) -> Outcome {
        noteBeforeChange(request, at: listener)
        stage.answersAreLost = fault?.effect.spoilsAnswer ?? false
        defer { stage.answersAreLost = false }
        var response = carryOut(request, at: listener, fault?.effect)
        if fault != nil || !stage.troubles.isEmpty { response = response.gathered }
        let isLost = if case .loseAnswer = fault?.effect { true } else { false }
        noteCall(
            request, at: listener, sent: sent, response, hadEffect: request.hadEffect(as: response, at: listener),
            wasAnswered: !isLost)
        if !stage.troubles.isEmpty, let skew = skew(at: listener) { response = skew.applied(to: response) }
        if let fault, !fault.effect.findsSomething(in: response) {
            giveBack(fault)
            return .respond(response, after: delay)
        }
        return switch fault?.effect {
        case .loseAnswer: .drop(after: delay)
        case .trickle(let every): .trickle(response, every: every, after: delay)
        case .cutChunks(let bytes): .cutChunks(response, bytes: bytes, after: delay)
        case .pad(let bytes): .respond(response.padded(bytes), after: delay)
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
            faults[index].use()
            return faults[index]
        }
        return nil
    }

    private func giveBack(_ fault: FaultRule) {
        guard let index = faults.firstIndex(where: { $0.id == fault.id }) else { return }
        faults[index].giveBack()
    }

    /// Carries a request out.
    func serve(_ request: Request, at listener: Listener) -> Response {
        switch listener {
        case .store(let name, _): return respond(to: request, atStore: name)
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
