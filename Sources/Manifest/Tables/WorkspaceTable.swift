import Domain

extension Table {
    static let workspace = Table(
        name: "Workspace",
        doc: "One per workspace, in `spillway.yaml`; relative paths are relative to it.",
        fields: [
            Field(
                "spec.requiredVersion", .string, .absent, .yes,
                "Versions of Spillway that may read this workspace, e.g. `>=1.2 <2`."),
            Field(
                "spec.bases", .list(.path), .value("[]"), .yes,
                "Folders whose manifests are loaded first; a Workspace document there is ignored."),
            Field(
                "spec.manifests", .list(.path), .value("[.]"), .yes,
                "Files or folders, recursive; dot folders are skipped."),
            Field(
                "spec.patches", .list(.path), .value("[]"), .yes,
                "Partial documents; each must match exactly one object by kind and name; `spec: null` removes it."),
            Field(
                "spec.state.sqlite.path", .path, .value(".spillway/state.db"), .yes,
                "Local state file; with `CI` set, a missing file is an error unless `--init-state` is given."),
            Field(
                "spec.state.etcd.connection", .connection(.etcd), .required, .yes,
                "Connection of type etcd; endpoints that name the region of a member of a group are warned of."),
            Field("spec.state.etcd.prefix", .string, .described("/spillway/<workspace>"), .yes, "Key prefix."),
            Field("spec.state.s3.connection", .connection(.aws), .required, .yes, "Connection of type aws."),
            Field(
                "spec.state.s3.bucket", .string, .required, .yes,
                "Bucket with versioning, outside every failure domain of the groups."),
            Field(
                "spec.state.s3.key", .string, .described("spillway/<workspace>"), .yes,
                "Key prefix; writes and lock are conditional (If-Match, If-None-Match)."),
            Field(
                "spec.state.s3.region", .string, .described("that of the connection"), .yes,
                "Region of the bucket; that of a member of a group is warned of."),
            Field(
                "spec.state.s3.pathStyle", .boolean, .described("true where the connection names an endpoint"), .yes,
                "Puts the bucket into the path of URLs, not into the host."),
            Field(
                "spec.state.s3.encryption", .enumeration(["none", "AES256", "aws:kms"]), .value("none"), .yes,
                "Encryption asked for with every write; `none` leaves it to the bucket."),
            Field(
                "spec.state.s3.kmsKeyId", .string, .described("the account's key for S3"), .yes,
                "Key of AWS KMS; only with `encryption: aws:kms`."),
            Field(
                "spec.state.kubernetes.connection", .connection(.kubernetes), .required, .yes,
                "Connection of type kubernetes; a context that names the region of a member of a group is warned of."),
            Field(
                "spec.state.kubernetes.namespace", .string, .required, .yes,
                "Namespace of the Secrets that hold the state and of the Lease that is its lock."),
            Field(
                "spec.state.kubernetes.prefix", .string, .described("spillway-<workspace>"), .yes,
                "First part of their names."),
            Field(
                "spec.state.snapshot", .path, .absent, .yes,
                "Secret-free copy of the ledger written after every run, for `--state FILE` when the store is lost."),
            Field(
                "spec.state.fingerprintKey", .secret, .described("random, kept in the store"), .no,
                "Key of the HMAC that tells changed secrets from unchanged ones."),
            Field(
                "spec.planKey", .secret, .absent, .yes,
                "Signs saved plans; one that is not signed with it is not applied."),
            Field(
                "spec.policy.maxDeletions", .integer(minimum: 0), .value("0"), .yes,
                "Objects one apply may delete because they left the manifests; re-protection has its own "
                    + "consent and does not count."),
            Field(
                "spec.policy.minReplicationFactor", .integer(minimum: 1), .absent, .yes,
                "Lowest replication factor a Topic may declare."),
            Field(
                "spec.policy.minInSyncReplicas", .integer(minimum: 1), .absent, .yes,
                "Lowest `min.insync.replicas` a Topic may declare."),
            Field(
                "spec.policy.wave", .integer(minimum: 1), .value("25"), .yes,
                "Topics that re-protection deletes or truncates at a time."),
            Field(
                "spec.policy.quietPeriod", .duration, .value("10m"), .yes,
                "Time between two changes of primary of one group."),
            Field(
                "spec.policy.allowCommands", .boolean, .value("false"), .yes,
                "Allows `restart.command`, which runs on the machine that applies."),
            Field("spec.timeouts.connect", .duration, .value("3s"), .yes, "One connection attempt."),
            Field("spec.timeouts.request", .duration, .value("30s"), .yes, "One request."),
            Field(
                "spec.timeouts.unreachableAfter", .duration, .value("10s"), .yes,
                "Silence after which an endpoint counts as unreachable."),
            Field(
                "spec.timeouts.drain", .duration, .value("5m"), .yes,
                "Fence to lag 0 in a switchover; when it ends the fence is lifted and nothing has moved."),
            Field(
                "spec.timeouts.transition", .duration, .value("15m"), .yes,
                "One asynchronous verb up to the move of clients."),
            Field(
                "spec.timeouts.reprotect", .duration, .value("6h"), .yes,
                "Deleting, recreating and catching up of one member."),
            Field("spec.timeouts.provision", .duration, .value("2h"), .yes, "A new environment or cluster."),
            Field("spec.timeouts.restart", .duration, .value("10m"), .yes, "One restart hook."),
            Field(
                "spec.concurrency.perEndpoint", .integer(minimum: 1), .value("16"), .yes,
                "Requests in flight per endpoint."),
        ],
        choices: [.atMostOne(["sqlite", "etcd", "s3", "kubernetes"], at: "spec.state")])
}
