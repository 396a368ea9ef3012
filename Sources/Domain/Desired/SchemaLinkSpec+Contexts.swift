extension SchemaLinkSpec {
    /// The contexts at the destination that this link fills, as far as the manifests tell: AUTO names its context
    /// after the source registry's id, which only the live system knows.
    package var destinationContexts: [RegistryContext] {
        switch contextType {
        case .none: RegistryContext.reached(bySubjects: settings.subjects) ?? [.standard]
        case .custom: context.map { [RegistryContext($0)] } ?? []
        case .auto: []
        }
    }
}
