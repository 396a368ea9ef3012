package import Domain

extension Plan {
    /// Where a group's data is, by evidence, and what its moves left behind.
    package struct Standing: Hashable, Sendable, Codable {
        /// A move that began and has not ended.
        package struct OpenMove: Hashable, Sendable, Codable {
            package let epoch: Int
            package let kind: RecordedMoves.Kind
            /// The member that is left.
            package let from: String
            /// The member that becomes primary, or is primary and has standbys to win back.
            package let to: String
            /// When it began.
            package let openedAt: Timestamp?
            /// Incident of the consent that was used.
            package let incident: String?
            /// Whether the point of no return was passed.
            package let isPast: Bool

            package init(_ move: RecordedMoves.Move) {
                self.init(
                    epoch: move.epoch, kind: move.kind, from: move.from, to: move.to, openedAt: move.openedAt,
                    incident: move.incident, isPast: move.isPast)
            }

            package init(
                epoch: Int, kind: RecordedMoves.Kind, from: String, to: String, openedAt: Timestamp?,
                incident: String?, isPast: Bool
            ) {
                self.epoch = epoch
                self.kind = kind
                self.from = from
                self.to = to
                self.openedAt = openedAt
                self.incident = incident
                self.isPast = isPast
            }
        }

        /// A member that served before and holds writable copies still.
        package struct Demoted: Hashable, Sendable, Codable {
            package let member: String
            /// What its copies can be shown to be.
            package let proof: RecordedMoves.Proof
            /// The token that consents to destroying its copies; `nil` while none is asked for.
            package let token: String?

            package init(member: String, proof: RecordedMoves.Proof, token: String?) {
                self.member = member
                self.proof = proof
                self.token = token
            }
        }

        /// A member from which writers are kept.
        package struct Fence: Hashable, Sendable, Codable {
            package let member: String
            /// Number of entries that Spillway wrote there.
            package let entries: Int
            /// Number of equal entries that were there before; they are never removed.
            package let existed: Int

            /// A member from which writers are kept.
            package init(member: String, entries: Int, existed: Int) {
                self.member = member
                self.entries = entries
                self.existed = existed
            }
        }

        /// The member whose copies clients use; `nil` when nothing exists yet.
        package let holder: String?
        /// How that is known.
        package let evidence: String
        /// Greatest epoch that the ledger or a store knows; 0 = never moved.
        package let epoch: Int
        /// When the move that made the holder primary was durable; `nil` when the ledger knows of none.
        package let servesSince: Timestamp?
        /// The move that has not ended.
        package let open: OpenMove?
        /// Members that served before and have not returned.
        package let demoted: [Demoted]
        /// Members from which writers are kept.
        package let fences: [Fence]

        package init(
            holder: String?, evidence: String, epoch: Int, servesSince: Timestamp? = nil, open: OpenMove? = nil,
            demoted: [Demoted] = [], fences: [Fence] = []
        ) {
            self.holder = holder
            self.evidence = evidence
            self.epoch = epoch
            self.servesSince = servesSince
            self.open = open
            self.demoted = demoted
            self.fences = fences
        }
    }
}

extension FamilySituation {
    /// What the evidence says, for people.
    ///
    /// - Parameter tokens: Consents that are asked for, by member.
    func standing(tokens: [String: String]) -> Plan.Standing {
        Plan.Standing(
            holder: holder, evidence: evidence, epoch: epoch,
            servesSince: moves.serving.flatMap { $0.site == holder ? $0.since : nil },
            open: openMove.map(Plan.Standing.OpenMove.init),
            demoted: moves.demoted.sorted { $0.key < $1.key }
                .map { .init(member: $0, proof: $1.proof, token: tokens[$0]) },
            fences: moves.fences.sorted { $0.key < $1.key }
                .map { .init(member: $0, entries: $1.written.count, existed: $1.existed.count) })
    }
}
