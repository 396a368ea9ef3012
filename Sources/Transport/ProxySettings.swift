import AsyncHTTPClient
import Domain
package import Execution
import TextForms

/// Proxies as the environment names them: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, and `NO_PROXY` for what goes
/// without, in capitals or not.
package struct ProxySettings: Sendable {
    struct Proxy: Hashable, Sendable {
        let host: String
        let port: Int
        /// Whether it speaks SOCKS 5; else HTTP.
        let isSOCKS: Bool
        /// `Basic` credentials of it.
        let userAndPassword: String?

        /// Its address, for messages.
        var address: String { "\(isSOCKS ? "socks5" : "http")://\(host):\(port)" }
    }

    /// A proxy that is set to something that cannot be used.
    package struct Unusable: Error, Sendable {
        package let variable: String
        /// What is wrong with it and what helps; tells nothing of its value.
        package let reason: String
    }

    private var secure: Proxy?
    private var plain: Proxy?
    private var exceptions: [Exception] = []

    package init() {}

    /// The proxies of an environment.
    ///
    /// - Parameter secrets: Learns the proxies' passwords.
    package init(environment: [String: String], secrets: KnownSecrets) throws(Unusable) {
        func proxy(_ names: [String]) throws(Unusable) -> Proxy? {
            for name in names {
                if let text = environment[name], !text.isEmpty { return try Proxy(text, variable: name, secrets) }
            }
            return nil
        }
        let all = ["ALL_PROXY", "all_proxy"]
        secure = try proxy(["HTTPS_PROXY", "https_proxy"] + all)
        // `HTTP_PROXY` in capitals can be set by whoever calls a CGI program; in lower case it goes before.
        plain = try proxy(["http_proxy", "HTTP_PROXY"] + all)
        let names = ["NO_PROXY", "no_proxy"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        exceptions = names.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map { Exception(String($0)) }
    }

    /// Whether a host is this machine, or is only seen from it: those are never behind a proxy.
    private static func isOfThisMachine(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.") || host.hasPrefix("169.254.")
            || host.hasPrefix("fe80:") || host == "fd00:ec2::23" || host == "fd00:ec2::254"
    }

    /// The proxy for a server; `nil` = it is connected to directly.
    func proxy(forHost host: String, port: Int, isPlain: Bool) -> Proxy? {
        guard let proxy = isPlain ? plain : secure, !Self.isOfThisMachine(host) else { return nil }
        return exceptions.contains { $0.covers(host.lowercased(), port) } ? nil : proxy
    }
}

extension ProxySettings.Proxy {
    fileprivate init(_ text: String, variable: String, _ secrets: KnownSecrets) throws(ProxySettings.Unusable) {
        var rest = text[...]
        var scheme = "http"
        if let end = text.firstRange(of: "://") {
            scheme = text[..<end.lowerBound].lowercased()
            rest = text[end.upperBound...]
        }
        rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard ["http", "socks5", "socks5h"].contains(scheme) else {
            throw ProxySettings.Unusable(
                variable: variable,
                reason: "it names a proxy of the kind \(scheme)://; http:// and socks5:// are supported")
        }
        var pair: String?
        if let at = rest.lastIndex(of: "@") {
            pair = PercentEncoding.decoded(rest[..<at], broken: .kept).map { String(decoding: $0, as: UTF8.self) }
            rest = rest[rest.index(after: at)...]
        }
        isSOCKS = scheme != "http"
        guard let address = HTTPAddress("http://\(rest)"), !isSOCKS || pair == nil else {
            throw ProxySettings.Unusable(
                variable: variable,
                reason: isSOCKS ? "a SOCKS proxy is used without a password" : "it is no http://host:port")
        }
        host = address.host
        port = rest.contains(":") ? address.port : isSOCKS ? 1080 : 80
        userAndPassword = pair
        guard let pair else { return }
        let parts = pair.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        secrets.learn(user: Secret(parts[0]), password: Secret(parts.count > 1 ? parts[1] : ""))
    }

    var configuration: HTTPClient.Configuration.Proxy {
        guard !isSOCKS else { return .socksServer(host: host, port: port) }
        let authorization = userAndPassword.map { pair -> HTTPClient.Authorization in
            let parts = pair.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return .basic(username: parts[0], password: parts.count > 1 ? parts[1] : "")
        }
        return .server(host: host, port: port, authorization: authorization)
    }
}

/// One entry of `NO_PROXY`: a host, a domain with everything below it, an address, a range of addresses, or `*`.
private struct Exception: Sendable {
    private let name: String
    private let port: Int?
    private let network: (address: [UInt8], bits: Int)?

    init(_ text: String) {
        var text = text.lowercased()
        if let range = text.firstIndex(of: "/"), let bits = Int(text[text.index(after: range)...]),
            let address = Self.address(String(text[..<range])), (0...32).contains(bits)
        {
            network = (address, bits)
            name = text
            port = nil
            return
        }
        network = nil
        var port: Int?
        if text.filter({ $0 == ":" }).count == 1, let colon = text.firstIndex(of: ":") {
            port = Int(text[text.index(after: colon)...])
            text = String(text[..<colon])
        }
        self.port = port
        if text.hasPrefix("*.") { text.removeFirst() }
        while text.hasPrefix("."), text.count > 1 { text.removeFirst() }
        name = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
    }

    func covers(_ host: String, _ port: Int) -> Bool {
        if let wanted = self.port, wanted != port { return false }
        if name == "*" { return true }
        if let network, let address = Self.address(host) {
            return (0..<network.bits).allSatisfy { bit in
                (address[bit / 8] ^ network.address[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
            }
        }
        return host == name || host.hasSuffix("." + name)
    }

    /// The bytes of an IPv4 address.
    private static func address(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        let bytes = parts.compactMap(\.self)
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }
}

extension TransportFailure.Cause {
    /// The cause of a failure on the way through a proxy.
    func through(_ proxy: ProxySettings.Proxy, _ error: any Error) -> Self {
        let words = "through the proxy \(proxy.address)"
        if let error = error as? HTTPClientError {
            if error == .proxyAuthenticationRequired {
                return .unreachable("the proxy \(proxy.address) wants credentials (407); put them into HTTPS_PROXY")
            }
            if error == .httpProxyHandshakeTimeout || error == .socksHandshakeTimeout {
                return .unreachable("the proxy \(proxy.address) did not answer in time")
            }
            if error == .invalidProxyResponse {
                return .unreachable(
                    "the proxy \(proxy.address) does not connect to it; let the proxy reach it, or name it in NO_PROXY")
            }
        }
        return switch self {
        case .unreachable(let reason): .unreachable("\(reason), \(words)")
        case .interrupted(let reason): .interrupted("\(reason), \(words)")
        default: self
        }
    }
}
