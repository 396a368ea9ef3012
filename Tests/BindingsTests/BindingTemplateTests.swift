import Testing

@testable import Domain

@Suite("References in the text of bindings")
struct BindingTemplateTests {
    private func rendered(_ text: String) throws -> String {
        try BindingTemplate(text).rendered { "<\($0.name)>" }
    }

    @Test("references are replaced, everything else stays")
    func render() throws {
        #expect(try rendered("") == "")
        #expect(try rendered("plain $5 $ } {x} $$") == "plain $5 $ } {x} $$")
        #expect(
            try rendered("${cluster.name}-${group.name}é${cluster.id}") == "<cluster.name>-<group.name>é<cluster.id>")
        #expect(try rendered("$${cluster.name} $$${cluster.name}") == "${cluster.name} $${cluster.name}")
    }

    @Test("every name of the closed set is read, and credentials are secrets")
    func closedSet() throws {
        #expect(BindingTemplate.Reference.allCases.count == 21)
        for reference in BindingTemplate.Reference.allCases {
            #expect(try BindingTemplate("x${\(reference.name)}").references == [reference])
            #expect(reference.isSecret == reference.name.hasPrefix("credentials."))
        }
    }

    @Test("mistakes point at their place, counted in scalars")
    func mistakes() {
        #expect(throws: BindingTemplate.Malformed(problem: .unclosed, offset: 2, length: 8)) {
            try BindingTemplate("é ${cluste")
        }
        #expect(
            throws: BindingTemplate.Malformed(problem: .unknownReference("cluster.nam"), offset: 3, length: 14)
        ) { try BindingTemplate("e\u{301} ${cluster.nam}${") }
        #expect(throws: BindingTemplate.Malformed.self) { try BindingTemplate("${}") }
        #expect(throws: BindingTemplate.Malformed.self) { try BindingTemplate("${ cluster.name }") }
    }

    @Test("a secret among the plain properties is refused, and values fall back to what is declared")
    func values() throws {
        var workspace = checkoutWorkspace(publish: [])
        workspace.clusters["west"]?.id = "lkc-declared"
        workspace.clusters["west"]?.region = "eu-central-1"
        workspace.clusters["west"]?.bootstrapServers = "SSL://a:1, b:2"
        let values = BindingValues(cluster: "west", group: nil, workspace: workspace, sites: KnownSites())
        #expect(try values.value(of: .clusterID) == "lkc-declared")
        #expect(try values.value(of: .clusterRegion) == "eu-central-1")
        #expect(try values.value(of: .clusterBootstrapServers) == "a:1,b:2")
        #expect(throws: BindingValues.Unknown.self) { try values.value(of: .groupName) }
        #expect(throws: BindingValues.Unknown.self) { try values.value(of: .credential(.kafka, .apiKey)) }
        #expect(throws: BindingValues.Unknown.self) { try values.value(of: .registryEndpoint) }
    }
}
