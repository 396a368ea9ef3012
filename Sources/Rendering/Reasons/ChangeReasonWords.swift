import Domain
import Planning

extension ChangeReason {
    package var words: String {
        switch self {
        case .move(let kind): kind.rawValue
        case .leaving(let reason): reason.words
        case .leavesAlone(let configs): "leaves alone: \(configs.joined(separator: ", "))"
        case .unpaused: "nothing in the manifests pauses it"
        case .awaited: "it does not fetch yet"
        case .replacedCopy(nil, let grounds): "its copy is deleted and mirrored anew (\(grounds.words))"
        case .replacedCopy(let source?, let grounds):
            "its copy is truncated to where \(source) went on (\(grounds.words))"
        case .published(let place): place
        case .withdrawn(let binding): "\(binding) is not published there any more"
        case .announcement(let generation): "announces generation \(generation)"
        case .abandoned: "given up by --abandon; it is watched, and fenced when it answers"
        case .givenUp(let member): "\(member) was given up"
        case .formerMember(let member, let mirrors):
            "\(member) is no member any more"
                + (mirrors.isEmpty ? "" : "; its mirrors become ordinary topics there: \(mirrors.shortened)")
        case .fence(let member): "keeps writers from the copies on \(member)"
        case .unfence(let member, let isInherited):
            "\(member) needs no fence any more"
                + (isInherited ? ", which was written before this ledger began" : "")
        case .switchedOff: "a move had switched it off"
        case .otherPrimary(let member): "\(member) is primary now"
        case .unusedExporter: "no member uses its destination by it any more"
        case .otherSchemaSource(let source): "schemas flow from \(source) now"
        case .writtenRegistry(let registry): "\(registry) is written to now"
        case .lostSchemas(let source): "\(source) does not hold them, and gives their names and ids again"
        case .told(let words): words
        }
    }
}

extension LeavingReason {
    fileprivate var words: String {
        switch self {
        case .observed: "managementPolicy is Observe; it stays as it is"
        case .notDeclared: "left the manifests; it stays as it is"
        case .notDerived: "no manifest derives it any more; it stays as it is"
        case .deleted(let topics):
            "left the manifests, deletionPolicy: Delete"
                + (topics.isEmpty ? "" : "; \(Self.going(topics.count)): \(topics.shortened)")
        case .unknownID: "its id is not known; it stays as it is"
        case .gone(let place): "it is gone already" + (place.map { ", with \($0)" } ?? "")
        case .unlisted: "no control plane of the manifests lists it; it stays as it is, if it is there"
        case .placeLeft(let place): "\(place) left the manifests too; nothing is done to what it holds"
        case .otherSite(let site, let place):
            "it is of \(site ?? "another site"), which \(place) does not mean any more; it stays as it is"
        }
    }

    private static func going(_ topics: Int) -> String {
        topics == 1 ? "its topic goes with it" : "its \(topics) topics go with it"
    }
}

extension CopyGrounds {
    fileprivate var words: String {
        switch self {
        case .lossless: "lossless"
        case .consent(let token): "consent \(token)"
        case .usedConsent: "by a consent that is in use"
        }
    }
}
