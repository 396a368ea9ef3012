import Planning

/// Whether a group is protected, in words that stand without colour.
enum ProtectionWords {
    static func words(_ isProtected: Bool, lastKnown: String?) -> StyledText {
        guard !isProtected else { return "\("✓", .green) yes: a standby could take over what clients were promised" }
        let why = lastKnown ?? "no standby could take over all that clients were promised"
        return "\("✗", .red) \("NOT PROTECTED", .red): \(why)"
    }
}
