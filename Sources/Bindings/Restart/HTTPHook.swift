import Domain
import Execution
import FoundationEssentials
import Planning
import Transport

/// A restart hook that is a request.
struct HTTPHook {
    let request: RestartHook.HTTPCall
    let announced: HookCall
    let secrets: any SecretResolver
    let transport: HTTPTransport

    /// Sends the request, and again while the service cannot be reached, until it answers or the time is over.
    func send(_ values: BindingValues, within limit: Duration) async throws(StepFailure) {
        var endpoint = try await endpoint()
        endpoint.overall = limit
        let call = try await call(values)
        let status: Int
        do throws(TransportFailure) {
            status = try await endpoint.send(call).head.status
        } catch {
            guard let answered = error.status else {
                throw StepFailure(.unreachable, error.reason, endpoint: endpoint.base)
            }
            guard request.expectStatus.contains(answered) else {
                throw StepFailure(.rejected, error.reason, endpoint: endpoint.base)
            }
            status = answered
        }
        guard request.expectStatus.contains(status) else {
            let expected = request.expectStatus.map(String.init).joined(separator: ", ")
            throw StepFailure(.rejected, "it answered \(status), not \(expected)", endpoint: endpoint.base)
        }
    }

    private func endpoint() async throws(StepFailure) -> HTTPEndpoint {
        var material = TLSMaterial(serverName: request.tls?.serverName)
        if let ca = request.tls?.ca { material.authorities = try await secret(ca) }
        if let certificate = request.tls?.certificate { material.certificate = try await secret(certificate) }
        if let key = request.tls?.key { material.key = try await secret(key) }
        var headers = [
            "Spillway-Binding": announced.binding, "Spillway-Primary": announced.cluster,
            "Spillway-Generation": String(announced.generation),
        ]
        headers["Spillway-Group"] = announced.group
        headers["Spillway-Epoch"] = announced.epoch.map(String.init)
        for (name, value) in request.headers {
            if case .text(let text) = value { headers[name] = text }
        }
        guard let endpoint = HTTPEndpoint(request.url, transport: transport, tls: material, headers: headers) else {
            throw StepFailure(.rejected, "'\(request.url)' is not an http or https URL")
        }
        return endpoint
    }

    private func call(_ values: BindingValues) async throws(StepFailure) -> HTTPCall {
        guard let method = HTTPCall.Method(rawValue: request.method) else {
            throw StepFailure(.rejected, "'\(request.method)' is not a method of hooks")
        }
        var path: RequestPath = ""
        for item in URLComponents(string: request.url)?.queryItems ?? [] {
            path = path.querying(item.name, item.value ?? "")
        }
        var call = HTTPCall(method, path)
        for (name, value) in request.headers.sorted(by: { $0.key < $1.key }) {
            guard case .secret(let reference) = value else { continue }
            let secret = try await secret(reference)
            call.secrets.append(secret)
            secret.reveal { call.headers[name] = $0 }
        }
        if let body = request.body {
            let rendered = try rendered(body, values)
            let isJSON = rendered.utf8.first == UInt8(ascii: "{") || rendered.utf8.first == UInt8(ascii: "[")
            call.body = .init(Array(rendered.utf8), mediaType: isJSON ? "application/json" : "text/plain")
        }
        return call
    }

    private func rendered(_ text: String, _ values: BindingValues) throws(StepFailure) -> String {
        do throws(BindingValues.Unknown) {
            return try BindingTemplate(rendering: text).rendered { reference throws(BindingValues.Unknown) in
                try values.value(of: reference)
            }
        } catch {
            throw StepFailure(.rejected, error.description)
        }
    }

    private func secret(_ reference: SecretReference) async throws(StepFailure) -> Secret {
        do throws(UnresolvedSecret) {
            return try await secrets.resolve(reference)
        } catch {
            throw StepFailure(.withoutCredentials, error.reason)
        }
    }
}
