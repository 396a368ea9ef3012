/// A question that only a live system can answer and that changes nothing: a plan that needs one is made again with
/// the answer.
package enum Probe: Hashable, Sendable {
    /// Would the verb be accepted now (`validate_only`)?
    case promotion(MirrorPromotion, LinkedMirrors)
    /// What would truncate-and-restore cut away (`validate_only`, with partition data)?
    case truncation(LinkedMirrors)
    /// Where do the logs of topics end, as far as the lags of consumer groups tell (Dedicated clusters only)?
    case ends(cluster: String, topics: [String])
    /// Which versions does a registry hold of these subjects? Those that are deleted softly keep their names and ids
    /// taken.
    case schemas(environment: String, subjects: [String], includingDeleted: Bool)
    /// Which consumer groups with members may read these topics?
    case readers(cluster: String, topics: [String])
    /// Which versions does one registry hold that another lacks, once what is on its way had time to arrive? An
    /// exporter may give subjects other names (`${subject}` stands for the name).
    case missingSchemas(SchemaComparison, renameFormat: String)
    /// Do the source offsets that the mirrors of a cluster know of advance, while the source is asked directly?
    case movement(LinkedMirrors, source: String)
    /// Would a topic be made as declared (`validate_only`)?
    case topicCreation(TopicCreation)
    /// Would a topic's configs be changed so (`validate_only`)?
    case topicAlteration(cluster: String, topic: String, changes: [ConfigChange])
    /// Do the credentials that an application has for a cluster sign in there, and at its registry?
    case signIn(binding: String, cluster: String)
}

/// What a live system answered to a probe.
package enum ProbeAnswer: Hashable, Sendable {
    /// Why each refused topic is refused; topics that are not named are accepted.
    case refusals([String: String])
    /// Records that would be cut, by topic; `nil` = the server cannot tell. Refused topics are in `refused`.
    case truncation([String: Int64?], refused: [String: String])
    /// End offsets by topic and partition, as far as they are known.
    case ends([String: [Int: Int64]])
    /// Versions by subject; of a comparison those that are missing.
    case schemas(Set<SchemaVersionID>)
    /// Names of the groups.
    case readers([String])
    /// Whether offsets advanced between two reads, and what the source itself gave meanwhile.
    case movement(offsetsAdvanced: Bool, source: SourceAnswer)
    /// What refuses the sign-in, in words; empty when everything accepts it.
    case signIn(refused: [String])
    /// Why the service would refuse it; `nil` = it would not.
    case verdict(refused: String?)
    /// The check is not permitted, or the endpoint did not answer; told in words.
    case unanswered(String)
}

/// What a cluster gave that is asked whether it is there. An answer is life: only silence is death.
package enum SourceAnswer: Hashable, Sendable {
    /// What was asked for.
    case usable
    /// A part of it.
    case partial
    /// That it wants to be asked later (429).
    case throttled
    /// What cannot be used (a 5xx, 401, 403, a page, rows that do not decode), in words: it may be alive or not.
    case unusable(String)
    /// Nothing: refused, unreachable, or no whole answer within the deadline.
    case silent
}
