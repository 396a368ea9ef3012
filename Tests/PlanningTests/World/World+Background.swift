import Domain
import Planning

/// What links and exporters do by themselves, one at a time, so that a log can say who did what.
extension World {
    /// One round of everything a link does to the cluster that holds it: records, committed offsets, ACLs, new mirrors.
    mutating func sync(_ name: String, on id: String) {
        guard let link = clusters[id]?.links[name], let remote = link.remoteClusterID, !dead.contains(id),
            !dead.contains(remote), let source = clusters[remote], var cluster = clusters[id], link.mode != .source,
            link.getsThrough
        else { return }
        cluster.fetch(over: name, from: source)
        if link.configs["consumer.offset.sync.enable"] == "true" {
            cluster.syncOffsets(over: link, from: source)
        }
        if link.configs["acl.sync.enable"] == "true", let filters = link.configs["acl.filters"] {
            cluster.allowances.formUnion(source.allowances)
            // Only a filter that somebody else made matches entries that deny.
            if filters.contains(#""permissionType":"ANY""#) { cluster.denials.formUnion(source.denials) }
        }
        if link.configs["auto.create.mirror.topics.enable"] == "true" {
            cluster.createMirrors(over: name, from: source)
        }
        clusters[id] = cluster
    }

    /// One round of an exporter. Into a context of its own it writes whatever the mode of the destination is.
    mutating func export(_ exporter: ObservedExporter, from id: String) {
        guard exporter.copies,
            let destination = environments.values.first(where: { exporter.destinationURL == "https://sr.\($0.id)/" })
        else { return }
        let versions = (schemas[id] ?? []).filter { exporter.selects($0.subject) }
        if exporter.contextType == .auto {
            let context = ":.lsrc-\(id):"
            schemas[destination.id, default: []].formUnion(
                versions.map { SchemaVersionID(subject: context + $0.subject, version: $0.version, id: $0.id) })
        } else if destination.registry?.modes.values.contains(.import) ?? false {
            schemas[destination.id, default: []].formUnion(versions)
        }
    }

    /// Mirrors that fetch hear how far their sources have come; all others go on telling what they heard last. One that
    /// has fetched nothing, or lost its place, tells neither lag nor position, whatever its source holds.
    mutating func tellLags() {
        for id in clusters.keys where !dead.contains(id) {
            guard var cluster = clusters[id] else { continue }
            for position in cluster.mirrors.indices where cluster.mirrors[position].status.isFetching {
                let row = cluster.mirrors[position]
                guard let link = cluster.links[row.link], link.getsThrough, let remote = link.remoteClusterID,
                    !dead.contains(remote), let source = clusters[remote]
                else { continue }
                let here = cluster.records[row.topic] ?? []
                cluster.mirrors[position].partitions = 1
                cluster.mirrors[position].lags = [
                    here.isEmpty || cluster.forgotten.contains(row.topic)
                        ? .init(partition: 0, lag: 0, lastSourceFetchOffset: -1)
                        : Self.lag(of: here, behind: source.records[row.sourceTopic] ?? [])
                ]
            }
            clusters[id] = cluster
        }
    }

    static func lag(of here: [Int], behind there: [Int]) -> ObservedMirror.PartitionLag {
        .init(
            partition: 0, lag: Int64(max(0, there.count - here.count)),
            lastSourceFetchOffset: there.isEmpty ? -1 : Int64(here.count))
    }
}

extension ObservedLink {
    /// Whether anything arrives over it.
    var getsThrough: Bool { error == nil && state == .active && configs["cluster.link.paused"] != "true" }
}

extension ObservedExporter {
    /// Whether it copies what it selects.
    var copies: Bool { state != .paused && trace == nil }

    /// Whether it copies a subject of the default context.
    func selects(_ subject: String) -> Bool {
        subjects.contains { pattern in
            pattern.hasSuffix("*") ? subject.hasPrefix(pattern.dropLast()) || pattern == ":*:" : subject == pattern
        }
    }
}

extension World.Cluster {
    fileprivate mutating func fetch(over link: String, from source: World.Cluster) {
        for row in mirrors where row.link == link && row.status.isFetching {
            let held = records[row.topic] ?? []
            let there = source.records[row.sourceTopic] ?? []
            let here = held + there.dropFirst(held.count)
            records[row.topic] = here
            // Whoever asks a mirror that has fetched hears how far it came.
            guard here != held, !forgotten.contains(row.topic) else { continue }
            for index in mirrors.indices where mirrors[index].link == link && mirrors[index].topic == row.topic {
                mirrors[index].lags = [World.lag(of: here, behind: there)]
            }
        }
    }

    /// A link with one direction is taken to go on for topics that ended, which is why it has to be switched off; one
    /// with two is not.
    fileprivate mutating func syncOffsets(over link: ObservedLink, from source: World.Cluster) {
        for row in mirrors where row.link == link.name && (row.status != .stopped || link.mode != .bidirectional) {
            for (commit, offset) in source.commits where commit.topic == row.sourceTopic {
                commits[World.Commit(group: commit.group, topic: row.topic)] = offset
            }
        }
    }

    fileprivate mutating func createMirrors(over link: String, from source: World.Cluster) {
        for (name, topic) in source.topics where topics[name] == nil {
            topics[name] = topic
            mirrors.append(ObservedMirror(link: link, topic: name, sourceTopic: name, status: .active))
        }
    }
}
