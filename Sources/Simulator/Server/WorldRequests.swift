/// What a connection is to do about a request.
enum Outcome: Sendable {
    case respond(Response, after: Milliseconds)
    /// Sends the head and the first bytes of the body, then closes.
    case truncate(Response, bytes: Int, after: Milliseconds)
    /// Never answers.
    case hang
    /// Closes without an answer.
    case drop(after: Milliseconds)
}

extension World {
    /// Takes a request that arrived at a listener.
    func take(_ request: Request, at listener: Listener) async -> Outcome {
        if listener == .control, request.path.first == "_sim" {
            return .respond(await administer(request), after: 0)
        }
        let region = listener == .control ? control : regions[listener.region] ?? Region()
        switch region.runner {
        case .up: break
        case .down: return .drop(after: 0)
        case .blackhole: return .hang
        }
        advance()
        counts[listener, default: [:]]["\(request.method) \(PathTemplate.of(request.path))", default: 0] += 1
        return outcome(of: request, at: listener, latency: region.latency)
    }

    private func outcome(of request: Request, at listener: Listener, latency: Milliseconds) -> Outcome {
        guard let fault = takeFault(for: request, at: listener) else {
            let response = serve(request, at: listener)
            noteCall(request, at: listener, hadEffect: response.status < 300, wasAnswered: true)
            return .respond(response, after: latency)
        }
        let delay = latency + fault.delay
        if case .answer(let response) = fault.effect {
            noteCall(request, at: listener, hadEffect: false, wasAnswered: true)
            return .respond(response, after: delay)
        }
        let response = serve(request, at: listener)
        let isLost = if case .loseAnswer = fault.effect { true } else { false }
        noteCall(request, at: listener, hadEffect: response.status < 300, wasAnswered: !isLost)
        return switch fault.effect {
        case .loseAnswer: .drop(after: delay)
        case .truncate(let bytes): .truncate(response, bytes: bytes, after: delay)
        case .replaceAnswer(let garbage): .respond(garbage, after: delay)
        case .answer, .none: .respond(response, after: delay)
        }
    }

    /// The first rule that matches, used up by one.
    private func takeFault(for request: Request, at listener: Listener) -> FaultRule? {
        for index in faults.indices where faults[index].matches(request, at: listener) {
            let drawn = Double(stage.random.next() >> 11) / Double(1 << 53)
            guard drawn < faults[index].probability else { continue }
            if let remaining = faults[index].remaining { faults[index].remaining = remaining - 1 }
            return faults[index]
        }
        return nil
    }

    private func noteCall(_ request: Request, at listener: Listener, hadEffect: Bool, wasAnswered: Bool) {
        guard request.method != "GET" else { return }
        let actor = request.credentials.map { Event.Actor.client($0.key) } ?? .client("")
        stage.record(
            Event(
                .call(
                    id: request.headers["x-request-id"] ?? "", endpoint: listener.name,
                    verb: "\(request.method) /\(request.path.joined(separator: "/"))", sent: stage.now,
                    hadEffect: hadEffect, wasAnswered: wasAnswered),
                by: actor),
            at: stage.now)
    }

    /// Carries a request out.
    private func serve(_ request: Request, at listener: Listener) -> Response {
        switch listener {
        case .control:
            let response = controlPlane.respond(to: request, using: directory, in: &stage)
            follow()
            return response
        case .kafka(let region): return kafka.respond(to: request, site: region, in: &stage)
        case .registry, .furtherRegistry:
            guard let id = directory.registry(behind: listener), registries.registries[id] != nil else {
                return .problem(404, 404, "There is no Schema Registry here yet.")
            }
            return registries.respond(to: request, registry: id, using: directory, in: &stage)
        }
    }
}
