import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Servers that repeat what they are sent")
struct RepeatingServerTests {
    private static let aviary = Aviary(canaries: [
        Canary(name: "a token", secret: #"tok3A"qZ/+1&=tail"#, user: #"tok3A"qZ/+1&=tail"#),
        Canary(name: "another token", secret: "t0kB2qZ/+2&=tail", user: #"tok3A"qZ/+1&=tail"#),
        Canary(name: "secret key of AWS", secret: "aw5Cqz/+3&=tail-of-a-key"),
        Canary(name: "token of a service account", secret: "svcD4qz.eyJ.tail"),
        Canary(name: "what a login gave", secret: "i5suedE.qz-tail"),
        Canary(name: "what a store held", secret: #"h3ldF"qz/+5&=tail"#),
        Canary(name: "token in a file", secret: "f1leG6qz.eyJ.tail"),
        Canary(name: "key of everything", secret: "simulator-secret", user: "SIMULATOR", beginning: 11),
    ])

    /// How it answers a call that is no login.
    enum Manner: String, CaseIterable {
        case refusing
        case failing
        case garbled
        case redirecting
        case useful
    }

    private static func secret(_ name: String) -> String {
        aviary.canaries.first { $0.name == name }?.secret ?? ""
    }

    @Test("of tokens, passwords, keys and what they opened nothing is shown or kept", arguments: Manner.allCases)
    func repeated(manner: Manner) async throws {
        try await LocalServer.with({ number, seen in Self.answer(number, seen, manner) }) { recorder in
            try await Stage.withSites { stage in
                var stage = stage
                stage.recorder = recorder
                try await Self.write(on: &stage)
                for command in [
                    ["validate"], ["plan"], ["plan", "-o", "json"], ["plan", "-o", "markdown"],
                    ["plan", "--out", "p.plan"],
                    ["status", "-o", "json"], ["apply", "--auto-approve"], ["runs"], ["drift"],
                    ["state", "export", "--out", "ledger.json"],
                ] {
                    let outcome = try await stage.spillway.start(command + ["-v"]).outcome()
                    #expect(outcome.code != 64 && outcome.code < 128, "\(command): \(outcome.diagnostics)")
                    Self.aviary.expectNone(in: outcome.output, of: "what \(command) printed, \(manner)")
                    Self.aviary.expectNone(in: outcome.diagnostics, of: "what \(command) said, \(manner)")
                }
                for name in ["secret-a", "secret-b", "service-account"] {
                    try FileManager.default.removeItem(at: stage.folder.appendingPathComponent(name))
                }
                try Self.aviary.expectNone(below: stage.folder)
                Self.expectAsked(recorder)
            }
        }
    }

    /// All of them were sent, so that they could be repeated.
    private static func expectAsked(_ recorder: LocalServer) {
        let all = recorder.seen.map { seen in
            "\(seen.target) \(seen.headers.values.joined(separator: " ")) \(seen.body)".removingPercentEncoding ?? ""
        }.joined(separator: "\n")
        for name in ["a token", "another token", "token in a file"] {
            let spellings = aviary.canaries.first { $0.name == name }?.spellings.prefix(3).map(\.text) ?? []
            #expect(spellings.contains { all.contains($0) }, "\(name) was not sent")
        }
    }

    private static func write(on stage: inout Stage) async throws {
        let chapter = FieldChapters.connections
        stage.spillway.environment.merge(chapter.environment) { $1 }
        stage.spillway.environment.merge([
            "TOKEN_A": secret("a token"), "TOKEN_B": secret("another token"),
            "AWS_SECRET_ACCESS_KEY": secret("secret key of AWS"),
        ]) { $1 }
        var documents = Documents(try await chapter.documents(stage))
        for entry in chapter.entries { try documents.take(entry.set, of: entry) }
        for place in ["consul.token", "etcd.password"] {
            let (connection, field) = (String(place.split(separator: ".")[0]), String(place.split(separator: ".")[1]))
            try documents.write(
                ["env": "TOKEN_B"], to: "spec.\(connection).\(field)", of: "Connection/\(connection)")
        }
        try documents.write(["file": "secret-a"], to: "spec.vault.jwt.token", of: "Connection/jwt")
        let text = try documents.manifests.replacingOccurrences(of: "<recorder>", with: stage.recorder?.url ?? "")
        let files = [
            ("manifests/fields.yaml", text), ("secret-a", secret("token in a file") + "\n"), ("secret-b", "b\n"),
            ("service-account", secret("token of a service account")),
        ]
        for (name, text) in files {
            try text.write(to: stage.folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
    }

    // MARK: The server

    private static func answer(_ number: Int, _ seen: LocalServer.Seen, _ manner: Manner) -> LocalServer.Answer? {
        let isLogin = ["/login", "/auth/authenticate"].contains { seen.target.hasSuffix($0) }
        let useful = FieldChapters.answer(number, seen).map { answer in
            let body = String(decoding: answer.bytes, as: UTF8.self)
                .replacing("issued", with: secret("what a login gave"))
                .replacing("value-1", with: secret("what a store held").replacing("\"", with: "\\\\\\\""))
            return LocalServer.Answer(status: answer.status, headers: answer.headers, body: body)
        }
        // Logins succeed at every second time, so that both are seen.
        if manner == .useful || isLogin && number % 2 == 0 { return useful }
        let heard = seen.headers.sorted { $0.key < $1.key }.map(\.value).joined(separator: " ")
        let told = "marker: \(seen.target) \(heard) \(seen.body)"
        let words = "\(told) \(aviary.chatter(of: aviary.sung(in: told)))"
        let quoted = (try? JSONEncoder().encode(words)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
        let plain = words.replacing(/[^ -~]/, with: " ")
        return switch manner {
        case .refusing:
            .json(
                #"{"error_code": 40301, "message": \#(quoted), "errors": [\#(quoted)], "error": \#(quoted), "#
                    + #""error_description": \#(quoted), "__type": \#(quoted), "Message": \#(quoted)}"#,
                status: 403)
        case .failing: .html("<html><body>\(words)</body></html>", status: 400)
        case .garbled: .json(words)
        case .redirecting:
            .json("{}", status: 302, headers: ["location": "http://127.0.0.1:1/\(plain.replacing(" ", with: "-"))"])
        case .useful: useful
        }
    }
}
