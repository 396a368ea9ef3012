/// Version of this Spillway.
enum Version {
    /// Semantic version.
    static let current = "1.0.0"
}
