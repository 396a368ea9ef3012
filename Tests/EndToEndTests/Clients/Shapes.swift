/// The shapes of the main answers, as Confluent's OpenAPI documents and recorded answers have them.
enum Shapes {
    // MARK: Control plane

    private static let metadata = """
        {"self": "string", "resource_name": "string", "created_at": "string", "updated_at": "string"}
        """
    private static let reference = """
        {"id": "string", "api_version": "string", "kind": "string", "related": "string", "resource_name": "string",
         "environment?": "string"}
        """

    static let environment = """
        {"api_version": "=org/v2", "kind": "=Environment", "id": "string", "metadata": \(metadata),
         "display_name": "string", "stream_governance_config?": {"package": "=ESSENTIALS|=ADVANCED"}}
        """
    static let cloudCluster = """
        {"api_version": "=cmk/v2", "kind": "=Cluster", "id": "string", "metadata": \(metadata),
         "spec": {"display_name": "string", "availability": "=SINGLE_ZONE|=MULTI_ZONE|=LOW|=HIGH", "cloud": "string",
                  "region": "string", "config": {"kind": "=Dedicated", "cku": "integer", "zones?": ["string"]},
                  "deletion_protection": "boolean", "kafka_bootstrap_endpoint": "string|null",
                  "http_endpoint": "string|null", "environment": \(reference),
                  "endpoints": {"PUBLIC": {"kafka_bootstrap_endpoint": "string", "http_endpoint": "string",
                                           "connection_type": "string"}}},
         "status": {"phase": "=PROVISIONED", "cku": "integer"}}
        """
    static let registryCluster = """
        {"api_version": "=srcm/v3", "kind": "=Cluster", "id": "string", "metadata": \(metadata),
         "spec": {"display_name": "string", "package": "=ESSENTIALS|=ADVANCED", "http_endpoint": "string",
                  "catalog_http_endpoint": "string", "cloud": "string", "region": "string",
                  "environment": \(reference)},
         "status": {"phase": "=PROVISIONED"}}
        """
    static let serviceAccount = """
        {"api_version": "=iam/v2", "kind": "=ServiceAccount", "id": "string", "metadata": \(metadata),
         "display_name": "string", "description": "string"}
        """
    static let key = """
        {"api_version": "=iam/v2", "kind": "=ApiKey", "id": "string", "metadata": \(metadata),
         "spec": {"secret": "string", "display_name": "string", "description": "string", "owner": \(reference),
                  "resource": \(reference)}}
        """
    static let controlPlaneError = """
        {"errors": [{"id": "string", "status": "string", "code": "string", "title": "string", "detail": "string",
                     "source?": {"pointer?": "string", "parameter?": "string"}}]}
        """

    static func page(of item: String, _ kind: String) -> String {
        """
        {"api_version": "string", "kind": "=\(kind)", "data": [\(item)],
         "metadata": {"first": "string", "next?": "string|null", "total_size": "integer"}}
        """
    }

    // MARK: Kafka REST

    private static let resource = #"{"self": "string", "resource_name?": "string"}"#
    private static let related = #"{"related": "string"}"#

