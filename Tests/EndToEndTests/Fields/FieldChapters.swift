/// All that is shown, and where.
enum FieldChapters {
    static let all: [FieldChapter] = [
        topics, links, exporters, sites, selfManaged, groups, bindings, hooks, connections, workspace,
    ]

    /// Fields that are shown by tests with a story of their own.
    static let tests: [FieldTest] =
        [
            FieldTest(
                DepartureTests.deletionPolicies, shows: "Topic spec.deletionPolicy", "ClusterLink spec.deletionPolicy",
                "SchemaLink spec.deletionPolicy", "Environment spec.deletionPolicy", "Cluster spec.deletionPolicy"),
            FieldTest(DepartureTests.protect, shows: "Header metadata.protect"),
            FieldTest(StatusTests.selected, shows: "Header metadata.labels"),
            FieldTest(WorkspaceFieldTests.lists, shows: "List defaults", "List items"),
            FieldTest(
                WorkspaceFieldTests.stores, shows: "Workspace spec.state.etcd.connection",
                "Workspace spec.state.etcd.prefix", "Workspace spec.state.s3.connection",
                "Workspace spec.state.s3.bucket", "Workspace spec.state.s3.key", "Workspace spec.state.s3.region",
                "Workspace spec.state.s3.pathStyle", "Workspace spec.state.s3.encryption",
                "Workspace spec.state.s3.kmsKeyId", "Workspace spec.state.kubernetes.connection",
                "Workspace spec.state.kubernetes.namespace", "Workspace spec.state.kubernetes.prefix"),
            FieldTest(SignedPlanTests.signed, shows: "Workspace spec.planKey"),
            FieldTest(LifecycleTests.leaving, shows: "Workspace spec.policy.maxDeletions"),
            FieldTest(
                WorkspaceFieldTests.timeouts, shows: "Workspace spec.timeouts.provision",
                "Workspace spec.timeouts.request"),
            FieldTest(WorkspaceFieldTests.restart, shows: "Workspace spec.timeouts.restart"),
            FieldTest(BoundFieldTests.wave, shows: "Workspace spec.policy.wave"),
            FieldTest(BoundFieldTests.reprotect, shows: "Workspace spec.timeouts.reprotect"),
            FieldTest(BoundFieldTests.connect, shows: "Workspace spec.timeouts.connect"),
            FieldTest(BoundFieldTests.hookCertificates, shows: "RestartHook http.tls"),
            FieldTest(
                ReachFieldTests.authorities, shows: "Connection spec.confluentCloud.tls", "Connection spec.aws.tls"),
            FieldTest(
                ReachFieldTests.plainHTTP, shows: "Connection spec.confluentCloud.allowInsecure",
                "Connection spec.consul.allowInsecure", "Connection spec.vault.allowInsecure",
                "Connection spec.aws.allowInsecure", "Connection spec.etcd.allowInsecure",
                "Environment spec.schemaRegistry.allowInsecure", "Cluster spec.allowInsecure",
                "RestartHook http.allowInsecure"),
            FieldTest(ReachTests.blackHole, shows: "Workspace spec.timeouts.unreachableAfter"),
            FieldTest(SwitchoverTests.aborted, shows: "Workspace spec.timeouts.drain"),
            FieldTest(HardCasesTests.stuckTopic, shows: "Workspace spec.timeouts.transition"),
            FieldTest(
                in: "TransportTests/LimiterStateTests.swift", "inFlight",
                shows: "Workspace spec.concurrency.perEndpoint"),
        ] + moves + signIns + otherStores

    private static let moves = [
        FieldTest(SwitchoverTests.thereAndBack, shows: "FailoverGroup spec.primary"),
        FieldTest(MoreMembersTests.follows, shows: "FailoverGroup spec.follows"),
        FieldTest(
            FailoverTests.takeOver, shows: "FailoverGroup spec.failover.from", "FailoverGroup spec.failover.incident"),
        FieldTest(FailoverTests.byHand, shows: "FailoverGroup spec.failover.overrides"),
        FieldTest(FailoverTests.failForward, shows: "FailoverGroup spec.discard", "FailoverGroup spec.reprotect"),
        FieldTest(FailoverTests.restore, shows: "FailoverGroup spec.reprotect"),
        FieldTest(MigrationTests.retire, shows: "FailoverGroup spec.reprotect"),
        FieldTest(
            MoveFieldTests.set, shows: "FailoverGroup spec.canary", "FailoverGroup spec.fence.denyWrites",
            "FailoverGroup spec.fence.quiet", "FailoverGroup spec.fence.registry", "FailoverGroup spec.reprotect"),
        FieldTest(
            MoveFieldTests.changed, shows: "FailoverGroup spec.canary", "FailoverGroup spec.fence.denyWrites",
            "FailoverGroup spec.fence.quiet", "FailoverGroup spec.fence.registry", "Workspace spec.policy.quietPeriod"),
        FieldTest(
            DrillTests.missed, shows: "FailoverGroup spec.objectives.rpo.records", "FailoverGroup spec.objectives.rto"),
        FieldTest(StatusTests.readings, shows: "FailoverGroup spec.objectives.rpo.age"),
    ]

