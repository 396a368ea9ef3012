/// Text of a binding with `${…}` references: a closed set of names, no templating.
///
/// `$${` is a literal `${`; a `$` that is not followed by `{` stands for itself.
package struct BindingTemplate: Hashable, Sendable {
    /// A value a template can refer to.
    package enum Reference: Hashable, Sendable, CaseIterable {
        case clusterName
        case clusterID
        case clusterRegion
        case clusterBootstrapServers
        case clusterRestEndpoint
        case registryEndpoint
        case groupName
        /// A part of the application's own credentials at the cluster the content points at; always a secret.
        case credential(CredentialHolder, CredentialPart)

        /// The closed set.
        package static var allCases: [Reference] {
            [
                .clusterName, .clusterID, .clusterRegion, .clusterBootstrapServers, .clusterRestEndpoint,
                .registryEndpoint, .groupName,
            ]
                + CredentialHolder.allCases.flatMap { holder in
                    CredentialPart.allCases.map { .credential(holder, $0) }
                }
        }

        /// Reads the text between the braces; `nil` for a name outside the closed set.
        package init?(name: String) {
            guard let reference = Self.allCases.first(where: { $0.name == name }) else { return nil }
            self = reference
        }

        /// The text between the braces: `cluster.bootstrapServers`.
        package var name: String {
            switch self {
            case .clusterName: "cluster.name"
            case .clusterID: "cluster.id"
            case .clusterRegion: "cluster.region"
            case .clusterBootstrapServers: "cluster.bootstrapServers"
            case .clusterRestEndpoint: "cluster.restEndpoint"
            case .registryEndpoint: "schemaRegistry.endpoint"
            case .groupName: "group.name"
            case .credential(let holder, let part): "credentials.\(holder.rawValue).\(part.rawValue)"
            }
        }

        /// Whether its value is a secret, and so may stand in `spec.secrets` only.
        package var isSecret: Bool {
            if case .credential = self { true } else { false }
        }
    }

    /// Whose sign-in a credential reference means.
    package enum CredentialHolder: String, Hashable, Sendable, CaseIterable {
        case kafka
        case schemaRegistry
    }

    /// Which part of the credentials a reference means.
    package enum CredentialPart: String, Hashable, Sendable, CaseIterable {
        case apiKey
        case apiSecret
        case username
        case password
        case authority = "tls.ca"
        case certificate = "tls.certificate"
        case privateKey = "tls.key"
    }

    /// A piece of a template.
    package enum Segment: Hashable, Sendable {
        case literal(String)
        case reference(Reference)
    }

    /// Why text is not a template.
    package struct Malformed: Error, Hashable, Sendable {
        /// What is wrong.
        package enum Problem: Hashable, Sendable {
            /// A `${` without its `}`.
            case unclosed
            /// A name outside the closed set, as written.
            case unknownReference(String)
        }

        /// What is wrong.
        package let problem: Problem
        /// Where its `${` starts: Unicode scalars from the start of the text.
        package let offset: Int
        /// How far it reaches, in Unicode scalars, with `${` and `}`.
        package let length: Int
    }

    /// The pieces in order; neighbouring literals are one.
    package let segments: [Segment]

    /// Reads a template.
    ///
    /// - Throws: ``Malformed`` for the first `${` that is not closed or names nothing.
    package init(_ text: String) throws(Malformed) {
        var segments: [Segment] = []
        var literal = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        var position = 0
        while position < scalars.count {
            if scalars[position...].starts(with: Self.escapedOpening) {
                literal.append(contentsOf: Self.opening)
                position += Self.escapedOpening.count
            } else if scalars[position...].starts(with: Self.opening) {
                let (reference, length) = try Self.reference(in: scalars, at: position)
                if !literal.isEmpty { segments.append(.literal(String(literal))) }
                literal = String.UnicodeScalarView()
                segments.append(.reference(reference))
                position += length
            } else {
                literal.append(scalars[position])
                position += 1
            }
        }
        if !literal.isEmpty { segments.append(.literal(String(literal))) }
        self.segments = segments
    }

    /// The references, in the order they stand, with repetitions.
    package var references: [Reference] {
        segments.compactMap { if case .reference(let reference) = $0 { reference } else { nil } }
    }

    /// The text with every reference replaced.
    ///
    /// - Parameter value: Gives the value of one reference; what it throws passes through.
    package func rendered<Failure: Error>(_ value: (Reference) throws(Failure) -> String) throws(Failure) -> String {
        var text = ""
        for segment in segments {
            switch segment {
            case .literal(let literal): text += literal
            case .reference(let reference): text += try value(reference)
            }
        }
        return text
    }

    private static let opening = Array("${".unicodeScalars)
    private static let escapedOpening = Array("$${".unicodeScalars)

    private static func reference(
        in scalars: [Unicode.Scalar], at start: Int
    ) throws(Malformed) -> (reference: Reference, length: Int) {
        let body = scalars[(start + opening.count)...]
        guard let end = body.firstIndex(of: "}") else {
            throw Malformed(problem: .unclosed, offset: start, length: scalars.count - start)
        }
        let name = String(String.UnicodeScalarView(body[..<end]))
        let length = end + 1 - start
        guard let reference = Reference(name: name) else {
            throw Malformed(problem: .unknownReference(name), offset: start, length: length)
        }
        return (reference, length)
    }
}
