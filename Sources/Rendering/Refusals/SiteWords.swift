import Planning

extension SiteReason {
    var words: RefusalWords {
        switch self {
        case .provisioningFailed(let id, let known):
            RefusalWords(
                "provisioning of \(id) has failed",
                wayOut: "delete \(id) in Confluent Cloud by hand; the next apply creates the cluster anew"
                    + (known.map { ", once it is forgotten: \(AdvisedCommand(.forget, $0))" } ?? ""))
        case .accessPoint(let id, let field, let declared, let there):
            RefusalWords(
                "\(id) has no access point \(declared); it has \(there.joined(separator: ", "))",
                wayOut: "write \(there.map { "`\(field): \($0)`" }.joined(separator: " or ")), or remove the field")
        case .misdescribed(let cluster, let wrong):
            RefusalWords(
                "\(wrong.field) of \(cluster) is \(wrong.from ?? "unset"), not \(wrong.to ?? "unset"), and cannot be "
                    + "changed",
                wayOut: "\(wrong.keepingLive), or correct `id`")
        case .immutable(let cluster, let fixed):
            RefusalWords(
                "\(fixed.field) of \(cluster) is \(fixed.from ?? "unset") and cannot become \(fixed.to ?? "unset")",
                wayOut: "\(fixed.keepingLive), or declare another Cluster")
        case .governance(let environment):
            RefusalWords(
                "the governance package of \(environment) is ADVANCED and cannot go back to ESSENTIALS",
                wayOut: "write `package: ADVANCED`")
        }
    }
}

extension Change.FieldDifference {
    /// The edit after which the manifest says what is there.
    fileprivate var keepingLive: String { from.map { "write `\(field): \($0)`" } ?? "remove `\(field)`" }
}
