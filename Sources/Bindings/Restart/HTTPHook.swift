import Domain
import Execution
import Planning
import Transport

/// A restart hook that is a request.
struct HTTPHook {
    let request: RestartHook.HTTPCall
    let announced: HookCall
    let secrets: any SecretResolver
    let transport: HTTPTransport

    /// Sent again in steps of at most this while nothing was reached.
    private static let untilReached = RetryPolicy(attempts: .max, longestWait: .seconds(1))

    /// Sends the request, and again while the service cannot be reached, until it answers or the time is over. Any
    /// answer ends it: an expected status is success, whatever its body is, and another one is not.
    func send(_ values: BindingValues, within limit: Duration) async throws(StepFailure) {
        var endpoint = try await endpoint()
        endpoint.overall = limit
        endpoint.request = limit
        endpoint.retries = Self.untilReached
        let call = try await call(values)
        do throws(TransportFailure) {
            _ = try await endpoint.send(call)
        } catch {
            let failure = StepFailure(error)
            guard let answered = error.status, answered != 429 else { throw failure }
            let expected = request.expectStatus.map(String.init).joined(separator: ", ")
            throw StepFailure(
                .rejected, "\(failure.message); expected is status \(expected)", endpoint: failure.endpoint)
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
        var call = HTTPCall(method, RequestPath("").queryingAsWritten(in: request.url))
        call.expectedStatuses = Set(request.expectStatus)
        call.ignoresBody = true
        call.isRepeatable = false
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
