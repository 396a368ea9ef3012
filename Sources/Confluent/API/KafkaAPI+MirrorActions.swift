import Domain
import Execution
import Transport

extension KafkaAPI {
    /// Verbs on mirrors: each is accepted or refused topic by topic, and done later.
    enum MirrorAction: Sendable {
        case pause
        case resume
        case promote
        case failover
        case reverse
        case restore
    }

    /// Asks for a change of many mirrors in as few calls as the service takes: no limit of names is documented, so that
    /// all are named at once, and half of them when that is refused for their number.
    ///
    /// - Parameter isCheck: Whether the service only says what it would answer (`validate_only`).
    /// - Returns: What was answered per topic. A topic that is not in it was not touched.
    func act(
        _ action: MirrorAction, on topics: [String], link: String, isCheck: Bool = false
    ) async throws(TransportFailure) -> [MirrorActionWire] {
        guard !topics.isEmpty else { return [] }
        do throws(TransportFailure) {
            return try await actOnce(action, topics, link, isCheck)
        } catch {
            guard error.saysTooMany, topics.count > 1 else { throw error }
            let half = topics.count / 2
            let first = try await act(action, on: Array(topics[..<half]), link: link, isCheck: isCheck)
            return first + (try await act(action, on: Array(topics[half...]), link: link, isCheck: isCheck))
        }
    }

    private func actOnce(
        _ action: MirrorAction, _ topics: [String], _ link: String, _ isCheck: Bool
    ) async throws(TransportFailure) -> [MirrorActionWire] {
        var path = mirrorsPath(link).with(action.suffix)
        if isCheck {
            path = path.querying("validate_only", "true")
            if action == .restore { path = path.querying("include_partition_level_truncation_data", "true") }
        }
        let call = HTTPCall(.post, path).repeatable().having(isCheck ? .none : .inAnswer)
        let items =
            try await endpoint.send(
                try endpoint.encoding(KafkaBody.Mirrors(topics: topics), into: call),
                as: ListPage<MirrorActionWire>.self
            ).data
        if !isCheck, items.contains(where: { $0.errorCode == nil }) { Deeds.ofStep?.happened() }
        return items
    }

    /// What keeps a mirror from leaving its status, as the service tells.
    func transitionErrors(of topic: String, link: String) async throws(TransportFailure) -> [String] {
        let path = mirrorsPath(link).appending(topic).querying("include_state_transition_errors", "true")
        return try await endpoint.get(path, as: MirrorTransitionWire.self).errors?.map(\.words) ?? []
    }

    /// Asks for the deletion of a link with live mirrors: they become ordinary topics.
    func detachLink(_ name: String) async throws(TransportFailure) {
        _ = try await endpoint.send(HTTPCall(.delete, linkPath(name).querying("force", "true")))
    }

    /// Writes one record.
    ///
    /// - Throws: Also for an error code inside an answer with status 200: records are answered one by one.
    func produce(_ record: KafkaBody.Record, to topic: String) async throws(TransportFailure) {
        let call = HTTPCall(.post, topicPath(topic).with("/records")).repeatable().having(.inAnswer)
        let answer = try await endpoint.send(try endpoint.encoding(record, into: call), as: RecordWire.self)
        guard let code = answer.errorCode else {
            throw endpoint.failure(.malformed("it does not say whether the record was written"), call)
        }
        guard code != 200 else {
            Deeds.ofStep?.happened()
            return
        }
        let status = code < 1000 ? code : code / 100
        let message = answer.message ?? ""
        throw endpoint.failure(
            status == 401 || status == 403
                ? .denied(status: status, code: String(code), message: message)
                : .status(status, code: String(code), message: message), call)
    }
}

extension KafkaAPI.MirrorAction {
    fileprivate var suffix: StaticString {
        switch self {
        case .pause: ":pause"
        case .resume: ":resume"
        case .promote: ":promote"
        case .failover: ":failover"
        case .reverse: ":reverse-and-start-mirror"
        case .restore: ":truncate-and-restore"
        }
    }
}

extension [MirrorActionWire] {
    /// Why topics of a call were refused; one that was not answered for was not touched.
    func refusals(of topics: [String]) -> [String: String] {
        var refused: [String: String] = [:]
        for topic in topics { refused[topic] = "the service did not answer for it" }
        for item in self {
            guard let topic = item.topic else { continue }
            refused[topic] = item.errorCode.map { item.errorMessage?.text ?? "error \($0)" }
        }
        return refused
    }
}

extension TransportFailure {
    /// Whether the service refuses the size of a call, not what it says.
    var saysTooMany: Bool {
        guard status == 400 else { return status == 413 }
        let message = message.lowercased()
        return ["too many", "too large", "exceed", "maximum", "at most"].contains { message.contains($0) }
    }
}
