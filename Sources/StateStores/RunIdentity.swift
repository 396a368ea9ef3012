public import Domain
import Foundation

/// Names of runs and of the machine they run on.
public enum RunIdentity {
    /// A new run id, sortable by time: `20261123T220612Z-4f2a`.
    public static func newID(at time: Timestamp) -> String {
        let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)
        let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
        let suffix = String(UInt16.random(in: .min ... .max), radix: 16)
        return "\(date.formatted(style))-\(String(repeating: "0", count: 4 - suffix.count))\(suffix)"
    }

    /// Name of this machine, as the kernel knows it.
    public static var host: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown" }
        return withUnsafeBytes(of: &name.nodename) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// Id of this process.
    public static var process: Int32 { getpid() }
}
