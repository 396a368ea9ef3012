import SimulatorCore

extension Registry {
    /// Answers an authenticated call.
    mutating func perform(
        _ call: RegistryCall, pace: SchemaExporter.Pace, at time: Milliseconds
    ) throws(RegistryRefusal) -> Response {
        try call.checkModelled()
        switch call.path.first {
        case nil: return RegistryCall.answer([:])
        case "clusterconfig": return RegistryCall.answer(["maxSchemas": 20000, "maxRequestsPerSec": 25])
        case "contexts": return try contexts(call)
        case "subjects": return try subjects(call, at: time)
        case "schemas": return try schemas(call)
        case "compatibility": return try compatibility(call)
        case "config": return try config(call, at: time)
        case "mode": return try mode(call, at: time)
        case "exporters": return try exporters(call, pace: pace, at: time)
        case "dek-registry": throw .unmodelled("key encryption keys")
        default: throw .notFound
        }
    }

    private mutating func contexts(_ call: RegistryCall) throws(RegistryRefusal) -> Response {
        switch (call.method, call.path.count) {
        case ("GET", 1):
            return RegistryCall.answer(JSON(call.page(contexts.keys.sorted())))
        case ("DELETE", 2):
            try dropContext(QualifiedSubject(call.path[1].hasPrefix(":") ? call.path[1] : ":\(call.path[1]):").context)
            return .empty()
        case (_, 1), (_, 2): throw .methodNotAllowed
        default: throw .notFound
        }
    }

    private mutating func dropContext(_ name: String) throws(RegistryRefusal) {
        guard name != QualifiedSubject.defaultContext, let context = contexts[name] else {
            throw .unmodelled("dropping the context \(name)")
        }
        guard context.subjects.isEmpty else { throw .contextNotEmpty(name) }
        contexts[name] = nil
        let scope = QualifiedSubject(context: name, name: "")
        configs[scope] = nil
        if modes[scope] != nil { _ = try removeMode(of: scope) }
    }

    private mutating func config(_ call: RegistryCall, at time: Milliseconds) throws(RegistryRefusal) -> Response {
        guard call.path.count <= 2 else { throw .notFound }
        let scope = call.scope
        switch call.method {
        case "GET":
            let level = try shownCompatibility(of: scope, withFallback: call.request.flag("defaultToGlobal"))
            return RegistryCall.answer(["compatibilityLevel": .string(level.rawValue)])
        case "PUT":
            let body = call.request.json
            try setConfig(body, of: scope, at: time)
            return RegistryCall.answer(body ?? [:])
        case "DELETE":
            return RegistryCall.answer(["compatibilityLevel": .string(try removeConfig(of: scope).rawValue)])
        default: throw .methodNotAllowed
        }
    }

    private mutating func mode(_ call: RegistryCall, at time: Milliseconds) throws(RegistryRefusal) -> Response {
        guard call.path.count <= 2 else { throw .notFound }
        let scope = call.scope
        let mode: RegistryMode
        switch call.method {
        case "GET": mode = try shownMode(of: scope, withFallback: call.request.flag("defaultToGlobal"))
        case "PUT":
            let body = call.request.json
            try setMode(body?["mode"]?.string, of: scope, isForced: call.request.flag("force"), at: time)
            return RegistryCall.answer(body ?? [:])
        case "DELETE":
            guard scope != .registryWide, scope != .global else { throw .unmodelled("deleting the global mode") }
            mode = try removeMode(of: scope)
        default: throw .methodNotAllowed
        }
        return RegistryCall.answer(["mode": .string(mode.rawValue)])
    }

    private mutating func exporters(
        _ call: RegistryCall, pace: SchemaExporter.Pace, at time: Milliseconds
    ) throws(RegistryRefusal) -> Response {
        guard call.path.count > 1 else {
            switch call.method {
            case "GET": return RegistryCall.answer(JSON(exporters.keys.sorted()))
            case "POST":
                return RegistryCall.answer(
                    ["name": .string(try createExporter(call.request.json, pace: pace, at: time))])
            default: throw .methodNotAllowed
            }
        }
        let name = call.path[1]
        switch (call.method, call.path.dropFirst(2).joined(separator: "/")) {
        case ("GET", ""): return RegistryCall.answer(try exporter(name).json)
        case ("GET", "config"): return RegistryCall.answer(try exporter(name).maskedConfig)
        case ("GET", "status"): return RegistryCall.answer(try exporter(name).statusJSON)
        case ("DELETE", ""):
            try deleteExporter(name)
            return .empty()
        case ("PUT", ""): try updateExporter(name, call.request.json)
        case ("PUT", "config"): try replaceExporterConfig(name, call.request.json)
        case ("PUT", "pause"): try pauseExporter(name)
        case ("PUT", "resume"): try resumeExporter(name, pace: pace, at: time)
        case ("PUT", "reset"): try resetExporter(name)
        case (_, ""), (_, "config"), (_, "status"), (_, "pause"), (_, "resume"), (_, "reset"): throw .methodNotAllowed
        default: throw .notFound
        }
        return RegistryCall.answer(["name": .string(name)])
    }
}
