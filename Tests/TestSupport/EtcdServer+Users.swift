import Foundation

extension EtcdServer {
    /// Calls to its gateway.
    package var http: PlainHTTP { PlainHTTP(base: url, authority: TestAuthority.authority) }

    /// Lets nobody in but users: `spillway` with the password `s`, for what begins with `/apps/`.
    package func requireUsers() async throws {
        for (path, body) in [
            ("v3/auth/user/add", #"{"name": "root", "password": "r"}"#),
            ("v3/auth/user/add", #"{"name": "spillway", "password": "s"}"#),
            ("v3/auth/role/add", #"{"name": "root"}"#), ("v3/auth/role/add", #"{"name": "apps"}"#),
            ("v3/auth/user/grant", #"{"user": "root", "role": "root"}"#),
            ("v3/auth/user/grant", #"{"user": "spillway", "role": "apps"}"#),
            (
                "v3/auth/role/grant",
                """
                {"name": "apps", "perm": {"permType": "READWRITE", "key": "\(base64("/apps/"))", \
                "range_end": "\(base64("/apps0"))"}}
                """
            ),
            ("v3/auth/enable", "{}"),
        ] {
            try await http.send("POST", path, body)
        }
    }

    private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}
