/// Version of this Spillway.
package enum Version {
    /// Semantic version.
    package static let current = "1.0.0"
}
