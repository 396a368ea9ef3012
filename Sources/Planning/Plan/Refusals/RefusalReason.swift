/// Why something is refused, by what it is about, with the facts that people are told. It holds no sentence: Rendering makes of
/// it what is refused, and the way out.
package enum RefusalReason: Hashable, Sendable {
    case identity(IdentityReason)
    case site(SiteReason)
    case topic(TopicReason)
    case link(LinkReason)
    case mirrors(MirrorReason)
    case registry(RegistryReason)
    case binding(BindingReason)
    case deletion(DeletionReason)
    case family(FamilyReason)
    case move(MoveReason, of: RefusedMove)
    /// In the words of the plan that was read from a file, which keeps nothing else of it.
    case told(String, way: String)
}
