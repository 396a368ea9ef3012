import Foundation

/// How much longer than in a normal run the properties are tried: `SPILLWAY_TEST_SCALE=10` makes ten times the cases
/// (`make test-long`).
enum Scale {
    static let factor = ProcessInfo.processInfo.environment["SPILLWAY_TEST_SCALE"].flatMap { UInt64($0) } ?? 1

    /// The seeds of one part of a test: the same at scale 1, and further ones behind them at others.
    static func seeds(_ seeds: Range<UInt64>) -> [UInt64] {
        (0..<factor).flatMap { round in seeds.map { $0 + round * 1_000_000 } }
    }
}
