import Foundation
import TestSupport
import Testing

@Suite("How commands end, for pipelines, pipes and files")
struct CommandLineEndTests {
    @Test("events always end with the exit code: nothing to do, refused, stale")
    func events() async throws {
        try await Desk.withPayments { desk in
            func ended(_ arguments: [String]) async throws -> Int32 {
                let outcome = try await desk.run(["apply", "-o", "json"] + arguments)
                let events = try outcome.output.split(separator: "\n").map { try JSONValue(parsing: $0) }
                let last = try #require(events.last, "\(outcome.diagnostics)")
                #expect(last["exitCode"].int == Int(outcome.code), "\(last)")
                return outcome.code
            }
            #expect(try await ended(["--auto-approve"]) == 0)
            try desk.edit { $0.set("Topic payments.a", "configs", "{retention.ms: 1d}") }
            #expect(try await desk.run(["plan", "--out", "plan.json"]).code == 0)
            try desk.edit { $0.set("Topic payments.a", "configs", "{retention.ms: 2d}") }
            #expect(try await ended(["--auto-approve"]) == 0)
            #expect(try await ended(["plan.json"]) == 5)
            try desk.edit { $0.set("Topic payments.a", "partitions", "1") }
            #expect(try await ended(["--auto-approve"]) == 4)
        }
    }

    @Test("a saved plan is its owner's, goes through a link and into a pipe, and replaces neither")
    func savedPlans() async throws {
        try await Desk.with([], []) { desk in
            let folder = desk.stage.folder
            func attributes(_ name: String) throws -> [FileAttributeKey: Any] {
                try FileManager.default.attributesOfItem(atPath: folder.appendingPathComponent(name).path)
            }
            #expect(try await desk.run(["plan", "--out", "plan.json"]).code == 0)
            #expect(try attributes("plan.json")[.posixPermissions] as? Int == 0o600)

            let target = folder.appendingPathComponent("target.json")
            try "old".write(to: target, atomically: true, encoding: .utf8)
            try FileManager.default.createSymbolicLink(
                atPath: folder.appendingPathComponent("link.json").path, withDestinationPath: "target.json")
            let linked = try await desk.run(["plan", "--out", "link.json"])
            #expect(try attributes("link.json")[.type] as? FileAttributeType == .typeSymbolicLink)
            let written = try String(contentsOf: target, encoding: .utf8)
            #expect(linked.code == 0 ? written.contains("\"formatVersion\"") : written == "old")

            let pipe = folder.appendingPathComponent("pipe").path
            try #require(mkfifo(pipe, 0o600) == 0)
            // Open for reading and writing, so that whoever opens it after that does not wait.
            let descriptor = open(pipe, O_RDWR | O_NONBLOCK)
            defer { close(descriptor) }
            let piped = try await desk.run(["plan", "--out", "pipe"])
            var status = stat()
            #expect(lstat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(descriptor, &bytes, bytes.count)
            #expect(piped.code != 0 || String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).contains("digest"))
        }
    }

    @Test("from another folder, the commands that are printed name the workspace, and a saved plan does not")
    func elsewhere() async throws {
        try await Desk.withPayments { desk in
            let folder = desk.stage.folder
            let elsewhere = folder.appendingPathComponent("else where")
            try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
            var spillway = desk.stage.spillway
            spillway = Spillway(folder: elsewhere, environment: spillway.environment)
            try desk.edit { $0.set("Topic payments.a", "partitions", "1") }
            let refused = try await spillway("apply", "-f", "../", "--auto-approve")
            #expect(refused.code == 4)
            let printed = try #require(refused.output.firstMatch(of: /Next: spillway (plan -f [^\s,]+)/)?.output.1)
            #expect(printed == "plan -f ../")
            let planned = try await spillway.start(printed.split(separator: " ").map(String.init)).outcome()
            #expect(planned.code == 4)
            try desk.edit { $0.set("Topic payments.a", "partitions", "6") }
            _ = try await spillway("plan", "-f", folder.path, "--out", "plan.json")
            let saved = try String(contentsOf: elsewhere.appendingPathComponent("plan.json"), encoding: .utf8)
            #expect(!saved.contains(folder.path))
        }
    }

    @Test("an apply whose output nobody reads does its work; a command that only tells something fails")
    func closedPipes() async throws {
        try await Desk.with(["west"], [.topic("orders", ["cluster": "west"])]) { desk in
            func unread(_ arguments: [String]) async throws -> Int32 {
                let process = Process()
                let pipe = Pipe()
                process.executableURL = Spillway.binary
                process.arguments = arguments
                process.currentDirectoryURL = desk.stage.folder
                process.environment = desk.stage.spillway.environment
                process.standardInput = FileHandle.nullDevice
                process.standardError = FileHandle.nullDevice
                process.standardOutput = pipe
                try pipe.fileHandleForReading.close()
                let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
                process.terminationHandler = { _ in continuation.finish() }
                try process.run()
                for await _ in ended {}
                #expect(process.terminationReason == .exit)
                return process.terminationStatus
            }
            _ = try await unread(["apply", "--auto-approve"])
            #expect(try await desk.stage.kafka("west", "GET", "/topics")["data"].array.count == 1)
            #expect(try await desk.run(["plan", "--detailed-exitcode"]).code == 0)
            for arguments in [["plan", "-o", "json"], ["status"]] {
                #expect(try await unread(arguments) != 0, "\(arguments)")
            }
        }
    }
}
