import SimulatedConfluent
import SimulatedStores
import SimulatorCore

extension World {
    /// Starts a store on a port of its own, unless one of its name is there.
    func openStore(_ configuration: SimulatedStoreConfiguration) {
        let listener = Listener.store(
            name: configuration.name, region: configuration.region ?? configuration.name)
        guard stores[configuration.name] == nil else { return }
        stores[configuration.name] = configuration.kind.empty(
            asksCertificates: configuration.tls?.clientAuthorities != nil)
        directory.serve(listener, with: configuration.tls)
        if regions[listener.region] == nil {
            if let region = configuration.region { openRegion(region) } else { regions[listener.region] = Region() }
        }
        open(listener)
    }

    /// `POST /_sim/stores`: `{"kind": "consul", "name": "consul-east", "region": "east"}`.
    func addStore(_ json: JSON?) async -> Response {
        guard let name = json?["name"]?.string, Names.areValid(name),
            let kind = (json?["kind"]?.string).flatMap(SimulatedStoreKind.init)
        else { return Problem("A store needs a name and a kind: consul, vault or kubernetes.").response }
        openStore(SimulatedStoreConfiguration(kind, name: name, region: json?["region"]?.string))
        await settled()
        let url = directory.ports.keys.first { $0.storeName == name }.flatMap(directory.url)
        return .json(["name": .string(name), "url": JSON(url)], status: 201)
    }

    /// Answers a request at a store.
    func respond(to request: Request, atStore name: String) -> Response {
        guard var response = stores[name]?.respond(to: request, in: &stage) else {
            return .problem(404, 404, "There is no store '\(name)'.")
        }
        if response.watch != nil {
            response.news = { [self] watch in await news(ofStore: name, for: watch) }
        }
        return response
    }

    /// What a watcher of a store is to be told now.
    private func news(ofStore name: String, for watch: any Watch) -> (lines: [UInt8], next: (any Watch)?) {
        advance()
        return stores[name]?.news(for: watch, at: stage.now) ?? ([], nil)
    }
}

extension SimulatedStoreKind {
    /// A store of this kind with nothing in it.
    ///
    /// - Parameter asksCertificates: Whether its connections are signed in by client certificates.
    fileprivate func empty(asksCertificates: Bool) -> any SimulatedStore {
        switch self {
        case .consul: SimulatedConsul()
        case .vault: SimulatedVault()
        case .kubernetes: SimulatedKubernetes(trustsCertificates: asksCertificates)
        }
    }
}
