import Domain
import Execution
import Synchronization
import Transport

/// Waits until a link works with what was written into it: accepted credentials are not yet credentials that work.
struct LinkSettling: Sendable {
    let context: StepContext
    let api: KafkaAPI
    let link: String

    /// How long a link may go on telling of a fault that the write should have ended.
    static let patience: Duration = .seconds(10)

    func wait() async throws(StepFailure) {
        let (api, link, pacing) = (api, link, context.pacing)
        let start = pacing.elapsed()
        let poller = context.pollers.alone { (link: try await api.link(link), at: pacing.elapsed()) }
        try await context.wait(
            for: "link \(link) to work with its credentials", in: poller, at: api.endpoint,
            atMost: context.transitionLimit
        ) { (seen: (link: LinkWire, at: Duration)) -> PollVerdict<Void> in
            let observed = seen.link.observed(configs: [])
            if observed.state == .paused { return .reached(()) }
            guard let fault = LinkFault(of: observed) ?? observed.faultOfTasks else {
                return observed.state == .active ? .reached(()) : .waiting(observed.state.description)
            }
            guard seen.at - start >= Self.patience, fault.isDefinite else { return .waiting(fault.words) }
            return .failed(
                "link \(link) does not work with the credentials that were written: \(fault.words); correct "
                    + "`linkCredentials` and apply again")
        }
    }
}

extension LinkFault {
    /// Whether waiting does not help.
    fileprivate var isDefinite: Bool {
        switch self {
        case .credentials, .failed: true
        case .unreachable: false
        }
    }
}

extension ObservedLink {
    /// A task that the other side does not let in.
    fileprivate var faultOfTasks: LinkFault? {
        for task in tasks where task.state == .inError {
            guard let error = task.errors.first(where: LinkFault.isOfCredentials) else { continue }
            return .credentials("\(task.name): \(error)")
        }
        return nil
    }
}
