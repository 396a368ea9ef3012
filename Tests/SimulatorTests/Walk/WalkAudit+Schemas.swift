@testable import SimulatedConfluent
@testable import SimulatorServer

extension World {
    /// An id stands for one schema per context; exporters and clients register only what the mode lets them.
    func auditSchemas(_ events: [Event], _ memory: inout WalkAudit.Memory, _ found: inout [String]) {
        var changed: Set<String> = []
        for event in events {
            switch event.effect {
            case .mode(let registry, let scope, let mode):
                memory.modes[registry, default: [:]][scope] = mode
                memory.reached.insert("mode \(mode ?? "none")")
            case .schema(let registry, let context, let subject, let version, let id, let isPresent):
                changed.insert(registry)
                guard isPresent, registries.registries[registry] != nil else { break }
                let mode = Self.mode(of: subject, in: context, memory.modes[registry] ?? [:])
                let place = "\(registry) :\(context):\(subject) v\(version) #\(id)"
                switch event.actor {
                case .exporter(let name):
                    memory.reached.insert("exported")
                    if mode != "IMPORT" { found.append("schema \(place): exporter \(name) wrote in mode \(mode)") }
                default:
                    memory.reached.insert("registered in \(mode)")
                    if mode != "IMPORT", mode != "READWRITE" {
                        found.append("schema \(place): registered in mode \(mode)")
                    }
                }
            default: break
            }
        }
        for id in changed.sorted() { auditIDs(of: id, &memory, &found) }
    }

    private static func mode(of subject: String, in context: String, _ modes: [String: String]) -> String {
        let name = QualifiedSubject(context: context, name: subject)
        return modes[name.text] ?? modes[name.ownContext.text] ?? modes[QualifiedSubject.global.text] ?? "READWRITE"
    }

    private func auditIDs(of id: String, _ memory: inout WalkAudit.Memory, _ found: inout [String]) {
        let contexts = registries.registries[id]?.contexts ?? [:]
        for key in memory.schemas.keys where key.registry == id {
            guard contexts[key.context]?.schemas[key.id] == nil else { continue }
            memory.schemas[key] = nil
        }
        for (name, context) in contexts {
            for (number, schema) in context.schemas {
                let key = WalkAudit.SchemaID(registry: id, context: name, id: number)
                let content = memory.schemas[key] ?? schema.content
                if content != schema.content { found.append("schema \(key): the id stands for another schema now") }
                memory.schemas[key] = content
            }
            for (subject, versions) in context.subjects {
                auditVersions(versions, of: "\(id) :\(name):\(subject)", in: context, &found)
            }
        }
    }

    private func auditVersions(
        _ versions: [SchemaVersion], of subject: String, in context: RegistryContext, _ found: inout [String]
    ) {
        if zip(versions, versions.dropFirst()).contains(where: { $0.number >= $1.number }) {
            found.append("schema \(subject): versions \(versions.map(\.number)) are not in order")
        }
        for version in versions where context.schemas[version.id] == nil {
            found.append("schema \(subject): version \(version.number) has an id that stands for nothing")
        }
    }
}
