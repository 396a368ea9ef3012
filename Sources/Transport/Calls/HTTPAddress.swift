/// The parts of a base URL.
struct HTTPAddress: Sendable {
    let base: String
    let server: String
    let host: String
    let port: Int
    let isPlain: Bool

    init?(_ text: String) {
        var rest = text.trimmingSpaces()[...]
        isPlain = rest.lowercased().hasPrefix("http://")
        let scheme = isPlain ? "http" : "https"
        if let separator = rest.firstRange(of: "://") {
            guard rest[..<separator.lowerBound].lowercased() == scheme else { return nil }
            rest = rest[separator.upperBound...]
        }
        if let end = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) { rest = rest[..<end] }
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var authority = rest[..<slash]
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        guard let (host, port) = Self.hostAndPort(authority, isPlain: isPlain) else { return nil }
        self.host = host
        self.port = port
        self.base = "\(scheme)://\(authority)\(rest[slash...])"
        self.server = "\(scheme)://\(host):\(port)"
    }

    private static func hostAndPort(_ authority: Substring, isPlain: Bool) -> (host: String, port: Int)? {
        let standard = isPlain ? 80 : 443
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let host = authority[authority.index(after: authority.startIndex)..<end]
            let port = authority[authority.index(after: end)...].dropFirst()
            guard !host.isEmpty, port.isEmpty || Int(port) != nil else { return nil }
            return (String(host), Int(port) ?? standard)
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2 else { return nil }
        guard parts.count == 2 else { return (String(host), standard) }
        guard let port = Int(parts[1]), (1...65535).contains(port) else { return nil }
        return (String(host), port)
    }
}
