import OrderedCollections
import SimulatorCore

/// A Kafka cluster: its topics, links, groups and ACLs.
package final class Cluster {
    /// The kinds the services sell, and the two that people run themselves.
    package enum Kind: String, Sendable, CaseIterable {
        case basic = "Basic"
        case standard = "Standard"
        case enterprise = "Enterprise"
        case dedicated = "Dedicated"
        case freight = "Freight"
        case confluentPlatform = "ConfluentPlatform"
        case apacheKafka = "ApacheKafka"

        package var isCloud: Bool {
            self != .confluentPlatform && self != .apacheKafka
        }

        /// Whether a cluster of this kind can hold cluster links.
        var holdsLinks: Bool {
            self == .enterprise || self == .dedicated || self == .confluentPlatform
        }
    }

    package let id: String
    package let displayName: String
    package let kind: Kind
    /// The region that holds it: what cannot be reached together.
    package let site: String
    /// `host:port` that links and clients dial.
    package let bootstrap: String
    /// The URL its REST API is served below.
    package var restURL: String
    package private(set) var topics: [String: Topic] = [:]
    package private(set) var links: [String: Link] = [:]
    package var groups: [String: ConsumerGroup] = [:]
    var acls: OrderedSet<AclBinding> = []
    /// Changes of ACLs that are still to take effect.
    var lateAcls: [LateAcl] = []
    private var sortedTopicNames: [String]?
    /// Links elsewhere that copy from this cluster.
    var readers: [Link] = []

    package init(id: String, displayName: String, kind: Kind, site: String, bootstrap: String, restURL: String) {
        self.id = id
        self.displayName = displayName
        self.kind = kind
        self.site = site
        self.bootstrap = bootstrap
        self.restURL = restURL
    }

    var base: String {
        "\(restURL)/kafka/v3/clusters/\(id)"
    }

    /// Topics in the order of their names.
    var sortedTopics: [Topic] {
        let names = sortedTopicNames ?? topics.keys.sorted()
        sortedTopicNames = names
        return names.compactMap { topics[$0] }
    }

    var sortedLinks: [Link] {
        links.values.sorted { $0.name < $1.name }
    }

    package func insert(_ topic: Topic) {
        topics[topic.name] = topic
        sortedTopicNames = nil
    }

    func removeTopic(_ name: String) {
        topics[name] = nil
        sortedTopicNames = nil
    }

    /// Groups have no offsets in a topic that is gone.
    func forgetOffsets(in topic: String) {
        for (name, group) in groups {
            let places = group.offsets.keys.filter { $0.topic == topic }
            for place in places { groups[name]?.offsets[place] = nil }
        }
    }

    package func insert(_ link: Link) {
        links[link.name] = link
    }

    func removeLink(_ name: String) {
        links[name] = nil
    }

    /// Makes a cluster like this one, without topics and links.
    func copiedShell() -> Cluster {
        let copy = Cluster(
            id: id, displayName: displayName, kind: kind, site: site, bootstrap: bootstrap, restURL: restURL)
        copy.groups = groups
        copy.acls = acls
        copy.lateAcls = lateAcls
        return copy
    }
}
