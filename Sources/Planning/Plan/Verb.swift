/// What a step does, by the name it has in documents and events; names never change. Each verb says where it belongs, what
/// it does to its object, and how long it is expected to take.
package enum Verb: String, Hashable, Sendable, Codable, CaseIterable {
    case createEnvironment, updateEnvironment, deleteEnvironment, createCluster, updateCluster, deleteCluster,
        awaitRegistry
    case createTopic, growTopic, alterTopicConfigs, deleteTopic, createLink, alterLink, deleteLink, detachLink,
        createMirror, pauseMirrors, resumeMirrors, awaitMirrors, drain, promoteMirrors, failoverMirrors, reverseMirrors,
        restoreMirrors, fence, unfence, verifyFence, writeCanary, confirmHolder
    case setRegistryMode, setCompatibility, createExporter, updateExporter, restartExporter, pauseExporter,
        resumeExporter, deleteExporter, awaitSchemas, deleteSchemas
    case publish, withdraw
    case runHook
    case adopt, release, record

    /// Whose calls carry a verb out.
    package enum Room: Hashable, Sendable {
        case cloud, kafka, registry, bindings, hooks
        /// Nothing is sent: only the ledger learns something.
        case ledger
    }

    /// What becomes of the object.
    package enum Effect: Hashable, Sendable {
        case creates, changes, destroys, waits, records
    }

    /// What is known of a verb whatever it is applied to.
    package struct Traits: Hashable, Sendable {
        /// Whose calls carry it out.
        package let room: Room
        /// What becomes of the object.
        package let effect: Effect
        /// A round figure for a call that goes well; what a run really took is in its journal.
        package let expected: Duration

        fileprivate init(_ room: Room, _ effect: Effect, _ expected: Duration) {
            self.room = room
            self.effect = effect
            self.expected = expected
        }
    }

    /// What is known of it.
    package var traits: Traits {
        switch self {
        case .createEnvironment: Traits(.cloud, .creates, .seconds(600))
        case .updateEnvironment: Traits(.cloud, .changes, .seconds(1))
        case .deleteEnvironment: Traits(.cloud, .destroys, .seconds(1))
        case .createCluster: Traits(.cloud, .creates, .seconds(600))
        case .updateCluster: Traits(.cloud, .changes, .seconds(1))
        case .deleteCluster: Traits(.cloud, .destroys, .seconds(1))
        case .awaitRegistry: Traits(.cloud, .waits, .seconds(600))
        case .createTopic: Traits(.kafka, .creates, .seconds(1))
        case .growTopic: Traits(.kafka, .changes, .seconds(1))
        case .alterTopicConfigs: Traits(.kafka, .changes, .seconds(1))
        case .deleteTopic: Traits(.kafka, .destroys, .seconds(1))
        case .createLink: Traits(.kafka, .creates, .seconds(1))
        case .alterLink: Traits(.kafka, .changes, .seconds(1))
        case .deleteLink: Traits(.kafka, .destroys, .seconds(1))
        case .detachLink: Traits(.kafka, .destroys, .seconds(2))
        case .createMirror: Traits(.kafka, .creates, .seconds(1))
        case .pauseMirrors: Traits(.kafka, .changes, .seconds(1))
        case .resumeMirrors: Traits(.kafka, .changes, .seconds(15))
        case .awaitMirrors: Traits(.kafka, .waits, .seconds(15))
        case .drain: Traits(.kafka, .waits, .seconds(10))
        case .promoteMirrors: Traits(.kafka, .changes, .seconds(10))
        case .failoverMirrors: Traits(.kafka, .changes, .seconds(5))
        case .reverseMirrors: Traits(.kafka, .changes, .seconds(20))
        case .restoreMirrors: Traits(.kafka, .destroys, .seconds(1))
        case .fence: Traits(.kafka, .changes, .seconds(2))
        case .unfence: Traits(.kafka, .changes, .seconds(2))
        case .verifyFence: Traits(.kafka, .waits, .seconds(2))
        case .writeCanary: Traits(.kafka, .changes, .seconds(1))
        case .confirmHolder: Traits(.kafka, .waits, .seconds(1))
        case .setRegistryMode: Traits(.registry, .changes, .seconds(1))
        case .setCompatibility: Traits(.registry, .changes, .seconds(1))
        case .createExporter: Traits(.registry, .creates, .seconds(1))
        case .updateExporter: Traits(.registry, .changes, .seconds(1))
        case .restartExporter: Traits(.registry, .changes, .seconds(1))
        case .pauseExporter: Traits(.registry, .changes, .seconds(2))
        case .resumeExporter: Traits(.registry, .changes, .seconds(1))
        case .deleteExporter: Traits(.registry, .destroys, .seconds(1))
        case .awaitSchemas: Traits(.registry, .waits, .seconds(2))
        case .deleteSchemas: Traits(.registry, .destroys, .seconds(1))
        case .publish: Traits(.bindings, .changes, .seconds(1))
        case .withdraw: Traits(.bindings, .destroys, .seconds(1))
        case .runHook: Traits(.hooks, .changes, .seconds(1))
        case .adopt: Traits(.ledger, .records, .seconds(1))
        case .release: Traits(.ledger, .records, .seconds(1))
        case .record: Traits(.ledger, .records, .seconds(0))
        }
    }
}

