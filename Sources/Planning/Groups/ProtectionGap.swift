package import Domain

/// One reason why a standby could not take over everything that clients of a group were promised.
package enum ProtectionGap: Hashable, Sendable, Codable {
    /// There is nothing to protect yet.
    case withoutTopics
    /// No member could stand by.
    case withoutStandby
    /// Every other member was left for good, as the manifest wants.
    case retired(members: [String])
    /// The member that serves did not answer: what its standbys lack is not known.
    case holderUnseen(member: String, silence: String)
    /// A standby did not answer.
    case memberUnseen(member: String, silence: String)
    /// Topics whose copies do not fetch; status `nil` = there is no mirror.
    case notFetching(member: String, status: MirrorStatus?, topics: [String], error: String?)
    /// Topics that follow another cluster than the one that serves; source `nil` = one that no manifest names.
    case otherSource(member: String, source: String?, holder: String, topics: [String])
    /// A link that does not get through.
    case link(member: String, link: String, problem: String)
    /// A link that does not do what is declared about consumer offsets.
    case offsetSync(member: String, link: String, config: String, live: String?, wanted: String)
    /// A task of a link that fails while the link gets through.
    case task(member: String, link: String, problem: String)
    /// Consumer groups that read on the standby, so that their offsets are not synced; by name, as far as the standby
    /// tells which have members there.
    case groupsInUse(member: String, link: String, groups: [String], problem: String)
    /// A registry that did not answer.
    case registryUnseen(environment: String, silence: String)
    /// The registry of a standby is not in the mode in which it can be filled.
    case registryMode(environment: String, context: String, mode: String)
    /// No exporter copies the group's schemas.
    case noExporter(environment: String, exporter: String, destination: String)
    /// An exporter that does not run, or reports a failure.
    case exporter(environment: String, exporter: String, state: ExporterState, trace: String?)
    /// An exporter that copies something else than what is declared, or elsewhere.
    case exporterSelection(environment: String, exporter: String, field: String, live: String?, wanted: String)
    /// Versions of schemas that the standby's registry lacks.
    case schemas(environment: String, missing: [String])
    /// It was not told which schemas a registry holds.
    case schemasUnseen(environment: String, silence: String)
    /// Entries by which clients would be denied on the standby.
    case denied(member: String, entries: [String])
    /// It could not be read whether entries deny clients something.
    case entriesUnseen(member: String)
    /// Credentials of an application that do not sign in at the standby.
    case signIn(member: String, binding: String, reason: String)

    /// Whether it can be expected to pass within seconds: something was asked for and is on its way.
    package var mayPass: Bool {
        switch self {
        case .notFetching(_, let status, _, _): status?.isOnItsWay ?? false
        case .exporter(_, _, let state, let trace): state == .starting && trace == nil
        case .link, .task, .groupsInUse, .schemas: true
        default: false
        }
    }

    /// Whether it stays until somebody does something that no apply does.
    package var needsHands: Bool {
        switch self {
        case .denied, .entriesUnseen, .signIn: true
        default: false
        }
    }

    /// Whether a standby could take over all the same: consumer groups that read there commit their offsets there by
    /// themselves, which is why the link leaves them alone.
    package var leavesProtected: Bool {
        if case .groupsInUse = self { true } else { false }
    }

    /// Whether nobody asked for more than there is: nothing to protect, or nobody to stand by on purpose.
    package var isIntended: Bool {
        switch self {
        case .withoutTopics, .retired: true
        default: false
        }
    }

    /// Whether an exporter fails, which is told also where another standby protects the group.
    package var isFailingExporter: Bool {
        if case .exporter = self { true } else { false }
    }
}
