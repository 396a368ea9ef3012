package import Domain
import Foundation
import TextForms

/// Names of runs and of the machine they run on.
package enum RunIdentity {
    /// A new run id, sortable by time: `20261123T220612Z-4f2a`.
    package static func newID(at time: Timestamp) -> String {
        let moment = time.rfc3339InSeconds.filter { $0 != "-" && $0 != ":" }
        return "\(moment)-\(Hexadecimal.text(UInt16.random(in: .min ... .max), digits: 4))"
    }

    /// Name of this machine, as the kernel knows it.
    package static var host: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown" }
        return withUnsafeBytes(of: &name.nodename) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// Id of this process.
    package static var process: Int32 { getpid() }
}