    static let error = #"{"error_code": "integer", "message": "string"}"#
    static let cluster = """
        {"kind": "=KafkaCluster", "metadata": \(resource), "cluster_id": "string", "acls": \(related),
         "brokers": \(related), "broker_configs": \(related), "consumer_groups": \(related), "topics": \(related),
         "partition_reassignments": \(related)}
        """
    static let topic = """
        {"kind": "=KafkaTopic", "metadata": \(resource), "cluster_id": "string", "topic_name": "string",
         "is_internal": "boolean", "replication_factor": "integer", "partitions_count": "integer",
         "partitions": \(related), "configs": \(related), "partition_reassignments": \(related)}
        """
    static let topicConfig = """
        {"kind": "=KafkaTopicConfig", "metadata": \(resource), "cluster_id": "string", "topic_name": "string",
         "name": "string", "value": "string|null", "is_default": "boolean", "is_read_only": "boolean",
         "is_sensitive": "boolean", "source": "string",
         "synonyms": "list"}
        """
    static let partition = """
        {"kind": "=KafkaPartition", "metadata": \(resource), "cluster_id": "string", "topic_name": "string",
         "partition_id": "integer", "replicas": \(related), "reassignment": \(related), "leader?": \(related)}
        """
    static let group = """
        {"kind": "=KafkaConsumerGroup", "metadata": \(resource), "cluster_id": "string",
         "consumer_group_id": "string", "is_simple": "boolean", "partition_assignor": "string", "state": "=EMPTY",
         "type": "=CLASSIC", "is_mixed_consumer_group": "boolean", "coordinator": \(related), "consumers": \(related),
         "lag_summary": \(related)}
        """
    static let lagSummary = """
        {"kind": "=KafkaConsumerGroupLagSummary", "metadata": \(resource), "cluster_id": "string",
         "consumer_group_id": "string", "max_lag_consumer_id": "string", "max_lag_instance_id": "string|null",
         "max_lag_client_id": "string", "max_lag_topic_name": "string", "max_lag_partition_id": "integer",
         "max_lag": "integer", "total_lag": "integer", "max_lag_consumer": \(related),
         "max_lag_partition": \(related)}
        """
    static let lag = """
        {"kind": "=KafkaConsumerLag", "metadata": \(resource), "cluster_id": "string", "consumer_group_id": "string",
         "topic_name": "string", "partition_id": "integer", "current_offset": "integer", "log_end_offset": "integer",
         "lag": "integer", "consumer_id": "string", "instance_id": "string|null", "client_id": "string"}
        """
    static let acl = """
        {"kind": "=KafkaAcl", "metadata": \(resource), "cluster_id": "string", "resource_type": "string",
         "resource_name": "string", "pattern_type": "string", "principal": "string", "host": "string",
         "operation": "string", "permission": "string"}
        """
    static let produced = """
        {"error_code": "integer", "cluster_id": "string", "topic_name": "string", "partition_id": "integer",
         "offset": "integer", "timestamp": "string", "value": {"type": "=STRING", "size": "integer"}}
        """

    static func list(of item: String, _ kind: String) -> String {
        #"{"kind": "=\#(kind)", "metadata": {"self": "string", "next": "null"}, "data": [\#(item)]}"#
    }

    // MARK: Links and mirrors

    static let link = """
        {"kind": "=KafkaLinkData", "metadata": \(resource), "source_cluster_id": "string|null",
         "destination_cluster_id": "string|null", "remote_cluster_id?": "string|null", "link_name": "string",
         "link_id": "string", "cluster_link_id": "string", "link_state": "=ACTIVE", "topic_names": ["string"],
         "tasks": [{"task_name": "string", "state": "string", "errors": "list"}],
         "category_counts": [{"state_category": "string", "count": "integer"}]}
        """
    static let linkConfig = """
        {"kind": "=KafkaLinkConfigData", "metadata": \(resource), "cluster_id": "string", "name": "string",
         "value": "string|null", "is_default": "boolean", "is_read_only": "boolean", "is_sensitive": "boolean",
         "source": "string", "synonyms": "list", "link_name": "string"}
        """
    private static let lags = """
        [{"partition": "integer", "lag": "integer", "last_source_fetch_offset": "integer"}]
        """
    static let mirror = """
        {"kind": "=KafkaMirrorData", "metadata": \(resource), "link_name": "string", "mirror_topic_name": "string",
         "source_topic_name": "string", "num_partitions": "integer", "mirror_lags": \(lags), "mirror_status": "=ACTIVE",
         "state_time_ms": "integer"}
        """
    static let mirrorAction = """
        {"kind": "=KafkaPromoteMirror", "metadata": \(resource), "data": [
            {"kind": "=AlterMirrorsData", "metadata": \(resource), "mirror_topic_name": "string",
             "error_code": "null", "error_message": "null", "mirror_lags": \(lags), "messages_truncated": "null",
             "partition_level_truncation_data": "null"}]}
        """

    // MARK: Schema Registry

    static let schema = #"{"subject": "string", "version": "integer", "id": "integer", "schema": "string"}"#
    static let mode = #"{"mode": "=READWRITE"}"#
    static let config = #"{"compatibilityLevel": "=BACKWARD"}"#
    static let compatibility = #"{"is_compatible": "boolean", "messages": ["string"]}"#
    static let exporter = """
        {"name": "string", "contextType": "=CUSTOM", "context": "string", "subjects": ["string"],
         "subjectRenameFormat?": "string", "kekRenameFormat?": "string",
         "config": {"schema.registry.url": "string", "basic.auth.credentials.source": "string",
                    "basic.auth.user.info": "=[hidden]"}}
        """
    static let exporterStatus = """
        {"name": "string", "state": "=STARTING|=RUNNING|=PAUSED", "offset": "integer", "ts": "integer",
         "trace?": "string"}
        """
}
