import SimulatorCore

/// A page of a list as the control plane cuts it.
struct Pagination {
    static let defaultSize = 10
    static let maximalSize = 100

    var size: Int
    /// Only objects created after this one are on the page.
    var after: Int

    /// Reads `page_size` and `page_token`.
    ///
    /// - Throws: 400 for a size outside 1…100 or a token that was not handed out.
    init(_ request: Request) throws(ControlPlaneRefusal) {
        size = Self.defaultSize
        if let text = request.query("page_size") {
            guard let number = Int(text), (1...Self.maximalSize).contains(number) else {
                throw .invalidFilter("page_size", "page_size must be between 1 and \(Self.maximalSize)")
            }
            size = number
        }
        after = 0
        if let token = request.query("page_token"), !token.isEmpty {
            guard let bytes = Base64.decode(Self.fromURL(token)),
                let number = Int(String(decoding: bytes, as: UTF8.self)), number > 0
            else { throw .invalidFilter("page_token", "page_token is invalid") }
            after = number
        }
    }

    /// A list answer with `metadata.next` as a full URL when there is more.
    func response<Element>(
        _ elements: [Element], sequence: (Element) -> Int, kind: String, version: String, request: Request,
        base: String, json: (Element) -> JSON
    ) -> Response {
        let ordered = elements.sorted { sequence($0) < sequence($1) }
        let rest = ordered.drop { sequence($0) <= after }
        let page = rest.prefix(size)
        let others = request.query.filter { $0.name != "page_token" }
        let address = base + "/" + request.path.map(Self.escaped).joined(separator: "/")
        var metadata: JSON = ["first": .string(address + Self.query(others))]
        if page.count < rest.count, let last = page.last {
            let token = Self.toURL(Base64.encode(Array(String(sequence(last)).utf8)))
            metadata.append("next", .string(address + Self.query(others + [("page_token", token)])))
        }
        metadata.append("total_size", JSON(elements.count))
        return .json([
            "api_version": .string(version), "kind": .string(kind), "metadata": metadata,
            "data": .array(page.map(json)),
        ])
    }

    private static func query(_ items: [(name: String, value: String)]) -> String {
        let text = items.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
        return text.isEmpty ? "" : "?" + text
    }

    private static func toURL(_ text: String) -> String {
        String(text.map { $0 == "=" ? "." : $0 })
    }

    private static func fromURL(_ text: String) -> String {
        String(text.map { $0 == "." ? "=" : $0 })
    }

    /// Percent-encodes everything but the unreserved characters of RFC 3986.
    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.map { unit -> String in
            switch unit {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(unit))
            default: "%\(digits[Int(unit >> 4)])\(digits[Int(unit & 15)])"
            }
        }.joined()
    }
}
