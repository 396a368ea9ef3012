import Domain
import Planning

/// Something that people or services do to live systems in ways that no command asked for, and that plans have to see.
enum Upset: CaseIterable {
    case pauseLink, breakLink, repairLinks
    case pauseMirror, forgetPosition, followAnother
    case deny, permit
    case pauseExporter, breakExporter, narrowExporter, misdirectExporter
    case openRegistry, switchOffsetSyncOff
    case register, commit, write, fetch, work
}

extension History {
    /// Does something to a random member, and tells it in words.
    mutating func upset(_ upset: Upset, _ random: inout SplitMix) -> String {
        let site = random.pick(families[0].members)
        let topic = random.pick(groupTopics)
        switch upset {
        case .pauseLink, .breakLink, .repairLinks, .switchOffsetSyncOff: changeLinks(of: site, upset)
        case .pauseMirror: perform(.status(site, topic, .paused))
        case .forgetPosition: world.change(site, workspace) { $0.forgotten.insert(topic) }
        case .followAnother: follow(topic, on: site, over: &random)
        case .deny: deny(topic, on: site, &random)
        case .permit: world.change(site, workspace) { $0.denials = [] }
        case .pauseExporter, .breakExporter, .narrowExporter, .misdirectExporter, .openRegistry:
            world.changeRegistry("env-\(site)", workspace) { $0.upset(upset) }
        case .register: perform(.registerSchema("env-\(site)"))
        case .commit: perform(commitDeed(topic))
        case .write: for _ in 0...random.pick(0...2) { perform(writeDeed(topic, isStale: false)) }
        case .fetch: perform(.replicate(1))
        case .work: perform(.background)
        }
        note(.people)
        return "\(upset) \(topic) on \(site)"
    }

    private mutating func changeLinks(of site: String, _ upset: Upset) {
        world.change(site, workspace) { cluster in
            for name in cluster.links.keys {
                switch upset {
                case .pauseLink: cluster.links[name]?.configs["cluster.link.paused"] = "true"
                case .breakLink: cluster.links[name]?.error = "AUTHENTICATION_ERROR"
                case .switchOffsetSyncOff: cluster.links[name]?.configs["consumer.offset.sync.enable"] = nil
                default:
                    cluster.links[name]?.error = nil
                    cluster.links[name]?.configs["cluster.link.paused"] = nil
                }
            }
        }
    }

    /// A mirror is made over another link of its cluster.
    private mutating func follow(_ topic: String, on site: String, over random: inout SplitMix) {
        guard let links = world.cluster(site, workspace)?.links.keys.sorted(), !links.isEmpty else { return }
        let link = random.pick(links)
        world.change(site, workspace) { cluster in
            for index in cluster.mirrors.indices
            where cluster.mirrors[index].topic == topic && cluster.mirrors[index].status == .active {
                cluster.mirrors[index].link = link
            }
        }
    }

    private mutating func deny(_ topic: String, on site: String, _ random: inout SplitMix) {
        let (name, pattern) = random.pick([(topic, "LITERAL"), ("*", "LITERAL"), (String(topic.prefix(3)), "PREFIXED")])
        let entry = ACLBinding(
            resourceType: "TOPIC", resourceName: name, patternType: pattern,
            principal: random.pick(["User:*", "User:app"]),
            operation: random.pick(["WRITE", "READ", "ALL", "DESCRIBE"]), permission: "DENY")
        world.change(site, workspace) { $0.denials.insert(entry) }
    }
}

extension RegistrySnapshot {
    fileprivate mutating func upset(_ upset: Upset) {
        if upset == .openRegistry { for context in modes.keys { modes[context] = .readWrite } }
        for index in exporters.indices {
            switch upset {
            case .pauseExporter: exporters[index].state = .paused
            case .breakExporter: exporters[index].trace = "the destination answers 401"
            case .narrowExporter: exporters[index].subjects = ["other"]
            case .misdirectExporter: exporters[index].destinationURL = "https://sr.elsewhere/"
            default: break
            }
        }
    }
}
