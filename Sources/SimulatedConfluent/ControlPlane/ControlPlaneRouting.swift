package import SimulatorCore

extension ControlPlaneEstate {
    /// Answers one request, after completing what is due by now.
    package mutating func respond(
        to request: Request, using endpoints: some EndpointDirectory, in stage: inout Stage
    ) -> Response {
        advance(to: stage.now, using: endpoints)
        let requestID = stage.random.identifier().dashed
        var response: Response
        do throws(ControlPlaneRefusal) {
            guard let credentials = request.credentials,
                authenticates(credentials, for: APIKey.cloud, at: stage.now)
            else { throw .unauthenticated }
            response = try limited(by: credentials.key, at: stage.now) { estate throws(ControlPlaneRefusal) in
                try estate.perform(request, using: endpoints, in: &stage)
            }
        } catch {
            response = error.response(id: requestID)
            if let path = error.conflicting { response.headers.append(("location", baseURL + path)) }
            if let credentials = request.credentials, error.status != 401 {
                response.headers += rateHeaders(of: credentials.key, at: stage.now)
            }
        }
        response.headers.append(("x-request-id", requestID))
        return response
    }

    /// Counts a request of a key; 429 without a body when the key has used up its window.
    private mutating func limited(
        by key: String, at time: Milliseconds,
        _ perform: (inout ControlPlaneEstate) throws(ControlPlaneRefusal) -> Response
    ) throws(ControlPlaneRefusal) -> Response {
        var window = windows[key] ?? RequestWindow(start: time, count: 0)
        if time - window.start >= pace.window { window = RequestWindow(start: time, count: 0) }
        window.count += 1
        windows[key] = window
        guard window.count <= pace.requestLimit else {
            var response = Response.empty(429)
            response.headers =
                rateHeaders(of: key, at: time) + [("retry-after", String(secondsLeft(in: window, at: time)))]
            return response
        }
        var response = try perform(&self)
        response.headers += rateHeaders(of: key, at: time)
        return response
    }

    private func secondsLeft(in window: RequestWindow, at time: Milliseconds) -> Milliseconds {
        (max(0, window.start + pace.window - time) + 999) / 1_000
    }

    private func rateHeaders(of key: String, at time: Milliseconds) -> [(name: String, value: String)] {
        guard let window = windows[key] else { return [] }
        return [
            ("x-ratelimit-limit", String(pace.requestLimit)),
            ("x-ratelimit-remaining", String(max(0, pace.requestLimit - window.count))),
            ("x-ratelimit-reset", String(secondsLeft(in: window, at: time))),
        ]
    }

    private mutating func perform(
        _ request: Request, using endpoints: some EndpointDirectory, in stage: inout Stage
    ) throws(ControlPlaneRefusal) -> Response {
        let path = request.path.filter { !$0.isEmpty }
        guard (3...4).contains(path.count) else { throw .routeNotFound }
        let id = path.count == 4 ? path[3] : nil
        switch path.prefix(3).joined(separator: "/") {
        case "org/v2/environments": return try environments(request, id, in: &stage)
        case "org/v2/organizations": return try organizations(request, id, at: stage.now)
        case "cmk/v2/clusters": return try clusters(request, id, using: endpoints, in: &stage)
        case "srcm/v3/clusters":
            guard request.method == "GET" else { throw .methodNotAllowed }
            guard let id else { return try listRegistries(request) }
            return try showRegistry(id, request)
        case "iam/v2/api-keys": return try keys(request, id, in: &stage)
        case "iam/v2/service-accounts": return try accounts(request, id, in: &stage)
        case "endpoint/v1/endpoints", "iam/v2/users", "iam/v2/role-bindings":
            throw .unmodelled(path.prefix(3).joined(separator: "/"))
        default: throw .routeNotFound
        }
    }

    private func body(of request: Request) throws(ControlPlaneRefusal) -> JSON {
        guard let body = request.json, body.members != nil else { throw .malformedBody }
        return body
    }

    private mutating func environments(
        _ request: Request, _ id: String?, in stage: inout Stage
    ) throws(ControlPlaneRefusal) -> Response {
        switch (request.method, id) {
        case ("GET", nil): return try listEnvironments(request)
        case ("POST", nil): return try createEnvironment(body(of: request), in: &stage)
        case ("GET", let id?): return try showEnvironment(id)
        case ("PATCH", let id?): return try updateEnvironment(id, body(of: request), at: stage.now)
        case ("DELETE", let id?): return try deleteEnvironment(id)
        default: throw .methodNotAllowed
        }
    }

    private mutating func organizations(
        _ request: Request, _ id: String?, at time: Milliseconds
    ) throws(ControlPlaneRefusal) -> Response {
        switch (request.method, id) {
        case ("GET", nil): return try listOrganizations(request)
        case ("GET", let id?): return try showOrganization(id)
        case ("PATCH", let id?): return try updateOrganization(id, body(of: request), at: time)
        default: throw .methodNotAllowed
        }
    }

    private mutating func clusters(
        _ request: Request, _ id: String?, using endpoints: some EndpointDirectory,
        in stage: inout Stage
    ) throws(ControlPlaneRefusal) -> Response {
        switch (request.method, id) {
        case ("GET", nil): return try listClusters(request)
        case ("POST", nil): return try createCluster(body(of: request), using: endpoints, in: &stage)
        case ("GET", let id?): return try showCluster(id, request)
        case ("PATCH", let id?): return try updateCluster(id, body(of: request), at: stage.now)
        case ("DELETE", let id?): return try deleteCluster(id, request, at: stage.now)
        default: throw .methodNotAllowed
        }
    }

    private mutating func keys(
        _ request: Request, _ id: String?, in stage: inout Stage
    ) throws(ControlPlaneRefusal) -> Response {
        switch (request.method, id) {
        case ("GET", nil): return try listKeys(request)
        case ("POST", nil): return try createKey(body(of: request), in: &stage)
        case ("GET", let id?): return try showKey(id)
        case ("PATCH", let id?): return try updateKey(id, body(of: request), at: stage.now)
        case ("DELETE", let id?): return try deleteKey(id)
        default: throw .methodNotAllowed
        }
    }

    private mutating func accounts(
        _ request: Request, _ id: String?, in stage: inout Stage
    ) throws(ControlPlaneRefusal) -> Response {
        switch (request.method, id) {
        case ("GET", nil): return try listAccounts(request)
        case ("POST", nil): return try createAccount(body(of: request), in: &stage)
        case ("GET", let id?): return try showAccount(id)
        case ("PATCH", let id?): return try updateAccount(id, body(of: request), at: stage.now)
        case ("DELETE", let id?): return try deleteAccount(id)
        default: throw .methodNotAllowed
        }
    }
}
