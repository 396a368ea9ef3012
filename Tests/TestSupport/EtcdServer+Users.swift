package import Foundation

extension EtcdServer {
    /// Calls to its gateway.
    package var http: PlainHTTP { PlainHTTP(base: url, authority: TestAuthority.authority) }

    /// Lets nobody in but users: `root` with the password `r`, and `spillway`, for what begins so.
    package func requireUsers(password: String = "s", below prefix: String = "/apps/") async throws {
        let quoted = String(decoding: try JSONEncoder().encode(password), as: UTF8.self)
        for (path, body) in [
            ("v3/auth/user/add", #"{"name": "root", "password": "r"}"#),
            ("v3/auth/user/add", #"{"name": "spillway", "password": \#(quoted)}"#),
            ("v3/auth/role/add", #"{"name": "root"}"#), ("v3/auth/role/add", #"{"name": "apps"}"#),
            ("v3/auth/user/grant", #"{"user": "root", "role": "root"}"#),
            ("v3/auth/user/grant", #"{"user": "spillway", "role": "apps"}"#),
            (
                "v3/auth/role/grant",
                """
                {"name": "apps", "perm": {"permType": "READWRITE", "key": "\(base64(prefix))", \
                "range_end": "\(base64(prefix.dropLast() + "0"))"}}
                """
            ),
            ("v3/auth/enable", "{}"),
        ] {
            try await http.send("POST", path, body)
        }
    }

    /// Every key with its value, as its administrator sees them.
    package func everything() async throws -> [(key: String, value: Data)] {
        let token = try JSONValue(
            parsing: try await http.send("POST", "v3/auth/authenticate", #"{"name": "root", "password": "r"}"#))[
                "token"]
        let administrator = PlainHTTP(
            base: url, headers: ["Authorization": token.string ?? ""], authority: TestAuthority.authority)
        let zero = Data([0]).base64EncodedString()
        let answer = try await administrator.send(
            "POST", "v3/kv/range", #"{"key": "\#(zero)", "range_end": "\#(zero)"}"#)
        return try JSONValue(parsing: answer)["kvs"].array.map { object in
            (
                key: object["key"].base64 ?? "",
                value: object["value"].string.flatMap { Data(base64Encoded: $0) } ?? Data()
            )
        }
    }

    private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}
