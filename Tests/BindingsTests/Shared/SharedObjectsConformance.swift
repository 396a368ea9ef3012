import Execution
import Testing

/// What every service that keeps shared objects has to do.
struct SharedObjectsConformance: Sendable {
    /// A check that a server of tests cannot pass, though the service it stands for does.
    enum Gap: Sendable {
        /// Of writers at the same moment, more than one may be told that it won.
        case simultaneousWriters
    }

    /// The same objects as several machines see them; at least one.
    let machines: [any SharedObjects]
    var gaps: Set<Gap> = []

    private static let writers = 16
    private static let rounds = 4

    init(_ machines: [any SharedObjects], without gaps: Set<Gap> = []) {
        self.machines = machines
        self.gaps = gaps
    }

    /// Checks all of it. Nothing may be there before.
    func check() async throws {
        // The lock may be kept in another way than the rest.
        for name in [SharedObjectName("journal/batch-1"), .lock] {
            try await conditions(name)
            try await removal(name)
            try await proof(name)
        }
        try await contents()
        try await acknowledgedWrites()
        if !gaps.contains(.simultaneousWriters) {
            try await simultaneousWriters(SharedObjectName("ledger"))
            try await simultaneousWriters(.lock)
        }
    }

    private func machine(_ number: Int) throws -> any SharedObjects {
        try #require(machines.dropFirst(number % machines.count).first)
    }

    private func conditions(_ name: SharedObjectName) async throws {
        let (here, there) = (try machine(0), try machine(1))
        #expect(try await here.read(name) == nil, "\(name): something is there before it was written")
        let first = try #require(
            try await here.write("first".bytes, to: name, over: .absent), "\(name): not written where nothing was")
        #expect(try await there.write("again".bytes, to: name, over: .absent) == nil, "\(name): written over another")
        #expect(try await there.read(name) == SharedObject(bytes: "first".bytes, version: first))
        let second = try #require(
            try await there.write("second".bytes, to: name, over: .version(first)), "\(name): not written over itself")
        #expect(second != first)
        #expect(
            try await here.write("stale".bytes, to: name, over: .version(first)) == nil, "\(name): a newer one lost")
        #expect(try await here.read(name) == SharedObject(bytes: "second".bytes, version: second))
    }

    private func removal(_ name: SharedObjectName) async throws {
        let (here, there) = (try machine(0), try machine(1))
        let old = try #require(try await here.read(name)).version
        try await here.remove(name)
        #expect(try await there.read(name) == nil, "\(name): it is there after it was removed")
        try await there.remove(name)
        #expect(try await here.write("late".bytes, to: name, over: .version(old)) == nil, "\(name): came back")
        #expect(try await here.read(name) == nil, "\(name): came back")
        #expect(try await there.write("third".bytes, to: name, over: .absent) != nil)
    }

    private func proof(_ name: SharedObjectName) async throws {
        let object = try #require(try await machine(0).read(name))
        try await machine(1).proveConditions(on: name, holding: object)
        #expect(try await machine(0).read(name)?.bytes == object.bytes, "\(name): the proof changed it")
        try await machine(0).remove(name)
        #expect(try await machine(1).read(name) == nil)
    }

    private func contents() async throws {
        let largest = try machine(0).largestObject
        let samples: [(name: SharedObjectName, bytes: [UInt8])] = [
            (SharedObjectName("empty"), []), (SharedObjectName("every/byte"), Array(0...255)),
            (SharedObjectName("largest"), Self.noise(of: largest)),
        ]
        for (name, bytes) in samples {
            let version = try #require(try await machine(0).write(bytes, to: name, over: .absent), "\(name)")
            let seen = try #require(try await machine(1).read(name), "\(name)")
            #expect(seen.bytes.elementsEqual(bytes), "\(name): \(seen.bytes.count) of \(bytes.count) bytes")
            #expect(seen.version == version, "\(name)")
            try await machine(0).remove(name)
        }
    }

    /// Bytes that no compression makes smaller.
    private static func noise(of count: Int) -> [UInt8] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state)
        }
    }

    private func acknowledgedWrites() async throws {
        let name = SharedObjectName("counter")
        var seen = SharedObject.Seen.absent
        for number in 0..<20 {
            let bytes = "\(number)".bytes
            let version = try #require(try await machine(number).write(bytes, to: name, over: seen))
            #expect(try await machine(number + 1).read(name) == SharedObject(bytes: bytes, version: version))
            seen = .version(version)
        }
        try await machine(0).remove(name)
    }

    private func simultaneousWriters(_ name: SharedObjectName) async throws {
        var seen = SharedObject.Seen.absent
        for round in 0..<Self.rounds {
            let over = seen
            let won = try await withThrowingTaskGroup(
                of: (Int, SharedObject.Version?).self, returning: [(Int, SharedObject.Version)].self
            ) { group in
                for writer in 0..<Self.writers {
                    let machine = try machine(writer)
                    group.addTask {
                        (writer, try await machine.write("\(round) by \(writer)".bytes, to: name, over: over))
                    }
                }
                return try await group.reduce(into: []) { won, told in
                    if let version = told.1 { won.append((told.0, version)) }
                }
            }
            #expect(
                won.count == 1, "\(name), round \(round): \(won.map(\.0)) of \(Self.writers) were told that they won")
            let object = try #require(try await machine(round).read(name))
            #expect(object.bytes == won.first.map { "\(round) by \($0.0)".bytes })
            #expect(object.version == won.first?.1)
            seen = .version(object.version)
        }
        try await machine(0).remove(name)
    }
}

extension String {
    fileprivate var bytes: [UInt8] { Array(utf8) }
}
