import Execution
import Testing

@testable import Transport

/// Which proxy an endpoint is reached through.
@Suite struct ProxySettingsTests {
    private func proxy(_ environment: [String: String], _ url: String) throws -> String? {
        let settings = try ProxySettings(environment: environment, secrets: KnownSecrets())
        let address = try #require(HTTPAddress(url))
        return settings.proxy(forHost: address.host, port: address.port, isPlain: address.isPlain)?.address
    }

    @Test("HTTPS_PROXY and HTTP_PROXY are for their schemes, ALL_PROXY for both")
    func schemes() throws {
        let both = ["HTTPS_PROXY": "http://secure:3128", "http_proxy": "plain:8080"]
        #expect(try proxy(both, "https://api.example") == "http://secure:3128")
        #expect(try proxy(both, "http://api.example") == "http://plain:8080")
        #expect(try proxy(["ALL_PROXY": "socks5://all"], "https://api.example") == "socks5://all:1080")
        #expect(try proxy([:], "https://api.example") == nil)
    }

    @Test(
        "NO_PROXY names hosts, domains, ports, addresses and ranges; this machine is never behind a proxy",
        arguments: [
            ("api.example", "https://api.example", false), ("example", "https://api.example", false),
            (".example", "https://api.example", false), ("ample", "https://api.example", true),
            ("api.example:8443", "https://api.example", true), ("api.example:443", "https://api.example", false),
            ("10.0.0.0/8, other", "https://10.2.3.4", false), ("10.0.0.0/8", "https://11.2.3.4", true),
            ("*", "https://api.example", false), ("", "https://127.0.0.1:9", false), ("", "https://localhost", false),
            ("", "https://169.254.169.254", false),
        ])
    func exceptions(names: String, url: String, isProxied: Bool) throws {
        let environment = ["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": names]
        #expect(try (proxy(environment, url) != nil) == isProxied)
    }

    @Test("A proxy of another kind is refused by its variable, without its value")
    func unusable() {
        let failure = #expect(throws: ProxySettings.Unusable.self) {
            try ProxySettings(environment: ["HTTPS_PROXY": "https://user:hunter22@proxy"], secrets: KnownSecrets())
        }
        #expect(failure?.variable == "HTTPS_PROXY")
        #expect(failure?.reason.contains("hunter22") == false)
    }

    @Test("The password of a proxy is a secret")
    func password() throws {
        let secrets = KnownSecrets()
        _ = try ProxySettings(environment: ["HTTPS_PROXY": "http://user:p%40ssword@proxy:1"], secrets: secrets)
        #expect(secrets.clean("407 for p@ssword") == "407 for <redacted>")
    }
}
