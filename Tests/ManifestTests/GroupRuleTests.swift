import Testing

@testable import Manifest

@Suite("Rules: failover groups")
struct GroupRuleTests {
    @Test("One group", arguments: groups)
    func group(rule: RuleCase) { rule.check() }

    private static func single(_ spec: String, members: String = "[west, east]") -> String {
        """
        kind: FailoverGroup
        metadata: {name: g}
        spec: {primary: west, members: \(members), topics: {include: ["g.*"]}, schemas: {subjects: ["*"]}, \(spec)}
        """
    }

    static let groups: [RuleCase] = [
        RuleCase(
            "every field",
            single(
                "failover: {from: east, incident: I-1, overrides: [Loss]}, discard: [\"east@12-09af\"], reprotect: Restore, "
                    + "link: {mode: Bidirectional, names: {east-west: x}, initiator: west}, canary: g.canary, "
                    + "fence: {denyWrites: [\"User:sa-1\"], quiet: 20s, registry: false}, objectives: {rpo: {records: 0, age: 1m}}"
            )),
        RuleCase(
            "a primary that is no member",
            "kind: FailoverGroup\nmetadata: {name: g}\nspec: {primary: 1️⃣new, members: [west, east], topics: {include: [a]}, schemas: {subjects: [\"*\"]}}",
            ["1️⃣ error primary-not-a-member"]),
        RuleCase(
            "members without a primary, and a primary without members",
            """
            kind: FailoverGroup
            metadata: {name: g}
            1️⃣spec: {2️⃣members: [west, east]}
            ---
            kind: FailoverGroup
            metadata: {name: h}
            spec: {3️⃣primary: west}
            """,
            ["1️⃣ error missing-choice", "2️⃣ error missing-companion", "3️⃣ error missing-companion"]),
        RuleCase(
            "one member", single("reprotect: Manual", members: "[west]").replacing("members", with: "1️⃣members"),
            ["1️⃣ error too-few-members"]),
        RuleCase(
            "a member twice", single("reprotect: Manual", members: "[west, east, 1️⃣west]"), ["1️⃣ error duplicate-member"]),
        RuleCase(
            "members that cannot hold a link",
            single("reprotect: Recreate", members: "[west, 1️⃣basic, 2️⃣freight, 3️⃣kafka]"),
            [
                "1️⃣ error cannot-hold-link", "2️⃣ error cannot-hold-link", "3️⃣ error cannot-hold-link",
            ]),
        RuleCase(
            "a migration away from a cluster that cannot, before and after the cut",
            """
            kind: FailoverGroup
            metadata: {name: g}
            spec: {primary: kafka, members: [kafka, west], reprotect: Retire, topics: {include: ["g.*"]}, fence: {quiet: 60s}}
            ---
            kind: FailoverGroup
            metadata: {name: h}
            spec: {primary: west, members: [kafka, west], reprotect: Retire, topics: {include: ["h.*"]}}
            """),
        RuleCase(
            "a migration with two clusters that cannot",
            "kind: FailoverGroup\nmetadata: {name: g}\nspec: {primary: kafka, members: [kafka, 1️⃣basic], reprotect: Retire, topics: {include: [a]}}",
            ["1️⃣ error cannot-hold-link"]),
        RuleCase(
            "Restore without a Bidirectional link", single("reprotect: 1️⃣Restore"),
            ["1️⃣ error restore-needs-bidirectional"]),
        RuleCase(
            "a Bidirectional link with a platform that is too old",
            "kind: FailoverGroup\nmetadata: {name: g}\nspec: {primary: new, members: [new, old], topics: {include: [a]}, link: {mode: 1️⃣Bidirectional}}",
            ["1️⃣ error bidirectional-not-possible"]),
        RuleCase(
            "an initiator that is no member", single("link: {initiator: 1️⃣new}"), ["1️⃣ error initiator-not-an-end"]),
        RuleCase(
            "link names of no pair, and in the wrong order",
            single("link: {mode: Bidirectional, names: {1️⃣west-eest: a, 2️⃣west-east: b, 3️⃣new-old: c}}"),
            ["1️⃣ error unknown-link-pair", "2️⃣ warning unused-link-name", "3️⃣ warning unused-link-name"]),
        RuleCase(
            "link configs that have a field", single("link: {configs: {1️⃣acl.sync.enable: true}}"),
            ["1️⃣ error config-has-field"]),
        RuleCase(
            "a consent for a cluster that is no member, and for the primary",
            single("failover: {from: 1️⃣new, incident: I}") + "\n---\n"
                + single("failover: {from: 2️⃣west, incident: I}").replacing("name: g", with: "name: h")
                .replacing("g.*", with: "h.*").replacing(
                    ", schemas: {subjects: [\"*\"]}", with: ", schemas: {subjects: [\":.h:*\"]}"),
            ["1️⃣ error failover-from-non-member", "2️⃣ warning failover-from-primary"]),
        RuleCase(
            "discards that are none", single("discard: [1️⃣west, 2️⃣\"west@x-a3f1\", 3️⃣\"west@7-xyz\", 4️⃣\"new@7-a3f1\"]"),
            [
                "1️⃣ error invalid-discard", "2️⃣ error invalid-discard", "3️⃣ error invalid-discard",
                "4️⃣ warning discard-of-non-member",
            ]),
        RuleCase(
            "principals that are none, or too many", single("fence: {denyWrites: [1️⃣sa-1, 2️⃣\"User:*\", \"User:a\"]}"),
            ["1️⃣ error invalid-principal", "2️⃣ warning redundant-fence"]),
        RuleCase(
            "a fence where nothing can be denied",
            "kind: FailoverGroup\nmetadata: {name: g}\nspec: {primary: kafka, members: [kafka, west], reprotect: Retire, topics: {include: [a]}, fence: {1️⃣denyWrites: [\"User:*\"]}}",
            ["1️⃣ warning fence-not-possible"]),
        RuleCase(
            "a canary that is no topic of the group", single("canary: 1️⃣other.canary"), ["1️⃣ error canary-not-in-group"]),
        RuleCase(
            "a canary that is a declared topic",
            single("canary: beacon") + "\n---\nkind: Topic\nmetadata: {name: beacon}\nspec: {failoverGroup: g}"),
        RuleCase(
            "no topics",
            "kind: FailoverGroup\nmetadata: {name: 1️⃣g}\nspec: {primary: west, members: [west, east], schemas: {subjects: [\"*\"]}}",
            ["1️⃣ warning group-without-topics"]),
        RuleCase(
            "an incident of blanks", single("failover: {from: east, incident: 1️⃣\"  \"}"), ["1️⃣ error empty-value"]),
        RuleCase(
            "a gate that is none", single("failover: {from: east, incident: I, overrides: [1️⃣Los]}"),
            ["1️⃣ error unknown-value"]),
    ]

