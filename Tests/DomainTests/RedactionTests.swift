import Domain
import Testing

/// Secrets are found in every form they can take on the wire, at every place of a text.
@Suite struct RedactionTests {
    private static let secrets = [
        "cAnArY+s3cr3t/Val&ue", "plain-canary-0123456789", #"quo"ted\back'slash<tag>%41"#,
        "mit Leerzeichen und ümläut €",
        "eyJhbGciOiJub25lIn0.canary_token-part.QUJDREVG", "tab\tand\nline of a canary secret",
    ]
    private static let user = "CANARYKEY1"

    private static let unreserved = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)

    private static func percent(_ text: String, keeping kept: Set<UInt8> = unreserved, upper: Bool = true) -> String {
        text.utf8.map { byte in
            if kept.contains(byte) { return String(decoding: [byte], as: UTF8.self) }
            let digits = String(byte, radix: 16, uppercase: upper)
            return "%" + (digits.count == 1 ? "0" + digits : digits)
        }.joined()
    }

    private static func json(_ text: String, escaping: (Unicode.Scalar) -> Bool = { _ in false }) -> String {
        text.unicodeScalars.map { scalar in
            func unicode(_ unit: UInt16) -> String {
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            if escaping(scalar) { return String(scalar).utf16.map(unicode).joined() }
            return switch scalar {
            case "\"", "\\", "/": "\\\(scalar)"
            case "\n": "\\n"
            case "\t": "\\t"
            default: String(scalar)
            }
        }.joined()
    }

    private static func base64(_ text: String, inURLs: Bool = false, padded: Bool = true) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + (inURLs ? "-_" : "+/"))
        var bits = ""
        for byte in text.utf8 {
            let digits = String(byte, radix: 2)
            bits += String(repeating: "0", count: 8 - digits.count) + digits
        }
        var result = ""
        while !bits.isEmpty {
            let six = bits.prefix(6)
            bits = String(bits.dropFirst(six.count))
            let index = Int(six + String(repeating: "0", count: 6 - six.count), radix: 2) ?? 0
            result.append(alphabet[index])
        }
        while padded, result.count % 4 != 0 { result.append("=") }
        return result
    }

    private static func html(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            default: String(character)
            }
        }.joined()
    }

    /// Every form of a secret, by name.
    private static func forms(_ secret: String) -> [String: String] {
        let pair = "\(user):\(secret)"
        return [
            "plain": secret, "JSON": json(secret), "JSON in JSON": json(json(secret)),
            "JSON in ASCII": json(secret) { $0.value > 0x7E },
            "JSON for pages": json(secret) { "<>&'=+".unicodeScalars.contains($0) },
            "percent": percent(secret), "percent, small": percent(secret, upper: false),
            "percent twice": percent(percent(secret)),
            "form": percent(secret, keeping: unreserved.union(" ".utf8)).replacing(" ", with: "+"),
            "path": percent(secret, keeping: unreserved.union("/:@!$&'()*,;=".utf8)), "HTML": html(secret),
            "Base64": base64(secret), "Base64 for URLs": base64(secret, inURLs: true, padded: false),
            "Base64 behind one": base64("x" + secret), "Base64 behind two": base64("xy" + secret + "z"),
            "pair": base64(pair), "pair in JSON": json(base64(pair)), "pair in a URL": percent(base64(pair)),
            "beginning": String(secret.prefix(14)), "beginning of Base64": String(base64(secret).prefix(20)),
            "beginning of the pair": String(base64(pair).prefix(20)),
        ]
    }

    private static let places: [(before: String, after: String)] = [
        ("", ""), ("bad header Authorization: Basic ", ""), ("key '", "' is not known"), (#"{"detail":"x "#, #""}"#),
        ("<p>", "</p>"), ("value=", "&next=1"), ("it was ", "…"), ("it was ", "..."), ("a ", "\nb"),
    ]

    @Test("No form of a secret is left, wherever it stands", arguments: secrets)
    func forms(secret: String) {
        var redaction = Redaction()
        redaction.add(Secret(secret))
        redaction.add(user: Secret(Self.user), password: Secret(secret))
        for (form, text) in Self.forms(secret) {
            for place in Self.places {
                let clean = redaction.clean(place.before + text + place.after)
                #expect(!clean.contains(text), "\(form) in '\(place.before)…\(place.after)'")
                #expect(clean.contains(Redaction.mark), "\(form) in '\(place.before)…\(place.after)'")
                #expect(clean.hasPrefix(place.before), "\(form): \(clean)")
            }
        }
    }

    @Test(
        "A text is cut after it was cleaned, and what is left of a cut secret is found all the same", arguments: secrets
    )
    func cuts(secret: String) {
        var redaction = Redaction()
        redaction.add(Secret(secret))
        for length in 6...secret.count {
            let clean = redaction.clean("token " + secret.prefix(length))
            #expect(clean == "token \(Redaction.mark)", "cut to \(length): \(clean)")
        }
        for length in 13..<secret.count {
            let clean = redaction.clean(secret.suffix(length) + " was refused")
            #expect(clean == "\(Redaction.mark) was refused", "the last \(length): \(clean)")
        }
    }

    @Test("What is no secret stays as it is")
    func innocent() {
        var redaction = Redaction()
        redaction.add(Secret("simulator-secret"))
        redaction.add(Secret("abc"))
        let text = #"topic "orders" of the simulator is not there: 100% of abc & \u00e9 + more"#
        #expect(redaction.clean(text) == text)
        #expect(Redaction().clean(text) == text)
    }

    @Test("Each line of a key is a secret")
    func lines() {
        var redaction = Redaction()
        redaction.add(Secret("-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\nAgEGCCqGSM49AwEHBG0w\n-----END"))
        #expect(redaction.clean("at AgEGCCqGSM49AwEHBG0w") == "at \(Redaction.mark)")
    }
}
