extension Table {
    static let cluster = Table(
        name: "Cluster",
        doc: "A Kafka cluster.",
        fields: [
            Field(
                "spec.environment", .reference(.environment), .described("required; optional for ApacheKafka"), .no,
                "Environment it belongs to."),
            Field(
                "spec.id", .string, .described("found by displayName; required for ApacheKafka"), .no,
                "`lkc-…` or the 22-character id; another cluster behind the endpoint is an error."),
            Field(
                "spec.displayName", .string, .described("metadata.name"), .yes,
                "Display name; two live clusters of that name are an error that asks for `id`."),
            Field(
                "spec.managementPolicy", .enumeration(["Observe", "Manage"]), .value("Observe"), .yes,
                "Observe never creates, changes or deletes the cluster itself; its topics and links are managed "
                    + "either way."),
            Field(
                "spec.type",
                .enumeration([
                    "Basic", "Standard", "Enterprise", "Dedicated", "Freight", "ConfluentPlatform", "ApacheKafka",
                ]), .required, .no,
                "Kind of cluster (live upgrade only Basic to Standard)."),
            Field(
                "spec.version", .string, .absent, .yes,
                "Confluent Platform version, which its REST API does not tell; bidirectional links need 7.5."),
            Field(
                "spec.cloud", .enumeration(["AWS", "GCP", "AZURE"]), .described("required with Manage"), .no,
                "Cloud provider."),
            Field("spec.region", .string, .described("required with Manage"), .no, "Region."),
            Field(
                "spec.availability", .enumeration(["SINGLE_ZONE", "MULTI_ZONE"]), .described("required with Manage"),
                .no,
                "LOW and HIGH on the wire are the same two."),
            Field("spec.cku", .integer(minimum: 1), .described("required for Dedicated with Manage"), .yes, "CKUs."),
            Field("spec.maxEcku", .integer(minimum: 1), .absent, .yes, "Upper limit of eCKUs (not Dedicated)."),
            Field("spec.network", .string, .absent, .no, "`n-…`, private networking."),
            Field("spec.byok", .string, .absent, .no, "`cck-…`, self-managed encryption key."),
            Field("spec.deletionProtection", .boolean, .described("unmanaged"), .yes, "The service's own protection."),
            Field(
                "spec.accessPoint", .string, .described("the only one; PUBLIC when there are several"), .yes,
                "Which of the cluster's endpoints Spillway uses: PUBLIC, PRIVATE_LINK or `ap…`."),
            Field(
                "spec.clientAccessPoint", .string, .described("accessPoint"), .yes, "Which of them bindings publish."),
            Field(
                "spec.restEndpoint", .url, .described("discovered"), .yes,
                "Kafka REST v3 up to and without `/v3`; required for ConfluentPlatform."),
            Field(
                "spec.allowInsecure", .boolean, .value("false"), .yes,
                "Allows plain http to another machine, also for the token endpoint."),
            Field(
                "spec.bootstrapServers", .string, .described("discovered"), .yes,
                "What links and clients use; required for ConfluentPlatform and ApacheKafka."),
            Field(
                "spec.credentials", .structure(.credentials), .absent, .yes,
                "What Spillway uses; absent = topics and links of this cluster are not managed."),
            Field(
                "spec.linkCredentials", .structure(.credentials), .absent, .yes,
                "What links use to read this cluster (least privilege); required when it is a source; never "
                    + "falls back to `credentials`."),
            Field(
                "spec.deletionPolicy", .enumeration(["Retain", "Delete"]), .value("Retain"), .yes,
                "When it leaves the manifests; Delete needs managementPolicy Manage."),
        ])
}
