import Foundation
import FuzzEntries

/// The entry that `SPILLWAY_FUZZ_TARGET` names.
private let entry = ProcessInfo.processInfo.environment["SPILLWAY_FUZZ_TARGET"].flatMap(FuzzEntry.init)

/// What libFuzzer calls, again and again. Ending the process is how it is told of a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOnce(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let entry else {
        fatalError("SPILLWAY_FUZZ_TARGET is none of \(FuzzEntry.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    if let broken = entry.broken(by: Array(UnsafeBufferPointer(start: bytes, count: count))) { fatalError(broken) }
    return 0
}
