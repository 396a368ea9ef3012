import ArgumentParser
import Domain
import Foundation
import Planning
import Rendering
import Session
import Testing

@testable import Commands

@Suite("The command line")
struct CommandLineTests {
    @Test("a saved plan takes no planning flag")
    func savedPlan() {
        #expect(throws: (any Error).self) {
            _ = try SpillwayCommand.parseAsRoot(["apply", "plan.json", "--adopt-only"])
        }
    }

    @Test(
        "flags of a move that say nothing, or two things, are refused",
        arguments: [
            ["--failover", "payments=east", "--incident", ""], ["--failover", "payments=east", "--incident", " "],
            ["--failover", "payments=east", "payments=west", "--incident", "INC-1"], ["--adopt-diverged", "west@-1"],
            ["--adopt-diverged", "west"],
        ])
    func consents(flags: [String]) throws {
        for command in ["plan", "apply"] {
            #expect(throws: (any Error).self) { _ = try SpillwayCommand.parseAsRoot([command] + flags) }
        }
        _ = try SpillwayCommand.parseAsRoot(["plan", "--failover", "payments=east", "--incident", "INC-1"])
        _ = try SpillwayCommand.parseAsRoot(["plan", "--adopt-diverged", "west@1"])
    }

    @Test("--file is given once")
    func file() {
        #expect(throws: (any Error).self) { _ = try SpillwayCommand.parseAsRoot(["plan", "-f", "a", "-f", "b"]) }
    }

    @Test("every command that takes a workspace tells what it prints how it was called")
    func invocations() {
        var all: [any ParsableCommand.Type] = [SpillwayCommand.self]
        var index = 0
        while index < all.count {
            all += all[index].configuration.subcommands
            index += 1
        }
        let taking = all.filter { $0.helpMessage().contains("--file") && $0.configuration.subcommands.isEmpty }
        #expect(taking.count >= 15)
        #expect(taking.filter { !($0 is any WorkspaceCommand.Type) }.map { "\($0)" } == [])
    }

    @Test("-f and --state are kept as they were typed")
    func invocation() throws {
        func invocation(_ arguments: String...) throws -> Invocation? {
            (try SpillwayCommand.parseAsRoot(arguments) as? any WorkspaceCommand)?.global.invocation
        }
        #expect(try invocation("plan") == .bare)
        #expect(
            try invocation("apply", "-f", "../a b", "--state", "sqlite:x.db")
                == Invocation(file: "../a b", state: .store("sqlite:x.db")))
        #expect(try invocation("status", "--state", "copy.json") == Invocation(state: .copy("copy.json")))
    }

    @Test("several targets and labels are read", arguments: [["--target", "topic/west/a", "link/east/b"]])
    func targets(_ arguments: [String]) throws {
        let command = try #require(
            try SpillwayCommand.parseAsRoot(["plan"] + arguments + ["-l", "team=x,tier=1"]) as? PlanCommand)
        #expect(command.flags.options.targets.map(\.description) == ["topic/west/a", "link/east/b"])
        #expect(command.flags.options.selector == ["team": "x", "tier": "1"])
    }

    @Test(
        "a flag that says two things is a wrong command line",
        arguments: [
            ["plan", "--failover", "g=east", "--incident", "A", "--incident", "B"],
            ["apply", "--confirm-primary", "g=west", "--confirm-primary", "g=east"],
            ["plan", "-l", "team=a", "-l", "team=b"], ["status", "-l", "team=a", "-l", "team=b"],
        ])
    func contradictions(_ arguments: [String]) async {
        #expect(await quietly(arguments) == 64)
    }

    @Test("labels of several selectors count together")
    func selectors() throws {
        let command = try SpillwayCommand.parseAsRoot(["plan", "-l", "team=a", "-l", "tier=1", "-l", "team=a"])
        #expect((command as? PlanCommand)?.flags.options.selector == ["team": "a", "tier": "1"])
    }

    @Test("durations of flags are those of manifests")
    func durations() {
        #expect(LockTimeout(argument: "10m")?.duration == .seconds(600))
        #expect(LockTimeout(argument: "ten") == nil)
    }

    @Test(
        "help of a command that does not exist is a usage error, help of one that exists is help",
        arguments: [
            (["fmt", "--help"], 64), (["help", "fmt"], 64), (["runs", "fmt", "--help"], 64), (["pla", "-h"], 64),
            (["--help"], 0), (["plan", "--help"], 0), (["help", "plan"], 0), (["runs", "show", "--help"], 0),
            (["help", "runs", "show"], 0), (["help"], 0), (["--version"], 0),
        ] as [([String], Int32)])
    func help(_ arguments: [String], _ code: Int32) async {
        #expect(await quietly(arguments) == code)
    }

    @Test("output that does not arrive is an error of a command that only tells something")
    func lostOutput() async throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        #expect(await quietly(["explain", "Topic"], output: Console(full)) == 1)
        #expect(await quietly(["explain", "Topic"]) == 0)
    }

    private func quietly(_ arguments: [String], output: Console = Console(.nullDevice)) async -> Int32 {
        let context = CommandContext(
            environment: [:], currentFolder: "/", output: output, diagnostics: Console(.nullDevice))
        return await CommandContext.$current.withValue(context) { await SpillwayMain.run(arguments) }
    }
}
