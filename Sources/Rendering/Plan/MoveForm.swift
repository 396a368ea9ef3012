import Domain
import Planning

/// A change of primary as it stands in a plan document.
struct MoveForm: Codable {
    let family: String
    let groups: [String]
    let kind: RecordedMoves.Kind
    let from: String
    let to: String
    let epoch: Int
    let evidence: String
    let isContinued: Bool
    let bringsTheRest: Bool?
    let topics: [String: Int]
    let left: [String]
    let lag: Lag?
    let unknownLag: [String]
    let objectives: Objectives
    let expectedMilliseconds: Int64?
    let incident: String?
    let overrides: [GateOverride]
    let warnings: [String]
    let unmoved: [UnmovedClients]?
    let followedBy: [String]

    /// Records behind, with the moment they were read.
    struct Lag: Codable {
        let records: Int64
        let worst: Int64
        let worstPartition: String?
        @RFC3339 var asOf: Timestamp

        init(_ lag: Recorded.Lag) {
            records = lag.records
            worst = lag.worst
            worstPartition = lag.worstPartition
            _asOf = RFC3339(wrappedValue: lag.asOf)
        }

        var lag: Recorded.Lag {
            Recorded.Lag(records: records, worst: worst, worstPartition: worstPartition, asOf: asOf)
        }
    }

    /// What may be lost, and how long it may take.
    struct Objectives: Codable {
        let recordsLost: Int?
        let ageMilliseconds: Int64?
        let recoveryTimeMilliseconds: Int64?

        init(_ objectives: FailoverGroupSpec.Objectives) {
            recordsLost = objectives.recordsLost
            ageMilliseconds = objectives.age?.wholeMilliseconds
            recoveryTimeMilliseconds = objectives.recoveryTime?.wholeMilliseconds
        }

        var objectives: FailoverGroupSpec.Objectives {
            var objectives = FailoverGroupSpec.Objectives()
            objectives.recordsLost = recordsLost
            objectives.age = ageMilliseconds.map { .milliseconds($0) }
            objectives.recoveryTime = recoveryTimeMilliseconds.map { .milliseconds($0) }
            return objectives
        }
    }

    init(_ move: Plan.Move) {
        family = move.family
        groups = move.groups
        kind = move.kind
        from = move.from
        to = move.to
        epoch = move.epoch
        evidence = move.evidence
        isContinued = move.isContinued
        bringsTheRest = move.bringsTheRest ? true : nil
        topics = move.topics
        left = move.left
        lag = move.lag.map(Lag.init)
        unknownLag = move.unknownLag
        objectives = Objectives(move.objectives)
        expectedMilliseconds = move.expected?.wholeMilliseconds
        incident = move.incident
        overrides = move.overrides
        warnings = move.warnings
        unmoved = move.unmoved
        followedBy = move.followedBy
    }

    var move: Plan.Move {
        var move = Plan.Move(
            family: family, groups: groups, kind: kind, from: from, to: to, epoch: epoch, evidence: evidence)
        move.isContinued = isContinued
        move.bringsTheRest = bringsTheRest ?? false
        move.topics = topics
        move.left = left
        move.lag = lag?.lag
        move.unknownLag = unknownLag
        move.objectives = objectives.objectives
        move.expected = expectedMilliseconds.map { .milliseconds($0) }
        move.incident = incident
        move.overrides = overrides
        move.warnings = warnings
        move.unmoved = unmoved ?? []
        move.followedBy = followedBy
        return move
    }
}

/// The state of a group as it stands in a plan document.
struct GroupForm: Codable {
    let name: String
    let primary: String
    let members: [String]
    let topics: Int
    let isProtected: Bool
    let findings: [String]
    let standing: StandingForm?
    let left: [String]?
    let lastKnown: StatusReport.LastKnown?

    init(_ state: Plan.GroupState) {
        name = state.name
        primary = state.primary
        members = state.members
        topics = state.topics
        isProtected = state.isProtected
        findings = state.findings
        standing = state.standing.map(StandingForm.init)
        left = state.left.isEmpty ? nil : state.left
        lastKnown = state.lastKnown.map(StatusReport.LastKnown.init)
    }

    var state: Plan.GroupState {
        var state = Plan.GroupState(
            name: name, primary: primary, members: members, topics: topics, isProtected: isProtected,
            told: findings)
        state.standing = standing?.standing
        state.left = left ?? []
        state.lastKnown = lastKnown.map {
            .init(
                protectedUntil: $0.protectedUntil?.wrappedValue, lastSeen: $0.lastSeen?.wrappedValue,
                succession: $0.succession)
        }
        return state
    }
}
