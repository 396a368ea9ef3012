import SimulatedConfluent
import SimulatorCore

extension World {
    /// `GET` lists the lies with whether each is told; `PUT` switches some; `DELETE` tells the truth again.
    func lies(_ request: Request) -> Response {
        switch request.method {
        case "GET": return .json(describeLies())
        case "DELETE": tell([])
        case "PUT":
            var told = stage.lies
            for member in request.json?.members ?? [] {
                guard let lie = Lie(rawValue: member.name), let isTold = member.value.bool else {
                    return Problem("There is no lie '\(member.name)', or its value is not true or false.").response
                }
                if isTold {
                    told.insert(lie)
                } else {
                    told.remove(lie)
                }
            }
            tell(told)
        default: return .problem(405, 405, "Lies are listed, put, or deleted.")
        }
        return .json(describeLies())
    }

    private func describeLies() -> JSON {
        .object(Lie.allCases.map { JSON.Member(name: $0.rawValue, value: JSON(stage.lies.contains($0))) })
    }

    private func tell(_ lies: Set<Lie>) {
        stage.lies = lies
        registries.tell(lies)
        controlPlane.ignoresProtection = lies.contains(.deletionProtectionIgnored)
        kafka.refreshLinks(in: &stage)
    }

    /// The request as a service takes it that looks at neither credentials nor `validate_only`.
    func lied(_ request: Request) -> Request {
        guard !stage.lies.isEmpty else { return request }
        var request = request
        if stage.lies.contains(.credentialsUnchecked) {
            let pair = "\(Credentials.everywhere.key):\(Credentials.everywhere.secret)"
            request.headers["authorization"] = "Basic \(Base64.encode(Array(pair.utf8)))"
        }
        if stage.lies.contains(.validateOnlyHasEffects) {
            request.query.removeAll { $0.name == "validate_only" }
            if case .object(let members)? = request.json, members.contains(where: { $0.name == "validate_only" }) {
                request.body = JSON.object(members.filter { $0.name != "validate_only" }).bytes
            }
        }
        return request
    }
}
