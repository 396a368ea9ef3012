import Estate
import Testing

/// Names that are inferred stay the same, however the estate is listed.
@Suite struct SiteNameTests {
    @Test("display names that are shared get what tells them apart, whatever order they come in")
    func shared() {
        let candidates: [SiteNames.Candidate] = [
            .init(id: "lkc-1", displayName: "orders", qualifiers: ["prod", "us-west-2"]),
            .init(id: "lkc-2", displayName: "orders", qualifiers: ["dev", "us-west-2"]),
            .init(id: "lkc-3", displayName: "Billing (EU)", qualifiers: ["prod", "eu-west-1"]),
            .init(id: "lkc-4", displayName: "twin", qualifiers: ["prod", "eu-west-1"]),
            .init(id: "lkc-5", displayName: "twin", qualifiers: ["prod", "eu-west-1"]),
        ]
        let expected = [
            "lkc-1": "orders-prod", "lkc-2": "orders-dev", "lkc-3": "Billing-EU", "lkc-4": "twin-lkc-4",
            "lkc-5": "twin-lkc-5",
        ]
        #expect(SiteNames.names(of: candidates) == expected)
        #expect(SiteNames.names(of: candidates.reversed()) == expected)
    }

    @Test(
        "any text becomes a name",
        arguments: [("", "unnamed"), ("…", "unnamed"), ("a b  c", "a-b-c"), (".x", "x"), ("-", "unnamed"), ("é1", "1")])
    func texts(text: String, name: String) {
        #expect(SiteNames.text(text) == name)
    }
}