    private static let signIns = [
        FieldTest(
            SignInFieldTests.linkCredentials, shows: "Cluster spec.linkCredentials",
            "Environment spec.schemaRegistry.linkCredentials", "Credentials apiKey", "Credentials apiSecret"),
        FieldTest(
            SignInFieldTests.ownCredentials, shows: "Environment spec.schemaRegistry.credentials",
            "Connection spec.confluentCloud.apiKey", "Connection spec.confluentCloud.apiSecret",
            "Connection spec.confluentCloud.organization", "Connection spec.confluentCloud.endpoint"),
        FieldTest(
            in: "PlanningTests/Examples/IdentityExamples.swift", "accessPoint", shows: "Cluster spec.accessPoint",
            "Cluster spec.clientAccessPoint"),
        FieldTest(
            in: "ConfluentTests/Performing/LinkConnectionTests.swift", "certificate", shows: "Credentials tls"),
        FieldTest(in: "TransportTests/TLSTests.swift", "untrusted", shows: "Tls ca"),
        FieldTest(in: "TransportTests/TLSTests.swift", "words", shows: "Tls serverName"),
        FieldTest(
            in: "BindingsTests/Stores/EtcdStoreTests.swift", "clientCertificate", shows: "Tls certificate", "Tls key"),
    ]

    private static let otherStores = [
        FieldTest(EtcdTests.published, shows: "PublishTarget etcd.connection", "PublishTarget etcd.key"),
        FieldTest(
            AWSClientTests.published, shows: "PublishTarget awsParameterStore.connection",
            "PublishTarget awsParameterStore.path", "PublishTarget awsSecretsManager.connection",
            "PublishTarget awsSecretsManager.name", "Connection spec.aws.endpoint"),
        FieldTest(
            in: "BindingsTests/AWS/AWSStoreTests.swift", "conformance",
            shows: "PublishTarget awsParameterStore.contents",
            "PublishTarget awsSecretsManager.contents"),
        FieldTest(
            in: "BindingsTests/AWS/AWSStoreTests.swift", "references", shows: "SecretRef awsSecretsManager.connection",
            "SecretRef awsSecretsManager.field"),
        FieldTest(
            KubernetesClientTests.publishing, shows: "PublishTarget kubernetes.connection",
            "PublishTarget kubernetes.namespace", "PublishTarget kubernetes.configMap",
            "PublishTarget kubernetes.secret",
            "RestartHook kubernetes.connection", "RestartHook kubernetes.namespace",
            "RestartHook kubernetes.deployment",
            "RestartHook kubernetes.replicas", "Connection spec.kubernetes.kubeconfig",
            "Connection spec.kubernetes.context"),
        FieldTest(
            in: "BindingsTests/KubernetesRestartTests.swift", "restarts", shows: "RestartHook kubernetes.statefulSet",
            "RestartHook kubernetes.daemonSet"),
        FieldTest(in: "BindingsTests/KubernetesRestartTests.swift", "wakes", shows: "RestartHook kubernetes.replicas"),
        FieldTest(
            in: "BindingsTests/Stores/KubernetesStoreTests.swift", "references",
            shows: "SecretRef kubernetes.connection",
            "SecretRef kubernetes.namespace", "SecretRef kubernetes.secret", "SecretRef kubernetes.key"),
        FieldTest(
            in: "BindingsTests/Stores/KubernetesStoreTests.swift", "inCluster",
            shows: "Connection spec.kubernetes.inCluster"),
        FieldTest(in: "BindingsTests/KubeconfigTests.swift", "plugin", shows: "Connection spec.kubernetes.allowExec"),
        FieldTest(
            in: "BindingsTests/Stores/KubernetesStoreTests.swift", "foreignManager",
            shows: "Connection spec.kubernetes.fieldManager"),
        FieldTest(in: "BindingsTests/Stores/ConsulStoreTests.swift", "tls", shows: "Connection spec.consul.tls"),
        FieldTest(in: "BindingsTests/Stores/VaultStoreTests.swift", "tls", shows: "Connection spec.vault.tls"),
        FieldTest(in: "BindingsTests/Stores/EtcdStoreTests.swift", "tls", shows: "Connection spec.etcd.tls"),
        FieldTest(HookTests.retried, shows: "ClientBinding spec.restart"),
        FieldTest(HookTests.limits, shows: "RestartHook timeout"),
        FieldTest(in: "BindingsTests/HookTests.swift", "expected", shows: "RestartHook http.expectStatus"),
        FieldTest(in: "BindingsTests/HookTests.swift", "unexpected", shows: "RestartHook http.expectStatus"),
    ]
}
