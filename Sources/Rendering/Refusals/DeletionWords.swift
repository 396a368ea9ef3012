import Domain
import Planning

extension DeletionReason {
    var words: RefusalWords {
        switch self {
        case .protected(let address):
            RefusalWords(
                "\(address) left the manifests, but was protected",
                wayOut: "put the manifest back with `metadata.protect: false` and apply, then remove it")
        case .selected(let address, let reader):
            RefusalWords(
                "\(address) left the manifests, but \(reader) still selects it",
                wayOut:
                    "exclude it from the topics of \(reader), or put its manifest back with `deletionPolicy: Retain`")
        case .mirror(let address, let link):
            RefusalWords(
                "\(address) left the manifests, but is a mirror on link \(link) now",
                wayOut: "forget it with: \(AdvisedCommand(.forget, address))")
        case .carries(let address, let mirrors):
            RefusalWords(
                "\(address) left the manifests, but has \(mirrors) live mirrors, which its deletion would turn into "
                    + "writable topics",
                wayOut: "put the manifest back with `deletionPolicy: Retain`, or forget it with: "
                    + "\(AdvisedCommand(.forget, address))")
        case .withoutCredentials(let address, let place):
            RefusalWords(
                "\(address) left the manifests, but \(place) declares no credentials to delete it with",
                wayOut: "declare the credentials, or forget it with: \(AdvisedCommand(.forget, address))")
        case .holdsCluster(let address, let id, let displayName):
            RefusalWords(
                "\(address) left the manifests, but holds cluster \(id) (\(displayName)), which would be deleted with it",
                wayOut: Self.emptying(address))
        case .unlisted(let address):
            RefusalWords(
                "\(address) left the manifests, but what it holds was not listed, and would be deleted with it",
                wayOut: Self.emptying(address))
        case .holdsTopics(let address, let topics):
            RefusalWords(
                "\(address) left the manifests, but holds "
                    + (topics.count == 1 ? "topic \(topics[0])" : "\(topics.count) topics")
                    + " that nobody here owns and that would go with it"
                    + (topics.count == 1 ? "" : ": \(topics.shortened)"),
                wayOut:
                    "delete the topics by hand once nobody needs them, or put the manifest of \(address.name) back; or "
                    + "delete the cluster by hand, then: \(AdvisedCommand(.forget, address))")
        case .topicsUnseen(let address, nil):
            RefusalWords(
                "\(address) left the manifests, but which topics would go with it cannot be seen: no credentials of it are "
                    + "remembered",
                wayOut: "put the manifest of \(address.name) back with its `credentials` and apply, then remove it; or "
                    + "delete the cluster by hand, then: \(AdvisedCommand(.forget, address))")
        case .topicsUnseen(let address, let silence?):
            RefusalWords(
                "\(address) left the manifests, but which topics would go with it cannot be seen: \(silence)",
                wayOut: "correct the credentials it had; or delete the cluster by hand, then: "
                    + "\(AdvisedCommand(.forget, address))")
        case .tooMany(let addresses, let allowed):
            RefusalWords(
                "\(addresses.count) objects left the manifests with deletionPolicy: Delete "
                    + "(\(addresses.map(\.description).shortened)), \(allowed) may be deleted",
                wayOut: "set `policy.maxDeletions: \(addresses.count)` for this change, or put the manifests back")
        }
    }

    private static func emptying(_ environment: ResourceAddress) -> String {
        "empty it and delete it by hand, then: \(AdvisedCommand(.forget, environment))"
    }
}
