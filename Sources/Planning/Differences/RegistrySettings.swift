import Domain

/// Values every registry always has: compatibility and modes. They are never adopted, only changed.
extension SchemaPhase {
    mutating func planCompatibility() {
        for spec in workspace.environments.values.sorted(by: { $0.name < $1.name }) {
            guard let level = spec.schemaRegistry.compatibility, spec.schemaRegistry.credentials != nil else {
                continue
            }
            let unit = Unit(
                ResourceAddress(.compatibility, in: spec.name, "global"),
                after: [ResourceAddress(.registry, spec.name)],
                labels: spec.metadata.labels)
            let setting = Setting(
                field: "compatibility", wanted: level.rawValue, fresh: CompatibilityLevel.backward.rawValue,
                action: .registry(.setCompatibility(CompatibilitySetting(environment: spec.name, level: level))))
            plan(setting, unit, in: spec.name) { $0.compatibility?.rawValue }
        }
    }
}

extension PlanningPhase {
    fileprivate mutating func plan(
        _ setting: Setting, _ unit: Unit, in environment: String, live: (RegistrySnapshot) -> String?
    ) {
        let fields = [setting.field: setting.wanted]
        let current: String?
        switch observation.registries[environment] {
        case .reachable(let snapshot)?: current = live(snapshot)
        case .absent?: current = setting.fresh
        case .unmanaged?, nil: return refuseUnmanagedRegistry(unit, environment)
        case .some(let silent):
            let name = "registry of \(environment)"
            leaveUnseen(unit, fields: fields, effect: .update, waitsFor: silent.silence(of: name) ?? name)
            if written.units[unit.address]?.hold != nil { written.units[unit.address]?.isThere = false }
            return
        }
        guard !refusedAsForeign(unit), !options.adoptOnly else { return options.adoptOnly ? put(unit) : () }
        var unit = unit
        unit.isThere = current == setting.wanted
        let row = facts.keptRow(of: unit, fields)
        if current == setting.wanted {
            unit.remember(row, insteadOf: recorded.owned[unit.address])
        } else {
            unit.change = Change(
                .update, unit.address, differences: [.init(setting.field, from: current, to: setting.wanted)],
                group: setting.group)
            unit.steps = [Step("set", unit.address, setting.action, ledger: .own(row))]
        }
        put(unit)
    }

    private mutating func refuseUnmanagedRegistry(_ unit: Unit, _ environment: String) {
        refuse(
            unit,
            Refusal(
                .unsupported, subject: unit.address.description,
                .registry(.withoutCredentials(environment: environment)),
                origin: ManifestOrigin("Environment", environment, "spec.schemaRegistry")))
    }

    // MARK: Modes

    /// Plans the mode of one context.
    ///
    /// - Parameter exporter: What fills the context; the subjects it takes are those an import overwrites.
    @discardableResult
    mutating func planMode(
        _ mode: RegistryMode, of context: RegistryContext, in environment: String,
        filledBy exporter: ExporterDefinition?,
        _ owner: LinkOwner, after before: [ResourceAddress] = []
    ) -> ResourceAddress {
        let address = ResourceAddress(.mode, in: environment, context.description)
        if let first = written.claims.modeOwners[address] {
            if first.mode != mode { refuseOtherMode(address, mode, owner, first) }
            return address
        }
        written.claims.modeOwners[address] = (mode, owner)
        var ownership = owner.derivedOwnership
        ownership.isDerived = owner.group != nil
        let unit = Unit(
            address, after: [ResourceAddress(.registry, environment)] + before, labels: owner.labels,
            ownership: ownership)
        if mode == .import, let refusal = facts.importRefusal(of: context, in: environment, filledBy: exporter, owner) {
            refuse(unit, refusal, owner: owner)
            return address
        }
        let change = RegistryModeSetting(
            environment: environment, context: context, mode: mode, force: mode == .import)
        let setting = Setting(
            field: "mode", wanted: mode.description, fresh: RegistryMode.readWrite.description, group: owner.group,
            action: .registry(.setRegistryMode(change)))
        plan(setting, unit, in: environment) { ($0.modes[context] ?? .readWrite).description }
        return address
    }

    private mutating func refuseOtherMode(
        _ address: ResourceAddress, _ mode: RegistryMode, _ owner: LinkOwner,
        _ first: (mode: RegistryMode, owner: LinkOwner)
    ) {
        written.refusals.append(
            RefusedWork(
                refusal: Refusal(
                    .links, subject: "\(owner.kind) \(owner.name)",
                    .registry(
                        .otherMode(
                            address, mode, needed: first.mode, by: first.owner.description,
                            isOfGroup: owner.group != nil)),
                    origin: owner.origin("spec")),
                addresses: [address], owner: facts.ownerRefused(with: owner)))
    }
}

extension Facts {
    /// The first IMPORT on a registry that holds subjects the exporter would not overwrite has to be consented to.
    fileprivate func importRefusal(
        of context: RegistryContext, in environment: String, filledBy exporter: ExporterDefinition?, _ owner: LinkOwner
    ) -> Refusal? {
        guard !options.overrides.contains(.importMode), !options.adoptOnly, !hasMoved(owner),
            let snapshot = observation.registries[environment]?.snapshot, snapshot.modes[context] != .import,
            let held = snapshot.subjects[context], !held.isEmpty
        else { return nil }
        let source = exporter.flatMap { observation.registries[$0.environment]?.snapshot }
        let filled = source.map { exporter?.subjects(filling: context, from: $0) ?? [] } ?? []
        let alone = held.subtracting(filled).sorted()
        guard !alone.isEmpty else { return nil }
        return Refusal(
            .importMode, subject: "\(owner.kind) \(owner.name)",
            .registry(.holdsSubjects(alone, environment: environment, context: context)),
            origin: owner.origin(owner.group == nil ? "spec" : "spec.schemas"))
    }
}

/// One value of a registry.
private struct Setting {
    let field: String
    let wanted: String
    /// Value of a new registry.
    let fresh: String
    var group: String?
    let action: StepAction
}
