/// What happens to a live object, or to Spillway itself, when a field is set, changed and removed.
///
/// One line for each field: where it stands | set | changed | removed. The words in front decide:
/// *sent* it is written to a live system; *read* Spillway itself works by it, and the next run by the new value;
/// *found* a live object is found by it; *refused* nothing is done, and the plan or the validation says what to do;
/// *published* it is in what clients read; *recorded* the ledger keeps it; *moves* a move is planned; *left* what is live
/// stays as it is and is no longer looked at; *removed* what was made is taken back; *default* the default takes its place.
enum FieldFates {
    static let table = """
        Header apiVersion | read | refused | refused
        Header kind | read | refused | refused
        Header metadata.name | found | found: a renamed manifest means the same object | refused
        Header metadata.labels | read | read | default
        Header metadata.protect | recorded as a change | recorded as a change | recorded as a change
        Workspace spec.requiredVersion | read | read | default
        Workspace spec.bases | read | read | default
        Workspace spec.manifests | read | read | default
        Workspace spec.patches | read | read | default
        Workspace spec.state.sqlite.path | read | read: another ledger | default
        Workspace spec.state.etcd.connection | read | read: another ledger | default
        Workspace spec.state.etcd.prefix | read | read: another ledger | default
        Workspace spec.state.s3.connection | read | read: another ledger | default
        Workspace spec.state.s3.bucket | read | read: another ledger | default
        Workspace spec.state.s3.key | read | read: another ledger | default
        Workspace spec.state.s3.region | read | read: another ledger | default
        Workspace spec.state.s3.pathStyle | read | read: another ledger | default
        Workspace spec.state.s3.encryption | read | read: another ledger | default
        Workspace spec.state.s3.kmsKeyId | read | read: another ledger | default
        Workspace spec.state.kubernetes.connection | read | read: another ledger | default
        Workspace spec.state.kubernetes.namespace | read | read: another ledger | default
        Workspace spec.state.kubernetes.prefix | read | read: another ledger | default
        Workspace spec.state.snapshot | read | read | default
        Workspace spec.state.fingerprintKey | read | refused | refused
        Workspace spec.planKey | read | read | default
        Workspace spec.policy.maxDeletions | read | read | default
        Workspace spec.policy.minReplicationFactor | read | read | default
        Workspace spec.policy.minInSyncReplicas | read | read | default
        Workspace spec.policy.wave | read | read | default
        Workspace spec.policy.quietPeriod | read | read | default
        Workspace spec.policy.allowCommands | read | read | default
        Workspace spec.timeouts.connect | read | read | default
        Workspace spec.timeouts.request | read | read | default
        Workspace spec.timeouts.unreachableAfter | read | read | default
        Workspace spec.timeouts.drain | read | read | default
        Workspace spec.timeouts.transition | read | read | default
        Workspace spec.timeouts.reprotect | read | read | default
        Workspace spec.timeouts.provision | read | read | default
        Workspace spec.timeouts.restart | read | read | default
        Workspace spec.concurrency.perEndpoint | read | read | default
        Connection spec.confluentCloud.endpoint | read | read | default
        Connection spec.confluentCloud.organization | read: another one is refused | read | default
        Connection spec.confluentCloud.apiKey | read | read | refused
        Connection spec.confluentCloud.apiSecret | read | read | refused
        Connection spec.confluentCloud.tls | read | read | default
        Connection spec.confluentCloud.allowInsecure | read | read | default
        Connection spec.consul.endpoint | read | read | refused
        Connection spec.consul.token | read | read | default
        Connection spec.consul.datacenter | read | read | default
        Connection spec.consul.namespace | read | read | default
        Connection spec.consul.tls | read | read | default
        Connection spec.consul.allowInsecure | read | read | default
        Connection spec.vault.endpoint | read | read | refused
        Connection spec.vault.namespace | read | read | default
        Connection spec.vault.token | read | read | refused
        Connection spec.vault.jwt.role | read | read | refused
        Connection spec.vault.jwt.mount | read | read | default
        Connection spec.vault.jwt.token | read | read | refused
        Connection spec.vault.appRole.roleId | read | read | refused
        Connection spec.vault.appRole.secretId | read | read | refused
        Connection spec.vault.appRole.mount | read | read | default
        Connection spec.vault.kubernetes.role | read | read | refused
        Connection spec.vault.kubernetes.mount | read | read | default
        Connection spec.vault.tls | read | read | default
        Connection spec.vault.allowInsecure | read | read | default
        Connection spec.kubernetes.kubeconfig | read | read | default
        Connection spec.kubernetes.context | read | read | default
        Connection spec.kubernetes.inCluster | read | read | default
        Connection spec.kubernetes.allowExec | read | read | default
        Connection spec.kubernetes.fieldManager | sent | sent | default
        Connection spec.aws.region | read | read | default
        Connection spec.aws.endpoint | read | read | default
        Connection spec.aws.roleArn | read | read | default
        Connection spec.aws.tls | read | read | default
        Connection spec.aws.allowInsecure | read | read | default
        Connection spec.etcd.endpoints | read | read | refused
        Connection spec.etcd.username | read | read | default
        Connection spec.etcd.password | read | read | default
        Connection spec.etcd.tls | read | read | default
        Connection spec.etcd.allowInsecure | read | read | default
        Environment spec.connection | found | found: another control plane that lists another environment refuses it by id | left
        Environment spec.id | found | found: another live object, which owns nothing of the old one's | found
        Environment spec.displayName | sent when managed, else found | sent when managed, else found | default
        Environment spec.managementPolicy | read | left, when it becomes Observe | default
        Environment spec.streamGovernance.package | sent | sent; refused when it shrinks | left
        Environment spec.schemaRegistry.endpoint | read | read | default
        Environment spec.schemaRegistry.allowInsecure | read | read | default
        Environment spec.schemaRegistry.credentials | read | read | left
        Environment spec.schemaRegistry.linkCredentials | sent with exporters | sent with exporters | refused where an exporter needs them
        Environment spec.schemaRegistry.compatibility | sent | sent | left
        Environment spec.deletionPolicy | recorded as a change | recorded as a change | recorded as a change
        Cluster spec.environment | found | refused: the id is not in it, or another cluster | refused
        Cluster spec.id | found | found: another live object, which owns nothing of the old one's | found
        Cluster spec.displayName | sent when managed, else found | sent when managed, else found | default
        Cluster spec.managementPolicy | read | left, when it becomes Observe | default
        Cluster spec.type | sent when created | refused, but for Basic to Standard | refused
        Cluster spec.version | read | read | default
        Cluster spec.cloud | sent when created | refused | left, refused with Manage
        Cluster spec.region | sent when created | refused | left, refused with Manage
        Cluster spec.availability | sent when created | refused | left, refused with Manage
        Cluster spec.cku | sent | sent | refused where it is needed
        Cluster spec.maxEcku | sent | sent | left
        Cluster spec.network | sent when created | refused | left
        Cluster spec.byok | sent when created | refused | left
        Cluster spec.deletionProtection | sent | sent | left
        Cluster spec.accessPoint | read; refused when there is none of that name | read, and sent to links | default
        Cluster spec.clientAccessPoint | published; refused when there is none of that name | published | published: the accessPoint
        Cluster spec.restEndpoint | read | read | default
        Cluster spec.allowInsecure | read | read | default
        Cluster spec.bootstrapServers | published, and sent to links | published, and sent to links | default
        Cluster spec.credentials | read | read | refused where something is managed there
        Cluster spec.linkCredentials | sent with links | sent with links | refused where a link needs them
        Cluster spec.deletionPolicy | recorded as a change | recorded as a change | recorded as a change
        Topic spec.cluster | found | refused | refused
        Topic spec.failoverGroup | found | refused, unless the topic stays where it is | refused
        Topic spec.topicName | found | refused | refused, unless the manifest has that name
        Topic spec.partitions | sent | sent; refused when it shrinks | left
        Topic spec.replicationFactor | sent when created | refused | left
        Topic spec.configs | sent | sent | sent: reset
        Topic spec.deletionPolicy | recorded as a change | recorded as a change | recorded as a change
        ClusterLink spec.source | sent when created | refused | refused
        ClusterLink spec.destination | sent when created | refused | refused
        ClusterLink spec.prefix | sent when created | refused | refused
        ClusterLink spec.mirrorTopics | sent: mirrors | sent: mirrors; those that leave are released | left: released
        ClusterLink spec.reverseMirrorTopics | sent: mirrors | sent: mirrors; those that leave are released | left: released
        ClusterLink spec.deletionPolicy | recorded as a change | recorded as a change | recorded as a change
        SchemaLink spec.source | sent when created | refused | refused
        SchemaLink spec.destination | sent when created | refused | refused
        SchemaLink spec.contextType | sent when created | refused | refused
        SchemaLink spec.context | sent when created | refused | refused
        SchemaLink spec.destinationMode | sent | sent, or left when it becomes Unmanaged | default
        SchemaLink spec.deletionPolicy | recorded as a change | recorded as a change | recorded as a change
        FailoverGroup spec.primary | found | moves | refused, unless it follows another
        FailoverGroup spec.follows | read | moves, when the other is elsewhere | refused, unless it has a primary
        FailoverGroup spec.members | sent: links and mirrors | sent: links and mirrors; what leaves is detached | refused
        FailoverGroup spec.failover.from | read | read | default
        FailoverGroup spec.failover.incident | recorded with the epoch | recorded with the epoch | default
        FailoverGroup spec.failover.overrides | recorded with the epoch | recorded with the epoch | default
        FailoverGroup spec.discard | recorded when used | recorded when used | default
        FailoverGroup spec.reprotect | read | read | default
        FailoverGroup spec.topics | sent: mirrors | sent: mirrors; those that leave are released | left: released
        FailoverGroup spec.link | sent | sent | default
        FailoverGroup spec.schemas | sent: exporter and modes | sent | left: released
        FailoverGroup spec.fence.denyWrites | sent by a move | sent by a move | default
        FailoverGroup spec.fence.quiet | read by a move | read by a move | default
        FailoverGroup spec.fence.registry | sent by a move | sent by a move | default
        FailoverGroup spec.objectives.rpo.records | read | read | default
        FailoverGroup spec.objectives.rpo.age | read | read | default
        FailoverGroup spec.objectives.rto | read | read | default
        FailoverGroup spec.canary | sent by a move | sent by a move | default
        ClientBinding spec.failoverGroup | published | published | refused, unless it has a cluster
        ClientBinding spec.cluster | published | published | refused, unless it has a group
        ClientBinding spec.uses | read | read | default
        ClientBinding spec.credentials | published | published | refused where a reference needs them
        ClientBinding spec.properties | published | published | removed from the stores
        ClientBinding spec.secrets | published | published | removed from the stores
        ClientBinding spec.publish | published | published; removed where it was | refused
        ClientBinding spec.restart | sent after publishing | sent after publishing | default
        List defaults | read | read | default
        List items | read | read | refused
        SecretRef env | read | read | refused
        SecretRef file | read | read | refused
        SecretRef vault.connection | read | read | refused
        SecretRef vault.mount | read | read | default
        SecretRef vault.path | read | read | refused
        SecretRef vault.field | read | read | refused
        SecretRef kubernetes.connection | read | read | refused
        SecretRef kubernetes.namespace | read | read | refused
        SecretRef kubernetes.secret | read | read | refused
        SecretRef kubernetes.key | read | read | refused
        SecretRef awsSecretsManager.connection | read | read | refused
        SecretRef awsSecretsManager.name | read | read | refused
        SecretRef awsSecretsManager.field | read | read | default
        SecretRef firstOf | read | read | refused
        Tls ca | read | read | default
        Tls certificate | read | read | default
        Tls key | read | read | default
        Tls serverName | read | read | default
        Credentials apiKey | read, or sent | read, or sent | refused
        Credentials apiSecret | read, or sent | read, or sent | refused
        Credentials username | read, or sent | read, or sent | refused
        Credentials password | read, or sent | read, or sent | refused
        Credentials saslMechanism | sent with links | sent with links | default
        Credentials oauth.tokenEndpoint | read, or sent | read, or sent | refused
        Credentials oauth.clientId | read, or sent | read, or sent | refused
        Credentials oauth.clientSecret | read, or sent | read, or sent | refused
        Credentials oauth.scope | read, or sent | read, or sent | default
        Credentials oauth.identityPool | read, or sent | read, or sent | default
        Credentials tls | read, or sent | read, or sent | default
        OffsetSync enabled | sent | sent | default
        OffsetSync interval | sent | sent | default
        OffsetSync groups.include | sent | sent | default
        OffsetSync groups.exclude | sent | sent | default
        AclSync enabled | sent | sent | default
        AclSync interval | sent | sent | default
        AclSync filters | sent | sent | refused
        AclFilter resourceType | sent | sent | default
        AclFilter resourceName | sent | sent | default
        AclFilter patternType | sent | sent | default
        AclFilter principal | sent | sent | default
        AclFilter operation | sent | sent | default
        AclFilter permissionType | sent | refused | default
        TopicSelector include | sent: mirrors | sent: mirrors | default
        TopicSelector exclude | left: released | sent: mirrors | default
        TopicSelector allowInternal | sent: mirrors | sent: mirrors | default
        TopicSelector autoCreate | sent | sent | default
        LinkSettings linkName | sent when created, found later | refused | left: an existing link keeps its name
        LinkSettings names | sent when created, found later | refused | left: an existing link keeps its name
        LinkSettings mode | sent when created | refused | refused
        LinkSettings initiator | sent when created | refused | refused
        LinkSettings consumerOffsetSync | sent | sent | default
        LinkSettings aclSync | sent | sent | left
        LinkSettings configs | sent | sent | sent: reset
        SchemaSettings exporterName | sent when created, found later | refused | refused, unless the manifest has that name
        SchemaSettings subjects | sent | sent | refused
        SchemaSettings subjectRenameFormat | sent | sent | default
        SchemaSettings kekRenameFormat | sent | sent | default
        SchemaSettings paused | sent | sent | default
        BindingCredentials kafka | published | published | refused where a reference needs them
        BindingCredentials schemaRegistry | published | published | refused where a reference needs them
        PublishTarget file.path | published | published; removed where it was | refused
        PublishTarget file.format | published | published anew; refused where others write too | default
        PublishTarget file.contents | published | published; removed where it does not belong any more | default
        PublishTarget consul.connection | published | published; removed where it was, if that leads elsewhere | refused
        PublishTarget consul.key | published | published; removed where it was | refused
        PublishTarget consul.format | published | refused | default
        PublishTarget vault.connection | published | published; removed where it was, if that leads elsewhere | refused
        PublishTarget vault.mount | published | published; removed where it was | default
        PublishTarget vault.path | published | published; removed where it was | refused
        PublishTarget vault.contents | published | published; removed where it does not belong any more | default
        PublishTarget kubernetes.connection | published | published; left where it was, which may be the same | refused
        PublishTarget kubernetes.namespace | published | published; removed where it was | refused
        PublishTarget kubernetes.configMap | published | published; removed where it was | removed where it was
        PublishTarget kubernetes.secret | published | published; removed where it was | removed where it was
        PublishTarget awsSecretsManager.connection | published | published; left where it was, which may be the same | refused
        PublishTarget awsSecretsManager.name | published | published; removed where it was | refused
        PublishTarget awsSecretsManager.contents | published | published; removed where it does not belong any more | default
        PublishTarget awsParameterStore.connection | published | published; left where it was, which may be the same | refused
        PublishTarget awsParameterStore.path | published | published; removed where it was | refused
        PublishTarget awsParameterStore.contents | published | published; removed where it does not belong any more | default
        PublishTarget etcd.connection | published | published; removed where it was, if that leads elsewhere | refused
        PublishTarget etcd.key | published | published; removed where it was | refused
        RestartHook when | read | read | default
        RestartHook timeout | read | read | default
        RestartHook kubernetes.connection | read | read | refused
        RestartHook kubernetes.namespace | sent | sent | refused
        RestartHook kubernetes.deployment | sent | sent | refused
        RestartHook kubernetes.statefulSet | sent | sent | refused
        RestartHook kubernetes.daemonSet | sent | sent | refused
        RestartHook kubernetes.replicas | sent | sent | left
        RestartHook http.method | sent | sent | default
        RestartHook http.url | sent | sent | refused
        RestartHook http.headers | sent | sent | default
        RestartHook http.body | sent | sent | default
        RestartHook http.expectStatus | read | read | default
        RestartHook http.tls | read | read | default
        RestartHook http.allowInsecure | read | read | default
        RestartHook command | sent | sent | refused
        """
}