    @Test("Families", arguments: families)
    func family(rule: RuleCase) { rule.check() }

    private static func pair(_ first: String, _ second: String) -> String {
        """
        kind: FailoverGroup
        metadata: {name: a}
        spec: {primary: west, members: [west, east], topics: {include: ["a.*"]}, \(first)}
        ---
        kind: FailoverGroup
        metadata: {name: b}
        spec: {primary: west, members: [west, east], topics: {include: ["b.*"]}, \(second)}
        """
    }

    private static let leader = """
        kind: FailoverGroup
        metadata: {name: a}
        spec: {primary: west, members: [west, east], topics: {include: ["a.*"]}, schemas: {subjects: ["*"]}}
        ---

        """

    static let families: [RuleCase] = [
        RuleCase(
            "forty groups, one line each",
            leader
                + (1...40).map {
                    "kind: FailoverGroup\nmetadata: {name: f\($0)}\nspec: {follows: a, topics: {include: [\"f\($0).*\"]}}"
                }.joined(separator: "\n---\n")),
        RuleCase(
            "followers may follow followers, but nobody himself",
            leader + """
                kind: FailoverGroup
                metadata: {name: b}
                spec: {follows: a, topics: {include: ["b.*"]}}
                ---
                kind: FailoverGroup
                metadata: {name: c}
                spec: {follows: b, topics: {include: ["c.*"]}}
                ---
                kind: FailoverGroup
                metadata: {name: d}
                spec: {follows: 1️⃣e, topics: {include: ["d.*"]}}
                ---
                kind: FailoverGroup
                metadata: {name: e}
                spec: {follows: 2️⃣d, topics: {include: ["e.*"]}}
                """, ["1️⃣ error follows-cycle", "2️⃣ error follows-cycle"]),
        RuleCase(
            "a follower has no members, consent or links of its own",
            leader + """
                kind: FailoverGroup
                metadata: {name: b}
                spec: {follows: a, topics: {include: ["b.*"]}, link: {mode: 1️⃣Unidirectional, consumerOffsetSync: {interval: 5s}}}
                ---
                kind: FailoverGroup
                metadata: {name: c}
                spec: {follows: a, topics: {include: ["c.*"]}, 2️⃣members: [west, east], 3️⃣failover: {from: west, incident: I}}
                """,
            ["1️⃣ error follower-link-setting", "2️⃣ error missing-companion", "3️⃣ error missing-companion"]),
        RuleCase(
            "two groups that would pull at one registry",
            pair("schemas: {subjects: [\"*\"]}", "1️⃣schemas: {subjects: [\"x*\"]}"), ["1️⃣ error registry-scope-shared"]),
        RuleCase(
            "all contexts meet every context",
            pair("schemas: {subjects: [\":*:\"]}", "1️⃣schemas: {subjects: [\":.b:*\"]}"),
            ["1️⃣ error registry-scope-shared"]),
        RuleCase(
            "a context of its own moves alone",
            pair("schemas: {subjects: [\":.a:*\"]}", "schemas: {subjects: [\":.b:*\"]}")),
        RuleCase(
            "a group without schemas beside one with",
            pair("schemas: {subjects: [\"*\"]}", "reprotect: Manual")
                .replacing("name: b", with: "name: 1️⃣b"),
            ["1️⃣ warning registry-scope-shared", "1️⃣ warning schemas-not-moved"]),
        RuleCase(
            "schemas twice in one family",
            leader
                + "kind: FailoverGroup\nmetadata: {name: b}\nspec: {follows: a, topics: {include: [\"b.*\"]}, 1️⃣schemas: {subjects: [\":.b:*\"]}}",
            ["1️⃣ error schemas-declared-twice"]),
        RuleCase(
            "one link for two families",
            pair(
                "schemas: {subjects: [\":.a:*\"]}, link: {names: {west-east: x}}",
                "schemas: {subjects: [\":.b:*\"]}, link: {1️⃣names: {west-east: x}}"), ["1️⃣ error link-shared"]),
        RuleCase(
            "members of one environment need no schema step",
            "kind: FailoverGroup\nmetadata: {name: a}\nspec: {primary: new, members: [new, unsaid], topics: {include: [a]}}"
        ),
        RuleCase(
            "schemas into a registry that nobody can write to",
            """
            kind: Cluster
            metadata: {name: bare}
            spec: {environment: bare-env, type: Dedicated, credentials: {apiKey: {env: K}, apiSecret: {env: S}}, linkCredentials: {apiKey: {env: K}, apiSecret: {env: S}}}
            ---
            kind: FailoverGroup
            metadata: {name: a}
            spec: {primary: west, members: [west, bare], topics: {include: [a]}, 1️⃣schemas: {subjects: ["*"]}}
            """, ["1️⃣ error link-credentials-missing", "1️⃣ error link-credentials-missing"]),
        RuleCase(
            "links that nobody can read",
            "kind: FailoverGroup\nmetadata: {name: a}\nspec: {primary: mute, members: [1️⃣mute, west], topics: {include: [a]}}",
            ["1️⃣ error link-credentials-missing", "1️⃣ warning not-managed"]),
        RuleCase(
            "a migration that has arrived: nothing reads the new primary over a link",
            "kind: FailoverGroup\nmetadata: {name: a}\nspec: {primary: mute, members: [west, 1️⃣mute], reprotect: Retire, topics: {include: [a]}}",
            ["1️⃣ warning not-managed"]),
        RuleCase(
            "links that exist and are adopted, or that are needed only after a move",
            """
            kind: FailoverGroup
            metadata: {name: a}
            spec: {primary: mute, members: [1️⃣mute, west], topics: {include: [a]}, link: {names: {mute-west: x}}}
            ---
            kind: FailoverGroup
            metadata: {name: b}
            spec: {primary: west, members: [west, 2️⃣mute], topics: {include: [b]}}
            """,
            [
                "1️⃣ warning link-credentials-missing", "1️⃣ warning not-managed", "2️⃣ warning link-credentials-missing",
                "2️⃣ warning not-managed",
            ]),
    ]

    @Test(
        "Tokens to discard name a member, an epoch and a ledger",
        arguments: [
            ("west@7-a3f1", true), ("a@b@7-a3f1", false), ("west-2@1-0", true), ("west@0-a3f1", true),
            ("@7-a3f1", false),
            ("west@7-", false), ("west@7-a3f1-b", false), ("west@-1-a3", false), ("", false),
        ])
    func tokens(text: String, isToken: Bool) {
        #expect((DiscardToken(text) != nil) == isToken)
    }
}
