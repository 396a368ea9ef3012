import Domain
import Execution
import TextForms

/// Names of the objects a shared ledger consists of.
extension SharedObjectName {
    /// Whose ledger it is.
    static let identity = SharedObjectName("identity")
    /// Which snapshot is the newest.
    static let head = SharedObjectName("head")
    /// What was last observed.
    static let cache = SharedObjectName("cache")

    /// A segment of the log.
    static func segment(_ number: Int) -> SharedObjectName {
        SharedObjectName("log/\(number)")
    }

    /// A part of a snapshot.
    static func part(_ number: Int, ofSnapshot set: String) -> SharedObjectName {
        SharedObjectName("snapshot/\(set)/\(number)")
    }

    /// Readings of lag of one group.
    static func readings(ofGroup group: String) -> SharedObjectName {
        SharedObjectName("readings/\(Hexadecimal.text(Array(group.utf8)))")
    }
}

/// Random marks.
enum RandomMark {
    /// Sixteen hexadecimal digits.
    static func draw() -> String {
        Hexadecimal.text(UInt64.random(in: .min ... .max), digits: 16)
    }
}
