/// A stand-in for Kubernetes.
struct SimulatedKubernetes: SimulatedStore {
    mutating func respond(to request: Request, in stage: inout Stage) -> Response {
        .unmodelled("/\(request.path.joined(separator: "/"))")
    }

    func values(at place: String) -> [String: String]? {
        nil
    }
}