extension StepAction {
    /// Its name, with what it is applied to; `nil` for what the ledger alone learns.
    package var parts: (verb: Verb, payload: (any Encodable & Sendable)?) {
        switch self {
        case .createEnvironment(let payload): (.createEnvironment, payload)
        case .updateEnvironment(let payload): (.updateEnvironment, payload)
        case .deleteEnvironment(let payload): (.deleteEnvironment, payload)
        case .createCluster(let payload): (.createCluster, payload)
        case .updateCluster(let payload): (.updateCluster, payload)
        case .deleteCluster(let payload): (.deleteCluster, payload)
        case .awaitRegistry(let payload): (.awaitRegistry, payload)
        case .createTopic(let payload): (.createTopic, payload)
        case .growTopic(let payload): (.growTopic, payload)
        case .alterTopicConfigs(let payload): (.alterTopicConfigs, payload)
        case .deleteTopic(let payload): (.deleteTopic, payload)
        case .createLink(let payload): (.createLink, payload)
        case .alterLink(let payload): (.alterLink, payload)
        case .deleteLink(let payload): (.deleteLink, payload)
        case .detachLink(let payload): (.detachLink, payload)
        case .createMirror(let payload): (.createMirror, payload)
        case .pauseMirrors(let payload): (.pauseMirrors, payload)
        case .resumeMirrors(let payload): (.resumeMirrors, payload)
        case .awaitMirrors(let payload): (.awaitMirrors, payload)
        case .drain(let payload): (.drain, payload)
        case .endMirrors(.promote, let payload): (.promoteMirrors, payload)
        case .endMirrors(.failover, let payload): (.failoverMirrors, payload)
        case .endMirrors(.reverse, let payload): (.reverseMirrors, payload)
        case .restoreMirrors(let payload): (.restoreMirrors, payload)
        case .fence(let payload): (.fence, payload)
        case .unfence(let payload): (.unfence, payload)
        case .verifyFence(let payload): (.verifyFence, payload)
        case .writeCanary(let payload): (.writeCanary, payload)
        case .confirmHolder(let payload): (.confirmHolder, payload)
        case .setRegistryMode(let payload): (.setRegistryMode, payload)
        case .setCompatibility(let payload): (.setCompatibility, payload)
        case .createExporter(let payload): (.createExporter, payload)
        case .updateExporter(let payload): (.updateExporter, payload)
        case .restartExporter(let payload): (.restartExporter, payload)
        case .pauseExporter(let payload): (.pauseExporter, payload)
        case .resumeExporter(let payload): (.resumeExporter, payload)
        case .deleteExporter(let payload): (.deleteExporter, payload)
        case .awaitSchemas(let payload): (.awaitSchemas, payload)
        case .deleteSchemas(let payload): (.deleteSchemas, payload)
        case .publish(let payload): (.publish, payload)
        case .withdraw(let payload): (.withdraw, payload)
        case .runHook(let payload): (.runHook, payload)
        case .adopt: (.adopt, nil)
        case .release: (.release, nil)
        case .record: (.record, nil)
        }
    }

    /// Its name.
    package var verb: Verb { parts.verb }
    /// What is known of it whatever it is applied to.
    package var traits: Verb.Traits { verb.traits }

    /// How long it is expected to take.
    var expected: Duration {
        switch self {
        case .verifyFence(let proof): traits.expected + proof.quiet
        case .writeCanary(let canary): traits.expected + .seconds(canary.seenOn == nil ? 0 : 1)
        case .endMirrors(_, let mirrors): traits.expected + .milliseconds(2 * mirrors.topics.count)
        default: traits.expected
        }
    }
}
