extension Table {
    static let connection = Table(
        name: "Connection",
        doc: "How to reach a control plane, a store, or an API server. Vault: exactly one of `token`, `jwt`, "
            + "`appRole`, `kubernetes`.",
        fields: [
            Field("spec.confluentCloud.endpoint", .url, .value("https://api.confluent.cloud"), .yes, "Control plane."),
            Field(
                "spec.confluentCloud.organization", .string, .absent, .yes,
                "Expected organization id; another one is an error, so that a staging key never touches prod."),
            Field("spec.confluentCloud.apiKey", .secret, .required, .yes, "Cloud API key."),
            Field("spec.confluentCloud.apiSecret", .secret, .required, .yes, "Its secret."),
            Field("spec.consul.endpoint", .url, .required, .yes, "HTTP API."),
            Field("spec.consul.token", .secret, .absent, .yes, "ACL token."),
            Field("spec.consul.datacenter", .string, .described("agent's"), .yes, "Datacenter."),
            Field("spec.consul.namespace", .string, .absent, .yes, "Namespace (Enterprise)."),
            Field("spec.consul.tls", .structure(.tls), .absent, .yes, "TLS."),
            Field("spec.vault.endpoint", .url, .required, .yes, "HTTP API."),
            Field("spec.vault.namespace", .string, .absent, .yes, "Namespace (Enterprise, HCP)."),
            Field("spec.vault.token", .secret, .absent, .yes, "Login: token."),
            Field("spec.vault.jwt.role", .string, .required, .yes, "Login: JWT/OIDC role (GitHub Actions, GitLab)."),
            Field("spec.vault.jwt.mount", .string, .value("jwt"), .yes, "Auth mount."),
            Field("spec.vault.jwt.token", .secret, .required, .yes, "The JWT."),
            Field("spec.vault.appRole.roleId", .secret, .required, .yes, "Login: AppRole."),
            Field("spec.vault.appRole.secretId", .secret, .required, .yes, "Secret id."),
            Field("spec.vault.appRole.mount", .string, .value("approle"), .yes, "Auth mount."),
            Field("spec.vault.kubernetes.role", .string, .required, .yes, "Login: Kubernetes service account."),
            Field("spec.vault.kubernetes.mount", .string, .value("kubernetes"), .yes, "Auth mount."),
            Field("spec.vault.tls", .structure(.tls), .absent, .yes, "TLS."),
            Field(
                "spec.kubernetes.kubeconfig", .path,
                .described(
                    "KUBECONFIG, "
                        + "~/.kube/config"), .yes, "Kubeconfig file."),
            Field(
                "spec.kubernetes.context", .string, .described("current-context"), .yes,
                "Context; required when `CI` is set."),
            Field("spec.kubernetes.inCluster", .boolean, .value("false"), .yes, "Uses the pod's service account."),
            Field(
                "spec.kubernetes.allowExec", .boolean, .value("false"), .yes,
                "Allows the kubeconfig's exec plugin (EKS, GKE and AKS need it)."),
            Field(
                "spec.kubernetes.fieldManager", .string, .value("spillway"), .yes, "Field manager of server-side apply."
            ),
            Field("spec.aws.region", .string, .described("AWS_REGION"), .yes, "Region."),
            Field("spec.aws.endpoint", .url, .absent, .yes, "Endpoint override (VPC endpoint, test server)."),
            Field(
                "spec.aws.roleArn", .string, .absent, .yes,
                "Role to assume; base credentials come from the usual chain incl. web identity."),
            Field("spec.etcd.endpoints", .list(.url), .required, .yes, "Members."),
            Field("spec.etcd.username", .secret, .absent, .yes, "User."),
            Field("spec.etcd.password", .secret, .absent, .yes, "Password."),
            Field("spec.etcd.tls", .structure(.tls), .absent, .yes, "TLS."),
        ],
        choices: [
            .exactlyOne(["confluentCloud", "consul", "vault", "kubernetes", "aws", "etcd"], at: "spec"),
            .exactlyOne(["token", "jwt", "appRole", "kubernetes"], at: "spec.vault"),
        ],
        dependencies: [
            Dependency("username", needs: "password", at: "spec.etcd"),
            Dependency("password", needs: "username", at: "spec.etcd"),
        ])
}
