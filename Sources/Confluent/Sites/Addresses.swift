/// The forms in which the same address is written.
enum Addresses {
    /// Bootstrap servers without a security protocol in front of each and without trailing slashes.
    static func bootstrap(_ text: String) -> String {
        text.split(separator: ",").map { server in
            var server = server.drop { $0 == " " }
            if let separator = server.firstRange(of: "://") { server = server[separator.upperBound...] }
            while let last = server.last, last == "/" || last == " " { server = server.dropLast() }
            return String(server)
        }.joined(separator: ",")
    }

    /// A base URL without trailing slashes.
    static func base(_ text: String) -> String {
        var rest = text[...]
        while let last = rest.last, last == "/" || last == " " { rest = rest.dropLast() }
        return String(rest)
    }

    /// The Kafka REST base of a Confluent Cloud cluster, which the control plane gives without `/kafka`.
    static func cloudKafkaBase(_ endpoint: String) -> String {
        let base = base(endpoint)
        return base.hasSuffix("/kafka") ? base : base + "/kafka"
    }
}
