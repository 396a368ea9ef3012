package import Domain

/// Why an environment or cluster cannot be as its manifest says.
package enum SiteReason: Hashable, Sendable {
    /// Its provisioning failed; known = the address to forget, where the ledger has it.
    case provisioningFailed(id: String, known: ResourceAddress?)
    /// It has no such access point; `there` are those it has.
    case accessPoint(id: String, field: String, declared: String, there: [String])
    /// It is only observed, and its manifest describes another one.
    case misdescribed(cluster: String, Change.FieldDifference)
    /// A field that an existing cluster cannot change.
    case immutable(cluster: String, Change.FieldDifference)
    /// A governance package that would become a lesser one.
    case governance(environment: String)
}

/// Why a topic cannot be as its manifest says.
package enum TopicReason: Hashable, Sendable {
    case shrinks(topic: String, live: Int, declared: Int)
    case replicationFactor(topic: String, live: Int)
    /// Its cluster is an Apache Kafka, which has no API for it.
    case onApacheKafka(cluster: String)
    case withoutCredentials(cluster: String)
    /// The cluster does not take topics as they are declared, with what it says.
    case rejected(topics: [String], cluster: String, answer: String)
    /// Its name and others are the same in the names of metrics.
    case collides(topic: String, with: [String], cluster: String)
    /// A mirror would have the name of a topic that is declared.
    case taken(topic: String, cluster: String)
}

/// Why a link cannot be as its manifest says.
package enum LinkReason: Hashable, Sendable {
    /// Another link of the cluster has its prefix.
    case prefixTaken(String, by: String, cluster: String)
    /// Live links of which it may be one, or not.
    case ambiguous(among: [String], DeclaredLink)
    /// It is there under another name.
    case renamed(live: String, declared: String, DeclaredLink)
    /// A link of its name is there between other ends.
    case otherEnds(OtherLink, DeclaredLink)
    /// Another manifest declares it with other settings.
    case declaredTwice(ResourceAddress, by: String)
    case withoutCredentials(cluster: String)
    /// The other side dials, and a live link cannot change that.
    case connection(
        link: String, cluster: String, live: LinkHalf.Connection, wanted: LinkHalf.Connection, InitiatorEdit)
}

/// A half of a link in the words of its manifest.
package struct DeclaredLink: Hashable, Sendable {
    package let cluster: String
    package let remote: String
    /// `ClusterLink copy`.
    package let owner: String
    /// The field that names it, below `spec`.
    package let nameField: String
}

/// A live link that has the name of a declared one, and is another.
package struct OtherLink: Hashable, Sendable {
    package let name: String
    package let mode: LinkHalf.Mode
    /// Id of the cluster at its other end; `nil` = not known.
    package let remote: String?
    /// The field and the value after which it is the declared one; `nil` where one edit is not enough.
    package let edit: ModeEdit?

    package struct ModeEdit: Hashable, Sendable {
        package let field: String
        package let mode: LinkMode
    }
}

/// The edit after which a half has the connection mode of the live one.
package struct InitiatorEdit: Hashable, Sendable {
    package let field: String
    /// The cluster to write there; `nil` = the field goes.
    package let cluster: String?
}

/// Why topics of a source cannot be mirrored on a cluster.
package struct MirrorReason: Hashable, Sendable {
    package enum Obstacle: Hashable, Sendable {
        case strangers([Stranger])
        /// They are about to become ordinary topics, by no move of this workspace.
        case ending([String])
        /// They follow the source over another link.
        case elsewhere([LinkedTopic], than: DeclaredName)
        case failed([String])
        /// Another manifest mirrors them there.
        case wanted([String], by: String)
    }

    /// A topic that is no mirror of the source.
    package struct Stranger: Hashable, Sendable {
        package enum Nature: Hashable, Sendable {
            case stoppedByHand
            case ordinary
            case mirrored(link: String)
        }

        package let topic: String
        package let nature: Nature
    }

    package struct LinkedTopic: Hashable, Sendable {
        package let topic: String
        package let link: String
    }

    /// The link that is declared, and the field that names it.
    package struct DeclaredName: Hashable, Sendable {
        package let link: String
        package let field: String
        /// The mode that the live link has, where the declared one is another.
        package let liveMode: LinkMode?
    }

    package let cluster: String
    package let source: String
    /// `FailoverGroup payments`.
    package let owner: String
    /// Whether they are a group's, which can let them serve.
    package let isOfGroup: Bool
    package let obstacle: Obstacle
}

/// Why a registry, or an exporter in it, cannot be as manifests say.
package enum RegistryReason: Hashable, Sendable {
    case withoutCredentials(environment: String)
    case exporterWithoutCredentials(environment: String)
    /// A field that an existing exporter cannot change.
    case immutable(exporter: String, Change.FieldDifference, isOwned: Bool)
    /// Two manifests need different modes of one context.
    case otherMode(ResourceAddress, RegistryMode, needed: RegistryMode, by: String, isOfGroup: Bool)
    /// IMPORT would shut out those who register subjects that the exporter does not overwrite.
    case holdsSubjects([String], environment: String, context: RegistryContext)
}

/// Why something is not published as a binding says.
package enum BindingReason: Hashable, Sendable {
    /// A file holds entries of others, which another format would not carry over.
    case sharedFile(path: String, from: String, to: String)
    /// A place is read in the format it has.
    case format(place: String, from: String, to: String)
}

/// Why what left the manifests is not deleted.
package enum DeletionReason: Hashable, Sendable {
    case protected(ResourceAddress)
    /// A group or link selects the topic.
    case selected(ResourceAddress, by: String)
    /// The topic is a mirror now.
    case mirror(ResourceAddress, link: String)
    /// The link has mirrors, which would become writable.
    case carries(ResourceAddress, mirrors: Int)
    case withoutCredentials(ResourceAddress, place: String)
    /// The environment holds a cluster that stays.
    case holdsCluster(ResourceAddress, id: String, displayName: String)
    /// What the environment holds was not listed.
    case unlisted(ResourceAddress)
    /// The cluster holds topics that nobody here owns.
    case holdsTopics(ResourceAddress, [String])
    /// Which topics would go with the cluster cannot be seen; silence `nil` = no credentials of it are remembered.
    case topicsUnseen(ResourceAddress, silence: String?)
    /// More than the policy allows.
    case tooMany([ResourceAddress], allowed: Int)
}

/// Why nothing is done to a family, or to what a member of it holds.
package enum FamilyReason: Hashable, Sendable {
    /// Its bindings name several members in one epoch.
    case manyPublished([String], epoch: Int)
    /// A binding sends its clients to a cluster that is no member.
    case publishedOutside(binding: String, site: String)
    /// Another ledger published in the epoch of this one; own `nil` = this one has no id yet.
    case publishedByOther(ResourceAddress, own: String?, other: String)
    /// Its mirrors read from several members.
    case manySources([String], members: [String], epoch: Int)
    /// Several members hold its topics, and none mirrors another.
    case manyHolders([String], members: [String], epoch: Int)
    /// Who holds its data is no member any more.
    case holderOutside(String)
    /// Who left `members` has something unfinished.
    case leaves(member: String, writableCopies: Bool, fenceEntries: Int)
    /// Copies would be destroyed, and a group is protected.
    case protected
    /// Nothing keeps writers from copies while they are replaced; group `nil` = it is the only one.
    case unfencedCopies(member: String, group: String?)
    case nothingToTakeOver(member: String)
}
