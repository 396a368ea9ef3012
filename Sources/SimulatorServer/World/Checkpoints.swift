import SimulatedConfluent
import SimulatedStores
import SimulatorCore

/// A world as it was at a moment.
struct Checkpoint {
    fileprivate let stage: Stage
    fileprivate let kafka: KafkaEstate
    fileprivate let registries: RegistryEstate
    fileprivate let controlPlane: ControlPlaneEstate
    fileprivate let stores: [String: any SimulatedStore]
    fileprivate let directory: Directory
    fileprivate let regions: [String: Region]
    fileprivate let control: Region
}

extension World {
    /// `PUT /_sim/checkpoints/{name}` remembers the world as it is.
    func keep(checkpoint name: String) -> Response {
        guard workload.clients.isEmpty else {
            return .problem(409, 409, "Applications cannot be remembered; stop them first.")
        }
        checkpoints[name] = Checkpoint(
            stage: stage, kafka: kafka.copied(), registries: registries, controlPlane: controlPlane, stores: stores,
            directory: directory, regions: regions, control: control)
        return .json(["events": JSON(stage.log.count)])
    }

    /// `POST /_sim/checkpoints/{name}` makes the world what it was then. Time does not go back: it is as if nobody had
    /// asked for anything meanwhile. Ports stay, and so do rules about answers.
    func goBack(to name: String) async -> Response {
        guard let checkpoint = checkpoints[name] else {
            return .problem(404, 404, "There is no checkpoint '\(name)'.")
        }
        guard workload.clients.isEmpty else {
            return .problem(409, 409, "Applications cannot go back; stop them first.")
        }
        stage = checkpoint.stage
        kafka = checkpoint.kafka.copied()
        registries = checkpoint.registries
        controlPlane = checkpoint.controlPlane
        stores.merge(checkpoint.stores) { $1 }
        directory.goBack(to: checkpoint.directory)
        control = checkpoint.control
        staleReads = StaleReads()
        for name in regions.keys.sorted() {
            let (now, then) = (regions[name] ?? Region(), checkpoint.regions[name] ?? Region())
            regions[name] = then
            moveSockets(of: name, from: now, to: then)
        }
        advance()
        await settled()
        return .json(["events": JSON(stage.log.count)])
    }
}
