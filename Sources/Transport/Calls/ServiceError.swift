import Domain
import FoundationEssentials

/// What a service says in the body of an error: `{error_code, message}` (Kafka REST, Schema Registry),
/// `{errors: [{code, detail, title, status}]}` (Confluent's control plane), `{error, error_description}` (OAuth),
/// `{message, reason, details: {causes: [{reason}]}}` (Kubernetes: the first cause is the code, else the reason),
/// `<Code>` and `<Message>` (services of AWS that speak XML), or whatever a proxy in between has put there.
struct ServiceError {
    let code: String?
    let message: String

    /// Characters of a message, and of a code, that are told at most.
    private static let longestMessage = 600
    private static let longestCode = 80

    /// Reads the body of an error.
    ///
    /// - Parameter clean: Takes secrets out of a text; applied to every text before it is cut.
    init(body: [UInt8], mediaType: String, _ clean: (String) -> String) {
        let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(body))
        if let envelope, envelope.hasContent {
            self.code = envelope.code.map { clean($0).cut(to: Self.longestCode) }
            self.message = clean(envelope.text).cut(to: Self.longestMessage)
        } else if mediaType.hasSuffix("xml") || Self.beginsLikeXML(body),
            let code = Self.element("Code", of: body, clean)
        {
            self.code = code
            self.message = Self.element("Message", of: body, clean) ?? ""
        } else {
            self.code = nil
            self.message = Self.excerpt(of: body, clean)
        }
    }

    /// Not every service that speaks AWS's protocols says that it speaks XML.
    private static func beginsLikeXML(_ body: [UInt8]) -> Bool {
        ["<?xml", "<Error>"].contains { body.starts(with: Array($0.utf8)) }
    }

    /// The text of the first element of a name that holds nothing but text.
    private static func element(_ name: String, of body: [UInt8], _ clean: (String) -> String) -> String? {
        let text = String(decoding: body, as: UTF8.self)
        guard let start = text.firstRange(of: "<\(name)>"),
            let end = text[start.upperBound...].firstRange(of: "</\(name)>")
        else { return nil }
        return excerpt(of: Array(text[start.upperBound..<end.lowerBound].utf8), clean)
    }

    /// The readable beginning of a page: tags, scripts and runs of white space removed, at most 120 characters.
    static func excerpt(of body: [UInt8], _ clean: (String) -> String) -> String {
        // Secrets are taken out of the whole, and what stands for one is no tag.
        let whole = clean(String(decoding: body.prefix(8192), as: UTF8.self))
        guard whole != "{}", whole != "[]" else { return "" }
        let text = whole.replacing(Redaction.mark, with: Self.markOfRedaction)
        var result = ""
        var isInTag = false
        var endsWithSpace = true
        for character in text {
            if result.count >= 120 { break }
            switch character {
            case "<": isInTag = true
            case ">":
                isInTag = false
                if !endsWithSpace { result.append(" ") }
                endsWithSpace = true
            case _ where isInTag: continue
            case _ where character.isWhitespace || character.isControl:
                if !endsWithSpace { result.append(" ") }
                endsWithSpace = true
            default:
                result.append(character)
                endsWithSpace = false
            }
        }
        return clean(result.trimmingSpaces().replacing(Self.markOfRedaction, with: Redaction.mark))
    }

    /// Stands for a redacted secret while tags are removed.
    private static let markOfRedaction = "\u{FFFC}"

    private struct Envelope: Decodable {
        struct Item: Decodable {
            let code: String?
            let title: String?
            let detail: String?
        }

        let errorCode: Code?
        let message: String
        let errors: [Item]
        let error: String?
        let reason: String?
        /// What is wrong in words alone, as Vault lists it.
        let words: [String]
        /// The kind of error as AWS names it, without the namespace in front of `#`.
        let type: String?

        private struct Details: Decodable {
            struct Cause: Decodable {
                let reason: String?
            }

            let causes: [Cause]?
        }

        enum Keys: String, CodingKey {
            case errorCode = "error_code"
            case message, errors, error, reason, details
            case description = "error_description"
            case type = "__type"
            case capitalMessage = "Message"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            errorCode = try? container.decodeIfPresent(Code.self, forKey: .errorCode)
            errors = (try? container.decodeIfPresent([Item].self, forKey: .errors)) ?? []
            words = (try? container.decodeIfPresent([String].self, forKey: .errors)) ?? []
            let type = try? container.decodeIfPresent(String.self, forKey: .type)
            self.type = type.map { String($0.split(separator: "#").last ?? "") }
            error = try? container.decodeIfPresent(String.self, forKey: .error)
            let details = try? container.decodeIfPresent(Details.self, forKey: .details)
            let cause = details?.causes?.lazy.compactMap(\.reason).first
            reason = cause ?? (try? container.decodeIfPresent(String.self, forKey: .reason))
            let text = try? container.decodeIfPresent(String.self, forKey: .message)
            let description = try? container.decodeIfPresent(String.self, forKey: .description)
            let capital = try? container.decodeIfPresent(String.self, forKey: .capitalMessage)
            message = text ?? description ?? capital ?? ""
        }

        var hasContent: Bool {
            errorCode != nil || !message.isEmpty || !errors.isEmpty || !words.isEmpty || error != nil || type != nil
        }

        var code: String? { errorCode?.text ?? errors.lazy.compactMap(\.code).first ?? error ?? type ?? reason }

        var text: String {
            message.isEmpty ? (errors.compactMap { $0.detail ?? $0.title } + words).joined(separator: "; ") : message
        }
    }

    private struct Code: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                text = String(number)
            } else {
                text = try container.decode(String.self)
            }
        }
    }
}

extension String {
    /// The text, with an ellipsis where it is longer than some characters.
    fileprivate func cut(to length: Int) -> String {
        count > length ? prefix(length) + "…" : self
    }
}

extension Character {
    fileprivate var isControl: Bool {
        unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
    }
}
