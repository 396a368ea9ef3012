/// Names of topics that Kafka takes for one: metrics spell `.` as `_`, so a cluster refuses a topic whose name differs
/// from another's by these only (Apache Kafka, `Topic.hasCollision`).
package enum TopicNameCollision {
    /// What colliding names have in common.
    package static func key(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.map { $0 == "." ? "_" : $0 }))
    }

    /// Whether a name can collide at all.
    package static func isPossible(_ name: String) -> Bool {
        name.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") }
    }
}
