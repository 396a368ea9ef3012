import SimulatorCore

package struct ServiceAccount: Sendable {
    package let id: String
    let sequence: Int
    package var displayName: String
    package var description: String
    var metadata: ObjectMetadata
}

extension ControlPlaneEstate {
    func listAccounts(_ request: Request) throws(ControlPlaneRefusal) -> Response {
        let names = request.query.filter { $0.name == "display_name" }.map(\.value)
        let shown = accounts.values.filter { names.isEmpty || names.contains($0.displayName) }
        return try Pagination(request).response(
            Array(shown), sequence: \.sequence, kind: "ServiceAccountList", version: "iam/v2", request: request,
            base: baseURL, json: json)
    }

    private func account(_ id: String) throws(ControlPlaneRefusal) -> ServiceAccount {
        guard let account = accounts[id] else { throw .serviceAccountNotFound(id) }
        return account
    }

    func showAccount(_ id: String) throws(ControlPlaneRefusal) -> Response {
        .json(json(try account(id)))
    }

    mutating func createAccount(
        _ body: JSON, in stage: inout Stage
    ) throws(ControlPlaneRefusal) -> Response {
        let name = try displayName(body["display_name"], pointer: "/display_name")
        try checkAccountNameIsFree(name, besides: nil)
        let id = freeID("sa-", taken: accounts, in: &stage)
        let account = ServiceAccount(
            id: id, sequence: nextSequence(), displayName: name, description: body["description"]?.string ?? "",
            metadata: ObjectMetadata(created: stage.now))
        accounts[id] = account
        return .json(json(account), status: 201).located(at: baseURL + "/iam/v2/service-accounts/\(id)")
    }

    mutating func updateAccount(
        _ id: String, _ body: JSON, at time: Milliseconds
    ) throws(ControlPlaneRefusal) -> Response {
        var account = try account(id)
        if let value = body["display_name"], value != .null {
            account.displayName = try displayName(value, pointer: "/display_name")
            try checkAccountNameIsFree(account.displayName, besides: id)
        }
        if let text = body["description"]?.string { account.description = text }
        account.metadata.updated = time
        accounts[id] = account
        return .json(json(account))
    }

    mutating func deleteAccount(_ id: String) throws(ControlPlaneRefusal) -> Response {
        _ = try account(id)
        accounts[id] = nil
        removeKeys { $0.owner == id }
        return .empty()
    }

    private func checkAccountNameIsFree(_ name: String, besides id: String?) throws(ControlPlaneRefusal) {
        guard let other = accounts.values.first(where: { $0.displayName == name && $0.id != id }) else { return }
        throw .alreadyExists("The service account '\(name)'", at: "/iam/v2/service-accounts/\(other.id)")
    }

    private func json(_ account: ServiceAccount) -> JSON {
        [
            "api_version": "iam/v2", "kind": "ServiceAccount", "id": .string(account.id),
            "metadata": account.metadata.json(
                path: "/iam/v2/service-accounts/\(account.id)",
                name: organizationName + "/service-account=\(account.id)", base: baseURL),
            "display_name": .string(account.displayName), "description": .string(account.description),
        ]
    }
}
