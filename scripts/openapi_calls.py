"""The calls of validate-openapi: every operation the simulator models, with its main refusals.

Each `call(...)` names the status that must come back; the checker it is made of judges the rest.
"""

import base64
import collections
import json
import time
import urllib.error
import urllib.request

KAFKA = "/kafka/v3/clusters/{cluster_id}"
Answer = collections.namedtuple("Answer", "status headers text json")


def send(method, url, body, credentials):
    data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)
    request.add_header("authorization", "Basic " + base64.b64encode(credentials.encode()).decode())
    if data is not None:
        request.add_header("content-type", "application/json")
    try:
        response = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        response = error
    text = response.read().decode()
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    return Answer(response.status, {name.lower(): field for name, field in response.headers.items()}, text, value)


def eventually(what, probe):
    for _ in range(600):
        if value := probe():
            return value
        time.sleep(0.1)
    raise SystemExit(f"waited a minute for {what}")


def drive_control_plane(call, base):
    environments, environment = "/org/v2/environments", "/org/v2/environments/{id}"
    made = call("POST", environments, base, 201, {"display_name": "west", "stream_governance_config": {"package": "ESSENTIALS"}})
    here = made["id"]
    call("POST", environments, base, 409, {"display_name": "west"})
    call("POST", environments, base, 422, {"display_name": " "})
    call("POST", environments, base, 400, raw=b"[")
    call("POST", environments, base, 201, {"display_name": "plain"})
    call("GET", environments, base, 200)
    call("GET", environments, base, 200, query="?page_size=1")
    call("GET", environments, base, 400, query="?page_size=1000")
    call("GET", environments, base, 401, credentials="nobody:wrong")
    call("GET", environment, base, 200, id=here)
    call("GET", environment, base, 404, id="env-none")
    call("PATCH", environment, base, 200, {"stream_governance_config": {"package": "ADVANCED"}}, id=here)
    call("PATCH", environment, base, 404, {"display_name": "x"}, id="env-none")
    organization = call("GET", "/org/v2/organizations", base, 200)["data"][0]["id"]
    call("GET", "/org/v2/organizations/{id}", base, 200, id=organization)
    call("GET", "/org/v2/organizations/{id}", base, 404, id="none")
    call("PATCH", "/org/v2/organizations/{id}", base, 200, {"display_name": "Simulated"}, id=organization)

    clusters, cluster, there = "/cmk/v2/clusters", "/cmk/v2/clusters/{id}", f"?environment={here}"

    def spec(kind, **more):
        return {
            "spec": {
                "display_name": kind, "availability": "HIGH" if kind in ("Enterprise", "Freight") else "SINGLE_ZONE",
                "cloud": "AWS", "region": "us-west-2", "config": {"kind": kind, **more}, "environment": {"id": here},
            }
        }

    ids = {}
    for kind in ("Basic", "Standard", "Enterprise", "Freight"):
        ids[kind] = call("POST", clusters, base, 202, spec(kind))["id"]
    ids["Dedicated"] = call("POST", clusters, base, 202, spec("Dedicated", cku=1))["id"]
    for _ in range(2):
        call("GET", clusters, base, 200, query=there)
        call("GET", clusters, base, 200, query=there + "&page_size=2")
        call("GET", cluster, base, 200, query=there, id=ids["Dedicated"])
        call("GET", "/srcm/v3/clusters", base, 200, query=there)
        eventually("PROVISIONED", lambda: all(
            item["status"]["phase"] == "PROVISIONED"
            for path in (clusters, "/srcm/v3/clusters")
            for item in send("GET", base + path + there, None, call.credentials).json["data"]
        ))
    call("GET", clusters, base, 400)
    call("GET", clusters, base, 401, query=there, credentials="nobody:wrong")
    call("GET", cluster, base, 403, query=there, id="lkc-none")
    call("POST", clusters, base, 422, {"spec": {"environment": {"id": here}}})
    call("POST", clusters, base, 403, {"spec": {**spec("Basic")["spec"], "environment": {"id": "env-none"}}})
    call("PATCH", cluster, base, 200, {"spec": {"environment": {"id": here}, "config": {"kind": "Dedicated", "cku": 2}}}, id=ids["Dedicated"])
    call("GET", cluster, base, 200, query=there, id=ids["Dedicated"])
    call("PATCH", cluster, base, 200, {"spec": {"environment": {"id": here}, "deletion_protection": True}}, id=ids["Dedicated"])
    call("PATCH", cluster, base, 403, {"spec": {"environment": {"id": here}}}, id="lkc-none")
    call("PATCH", cluster, base, 422, {"spec": {"environment": {"id": here}, "config": {"kind": "Basic"}}}, id=ids["Dedicated"])
    call("DELETE", cluster, base, 409, query=there, id=ids["Dedicated"])
    call("DELETE", cluster, base, 204, query=there, id=ids["Standard"])
    call("DELETE", cluster, base, 403, query=there, id="lkc-none")
    registry = call("GET", "/srcm/v3/clusters", base, 200, query=there)["data"][0]["id"]
    call("GET", "/srcm/v3/clusters", base, 400)
    call("GET", "/srcm/v3/clusters/{id}", base, 200, query=there, id=registry)
    call("GET", "/srcm/v3/clusters/{id}", base, 403, query=there, id="lsrc-none")

    accounts = "/iam/v2/service-accounts"
    owner = call("POST", accounts, base, 201, {"display_name": "app"})["id"]
    keys, key = "/iam/v2/api-keys", "/iam/v2/api-keys/{id}"
    order = {"spec": {"owner": {"id": owner}, "resource": {"id": ids["Dedicated"], "environment": here}, "display_name": "k"}}
    made = call("POST", keys, base, 202, order)["id"]
    call("POST", keys, base, 202, {"spec": {"owner": {"id": owner}, "resource": {"id": registry, "environment": here}}})
    call("POST", keys, base, 202, {"spec": {"owner": {"id": owner}}})
    call("POST", keys, base, 422, {"spec": {}})
    call("GET", keys, base, 200)
    call("GET", keys, base, 200, query=f"?spec.owner={owner}&page_size=1")
    call("GET", keys, base, 401, credentials="nobody:wrong")
    call("GET", key, base, 200, id=made)
    call("PATCH", key, base, 200, {"spec": {"description": "for the app"}}, id=made)
    call("PATCH", key, base, 403, {"spec": {"description": "x"}}, id="NONE")
    call("DELETE", key, base, 204, id=made)
    call("GET", key, base, 403, id=made)
    call("DELETE", key, base, 403, id=made)
    call("DELETE", environment, base, 204, id=here)
    call("DELETE", environment, base, 404, id=here)


class World:
    """Two Kafka clusters and a registry that the admin API puts there at once."""

    def __init__(self, admin, credentials):
        self.admin, self.credentials = admin, credentials
        records = [{"name": "orders", "partitions": 2, "records": 5}, {"name": "payments", "partitions": 1}]
        offsets = [{"topic": "orders", "partition": 0, "offset": 3}]
        self.send(
            "POST", "/estate",
            {
                "environments": [
                    {"id": "env-w", "display_name": "seeded west", "registry": {"id": "lsrc-w", "region": "seeded-west"}},
                    {"id": "env-e", "display_name": "seeded east"},
                ],
                "clusters": [
                    {"id": "lkc-w", "kind": "Dedicated", "region": "seeded-west", "environment": "env-w",
                     "topics": records, "groups": [{"id": "app", "offsets": offsets}]},
                    {"id": "lkc-e", "kind": "Dedicated", "region": "seeded-east", "environment": "env-e"},
                ],
            },
        )
        overview = self.send("GET", "", None)
        self.rest = {cluster["id"]: cluster["rest"] for cluster in overview["clusters"]}
        self.bootstrap = {cluster["id"]: cluster["bootstrap"] for cluster in overview["clusters"]}
        self.registry = next(each["url"] for each in overview["registries"] if each["id"] == "lsrc-w")

    def send(self, method, path, body):
        answer = send(method, self.admin + path, body, self.credentials)
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.text}")
        return answer.json


class Cluster:
    """The calls of one Kafka cluster; paths are given without the part that all have in common."""

    def __init__(self, call, world, id):
        self.call, self.base, self.id = call, world.rest[id], id

    def __call__(self, method, path, status, body=None, **more):
        id = more.pop("cluster_id", self.id)
        return self.call(method, KAFKA + path, self.base, status, body, cluster_id=id, **more)


TOPIC, CONFIG, LINK = "/topics/{topic_name}", "/topics/{topic_name}/configs/{name}", "/links/{link_name}"
NOBODY = "nobody:wrong"


def drive_kafka(call, world):
    west = Cluster(call, world, "lkc-w")
    west("GET", "", 200)
    west("GET", "", 404, cluster_id="lkc-none")
    west("GET", "", 401, credentials=NOBODY)

    west("GET", "/topics", 200)
    west("GET", "/topics", 401, credentials=NOBODY)
    order = {"topic_name": "refunds", "partitions_count": 3, "configs": [{"name": "retention.ms", "value": "1000"}]}
    west("POST", "/topics", 200, {**order, "validate_only": True})
    west("POST", "/topics", 201, order)
    for fault in ({}, {"replication_factor": 1}, {"configs": [{"name": "no.such", "value": "1"}]}):
        west("POST", "/topics", 400, {"topic_name": "orders" if not fault else "new", **fault})
    west("POST", "/topics", 400, {"topic_name": "no spaces"})
    west("POST", "/topics", 400, raw=b"{")
    west("GET", TOPIC, 200, topic_name="refunds")
    west("GET", TOPIC, 404, topic_name="none")
    west("PATCH", TOPIC, 200, {"partitions_count": 4}, topic_name="refunds")
    west("PATCH", TOPIC, 400, {"partitions_count": 1}, topic_name="refunds")
    west("GET", TOPIC + "/partitions", 200, topic_name="orders")
    west("GET", TOPIC + "/partitions", 404, topic_name="none")
    west("GET", TOPIC + "/partitions/{partition_id}", 200, topic_name="orders", partition_id=1)
    west("GET", TOPIC + "/partitions/{partition_id}", 404, topic_name="orders", partition_id=9)

    west("GET", TOPIC + "/configs", 200, topic_name="refunds")
    west("GET", TOPIC + "/configs", 404, topic_name="none")
    west("GET", "/topics/-/configs", 200)
    west("GET", TOPIC + "/default-configs", 200, topic_name="refunds")
    west("GET", CONFIG, 200, topic_name="refunds", name="retention.ms")
    west("GET", CONFIG, 404, topic_name="refunds", name="no.such")
    west("PUT", CONFIG, 204, {"value": "2000"}, topic_name="refunds", name="retention.ms")
    west("PUT", CONFIG, 400, {"value": "often"}, topic_name="refunds", name="retention.ms")
    west("PUT", CONFIG, 400, {"value": "zstd"}, topic_name="refunds", name="compression.type")
    west("DELETE", CONFIG, 204, topic_name="refunds", name="retention.ms")
    changes = {"data": [{"name": "cleanup.policy", "value": "compact"}, {"name": "retention.ms", "operation": "DELETE"}]}
    west("POST", TOPIC + "/configs:alter", 204, changes, topic_name="refunds")
    west("POST", TOPIC + "/configs:alter", 400, {"data": [{"name": "no.such", "value": "1"}]}, topic_name="refunds")
    west("POST", TOPIC + "/configs:alter", 404, changes, topic_name="none")

    text = {"type": "STRING", "data": "hello"}
    binary = {"type": "BINARY", "data": "aGVsbG8="}
    header = [{"name": "trace", "value": "aGVsbG8="}]
    west("POST", TOPIC + "/records", 200, {"partition_id": 0, "key": binary, "value": text, "headers": header}, topic_name="orders")
    west("POST", TOPIC + "/records", 200, {"value": {"type": "JSON", "data": {"a": 1}}}, topic_name="orders")
    west("POST", TOPIC + "/records", 400, raw=b"no json", topic_name="orders")
    west("POST", TOPIC + "/records", 404, {"value": text}, topic_name="none")
    west("DELETE", TOPIC, 204, topic_name="refunds")
    west("DELETE", TOPIC, 404, topic_name="none")

    group = "/consumer-groups/{consumer_group_id}"
    west("GET", "/consumer-groups", 200)
    west("GET", group, 200, consumer_group_id="app")
    west("GET", group, 404, consumer_group_id="none")
    west("GET", group + "/consumers", 200, consumer_group_id="app")
    west("GET", group + "/lag-summary", 200, consumer_group_id="app")
    west("GET", group + "/lags", 200, consumer_group_id="app")
    west("GET", group + "/lags/{topic_name}/partitions/{partition_id}", 200, consumer_group_id="app", topic_name="orders", partition_id=0)
    west("GET", group + "/lags/{topic_name}/partitions/{partition_id}", 404, consumer_group_id="app", topic_name="orders", partition_id=9)

    binding = {"resource_type": "TOPIC", "resource_name": "orders", "pattern_type": "LITERAL", "principal": "User:sa-1",
               "host": "*", "operation": "READ", "permission": "ALLOW"}
    west("POST", "/acls", 201, binding)
    west("POST", "/acls", 400, {**binding, "resource_type": "CLUSTER"})
    west("POST", "/acls", 400, {"resource_type": "TOPIC"})
    west("POST", "/acls:batch", 201, {"data": [{**binding, "operation": "WRITE"}, {**binding, "permission": "DENY"}]})
    west("GET", "/acls", 200)
    west("GET", "/acls", 200, query="?resource_type=TOPIC&permission=DENY")
    west("GET", "/acls", 400, query="?resource_type=NONSENSE")
    west("DELETE", "/acls", 200, query="?resource_type=TOPIC&pattern_type=LITERAL&operation=ANY&permission=ANY")
    west("DELETE", "/acls", 200, query="?resource_type=TOPIC&pattern_type=LITERAL&operation=ANY&permission=ANY")
    west("DELETE", "/acls", 400)
    west("GET", "/broker-configs", 200)


def drive_links(call, world):
    west, east = Cluster(call, world, "lkc-w"), Cluster(call, world, "lkc-e")
    configs = [{"name": "bootstrap.servers", "value": world.bootstrap["lkc-w"]},
               {"name": "security.protocol", "value": "SASL_SSL"}, {"name": "sasl.mechanism", "value": "PLAIN"},
               {"name": "sasl.jaas.config", "value": "org.apache.kafka.common.security.plain.PlainLoginModule required "
                "username='SIMULATOR' password='simulator-secret';"}]
    order = {"source_cluster_id": "lkc-w", "configs": configs}
    east("POST", "/links", 201, order, query="?link_name=dr")
    east("POST", "/links", 409, order, query="?link_name=dr")
    east("POST", "/links", 400, order)
    east("POST", "/links", 400, {"source_cluster_id": "lkc-other", "configs": configs}, query="?link_name=other")
    east("POST", "/links", 401, order, query="?link_name=other", credentials=NOBODY)
    east("GET", "/links", 200)
    west("GET", "/links", 200)
    east("GET", LINK, 200, link_name="dr")
    east("GET", LINK, 200, link_name="dr", query="?include_tasks=true")
    east("GET", LINK, 404, link_name="none")
    east("GET", LINK + "/configs", 200, link_name="dr")
    east("GET", LINK + "/configs/{config_name}", 200, link_name="dr", config_name="consumer.offset.sync.ms")
    east("GET", LINK + "/configs/{config_name}", 404, link_name="dr", config_name="no.such")
    east("PUT", LINK + "/configs/{config_name}", 204, {"value": "1000"}, link_name="dr", config_name="consumer.offset.sync.ms")
    east("PUT", LINK + "/configs/{config_name}", 400, {"value": "x"}, link_name="dr", config_name="link.mode")
    east("DELETE", LINK + "/configs/{config_name}", 204, link_name="dr", config_name="consumer.offset.sync.ms")
    east("PUT", LINK + "/configs:alter", 204, {"data": [{"name": "acl.sync.ms", "value": "1000"}]}, link_name="dr")
    east("PUT", LINK + "/configs:alter", 400, {"data": [{"name": "no.such", "value": "1"}]}, link_name="dr")

    mirrors, mirror = LINK + "/mirrors", LINK + "/mirrors/{mirror_topic_name}"
    eventually("the link to be usable", lambda: send(
        "POST", f"{east.base}/kafka/v3/clusters/lkc-e/links/dr/mirrors", {"source_topic_name": "payments"}, call.credentials
    ).status == 201)
    east("POST", mirrors, 201, {"source_topic_name": "orders"}, link_name="dr")
    east("POST", mirrors, 400, {"source_topic_name": "orders"}, link_name="dr")
    east("POST", mirrors, 400, {"source_topic_name": "orders", "mirror_topic_name": "renamed"}, link_name="dr")
    east("POST", mirrors, 404, {"source_topic_name": "none"}, link_name="dr")
    east("POST", mirrors, 404, {"source_topic_name": "orders"}, link_name="none")
    east("GET", mirrors, 200, link_name="dr")
    east("GET", mirrors, 200, link_name="dr", query="?mirror_status=ACTIVE")
    east("GET", mirrors, 400, link_name="dr", query="?mirror_status=NONSENSE")
    east("GET", "/links/-/mirrors", 200)
    east("GET", mirror, 200, link_name="dr", mirror_topic_name="orders")
    east("GET", mirror, 200, link_name="dr", mirror_topic_name="orders", query="?include_state_transition_errors=true")
    east("GET", mirror, 404, link_name="dr", mirror_topic_name="none")
    eventually("records to be copied", lambda: world.send("GET", "/records/lkc-e/orders/0", None)["end"])

    named = {"mirror_topic_names": ["orders", "none"]}
    east("POST", TOPIC + "/records", 400, {"value": {"type": "STRING", "data": "x"}}, topic_name="orders")
    for action in ("pause", "resume", "promote", "failover"):
        east("POST", f"{LINK}/mirrors:{action}", 200, named, link_name="dr", query="?validate_only=true")
        east("POST", f"{LINK}/mirrors:{action}", 404, named, link_name="none")
        east("POST", f"{LINK}/mirrors:{action}", 400, {}, link_name="dr")
    for action in ("pause", "resume", "failover", "failover"):
        east("POST", f"{LINK}/mirrors:{action}", 200, named, link_name="dr")
    east("POST", f"{LINK}/mirrors:promote", 200, {"mirror_topic_name_pattern": "pay.*"}, link_name="dr")
    for action in ("reverse-and-start-mirror", "reverse-and-pause-mirror", "truncate-and-restore"):
        east("POST", f"{LINK}/mirrors:{action}", 200, named, link_name="dr")
    east("GET", mirrors, 200, link_name="dr")
    east("DELETE", LINK, 204, link_name="dr", query="?force=true")
    east("DELETE", LINK, 404, link_name="none")
    drive_reversal(west, east, world, configs)


def drive_reversal(west, east, world, configs):
    """A bidirectional link, whose mirrors can be turned round, and cut and restored."""
    for cluster, other in ((west, east), (east, west)):
        remote = [{"name": "bootstrap.servers", "value": world.bootstrap[other.id]}, *configs[1:]]
        both = {"remote_cluster_id": other.id, "configs": [*remote, {"name": "link.mode", "value": "BIDIRECTIONAL"}]}
        cluster("POST", "/links", 201, both, query="?link_name=both&validate_link=false")
    for topic in ("shipments", "returns"):
        west("POST", "/topics", 201, {"topic_name": topic})
        eventually("the link to be usable", lambda: send(
            "POST", f"{east.base}/kafka/v3/clusters/lkc-e/links/both/mirrors", {"source_topic_name": topic},
            world.credentials).status == 201)
        eventually("an ACTIVE mirror", lambda: send(
            "GET", f"{east.base}/kafka/v3/clusters/lkc-e/links/both/mirrors/{topic}", None, world.credentials
        ).json["mirror_status"] == "ACTIVE")
    for query in ("?validate_only=true", ""):
        east("POST", f"{LINK}/mirrors:reverse-and-pause-mirror", 200, {"mirror_topic_names": ["returns"]}, link_name="both", query=query)
        east("POST", f"{LINK}/mirrors:reverse-and-start-mirror", 200, {"mirror_topic_names": ["shipments"]}, link_name="both", query=query)
    for cluster in (west, east):
        cluster("GET", LINK + "/mirrors", 200, link_name="both", query="")
        cluster("GET", LINK, 200, link_name="both", query="?include_tasks=true")
    west("POST", f"{LINK}/mirrors:truncate-and-restore", 200, {"mirror_topic_names": ["shipments"]}, link_name="both",
         query="?validate_only=true&include_partition_level_truncation_data=true")
    east("POST", f"{LINK}/mirrors:truncate-and-restore", 200, {"mirror_topic_names": ["shipments"]}, link_name="both",
         query="?include_partition_level_truncation_data=true")


def drive_registry(call, world):
    drive_schemas(call, world.registry)
    drive_scopes(call, world.registry)
    drive_exporters(call, world.registry)


def drive_schemas(call, base):
    def avro(*fields):
        return {"schema": json.dumps({"type": "record", "name": "Order", "fields": list(fields)})}

    order, wider = avro({"name": "id", "type": "string"}), avro({"name": "id", "type": "string"}, {"name": "n", "type": "int", "default": 0})
    broken = avro({"name": "customer", "type": "string"})
    subject, versions = "/subjects/{subject}", "/subjects/{subject}/versions"
    version = versions + "/{version}"
    first = call("POST", versions, base, 200, order, subject="orders")["id"]
    call("POST", versions, base, 200, wider, subject="orders")
    call("POST", versions, base, 409, broken, subject="orders")
    call("POST", versions, base, 422, {"schema": "{}"}, subject="orders")
    call("POST", versions, base, 422, {**broken, "id": 77}, subject="orders")
    reference = {"schema": json.dumps({"type": "record", "name": "Box", "fields": [{"name": "o", "type": "Order"}]}),
                 "references": [{"name": "Order", "subject": "orders", "version": 2}]}
    call("POST", versions, base, 200, reference, subject="boxes")
    described = {"schema": "{\"type\": \"object\"}", "schemaType": "JSON", "metadata": {"properties": {"owner": "us"}}}
    call("POST", versions, base, 200, described, subject="documents")
    call("POST", versions, base, 401, order, subject="orders", credentials=NOBODY)

    call("GET", "/subjects", base, 200)
    call("GET", "/subjects", base, 200, query="?subjectPrefix=ord&limit=1&offset=0")
    call("GET", "/subjects", base, 401, credentials=NOBODY)
    call("POST", subject, base, 200, order, subject="orders")
    call("POST", subject, base, 404, broken, subject="orders")
    call("POST", subject, base, 404, order, subject="none")
    call("GET", versions, base, 200, subject="orders")
    call("GET", versions, base, 404, subject="none")
    call("GET", version, base, 200, subject="orders", version=1)
    call("GET", version, base, 200, subject="boxes", version="latest")
    call("GET", version, base, 404, subject="orders", version=9)
    call("GET", version, base, 422, subject="orders", version="x")
    call("GET", version + "/schema", base, 200, subject="orders", version=1)
    call("GET", version + "/schema", base, 404, subject="orders", version=9)
    call("GET", version + "/referencedby", base, 200, subject="orders", version=2)
    call("GET", "/subjects/{subject}/metadata", base, 200, subject="documents", query="?key=owner&value=us")
    call("GET", "/subjects/{subject}/metadata", base, 404, subject="none", query="?key=owner&value=us")

    call("GET", "/schemas", base, 200)
    call("GET", "/schemas", base, 200, query="?latestOnly=true&limit=1")
    call("GET", "/schemas/types", base, 200)
    for path in ("/schemas/ids/{id}", "/schemas/ids/{id}/schema", "/schemas/ids/{id}/subjects", "/schemas/ids/{id}/versions"):
        call("GET", path, base, 200, id=first)
        call("GET", path, base, 404, id=99999)
    compatibility = "/compatibility/subjects/{subject}/versions"
    call("POST", compatibility, base, 200, broken, subject="orders", query="?verbose=true")
    call("POST", compatibility, base, 200, wider, subject="orders")
    call("POST", compatibility, base, 422, {"schema": "{}"}, subject="orders")
    call("POST", compatibility + "/{version}", base, 200, wider, subject="orders", version="latest")
    call("POST", compatibility + "/{version}", base, 404, wider, subject="orders", version=9)
    call("POST", compatibility + "/{version}", base, 422, wider, subject="orders", version="x")

    call("DELETE", version, base, 422, subject="orders", version=2)
    call("DELETE", subject, base, 404, subject="boxes", query="?permanent=true")
    call("DELETE", subject, base, 200, subject="boxes")
    call("DELETE", subject, base, 404, subject="boxes")
    call("GET", "/subjects", base, 200, query="?deleted=true")
    call("DELETE", subject, base, 200, subject="boxes", query="?permanent=true")
    call("DELETE", version, base, 200, subject="orders", version=2)
    call("DELETE", version, base, 200, subject="orders", version=2, query="?permanent=true")
    call("DELETE", version, base, 404, subject="orders", version=2)
    call("POST", versions, base, 200, order, subject=":.dr:orders")
    call("GET", "/contexts", base, 200)
    call("GET", "/clusterconfig", base, 200)


def drive_scopes(call, base):
    config, mode = "/config/{subject}", "/mode/{subject}"
    call("GET", "/config", base, 200)
    call("PUT", "/config", base, 200, {"compatibility": "FULL"})
    call("PUT", "/config", base, 422, {"compatibility": "SOMETIMES"})
    call("DELETE", "/config", base, 200)
    call("GET", config, base, 404, subject="orders")
    call("PUT", config, base, 200, {"compatibility": "NONE"}, subject="orders")
    call("PUT", config, base, 422, {"compatibility": "SOMETIMES"}, subject="orders")
    call("GET", config, base, 200, subject="orders")
    call("GET", config, base, 200, subject="documents", query="?defaultToGlobal=true")
    call("DELETE", config, base, 200, subject="orders")
    call("DELETE", config, base, 404, subject="orders")
    call("GET", "/mode", base, 200)
    call("PUT", "/mode", base, 422, {"mode": "IMPORT"})
    call("PUT", "/mode", base, 200, {"mode": "IMPORT"}, query="?force=true")
    call("PUT", "/mode", base, 200, {"mode": "READWRITE"})
    call("GET", mode, base, 404, subject="orders")
    call("PUT", mode, base, 200, {"mode": "READONLY"}, subject="orders")
    call("PUT", mode, base, 422, {"mode": "SIDEWAYS"}, subject="orders")
    call("GET", mode, base, 200, subject="orders")
    call("GET", mode, base, 200, subject=":.dr:orders", query="?defaultToGlobal=true")
    call("DELETE", mode, base, 200, subject="orders")
    call("DELETE", mode, base, 404, subject="orders")


def drive_exporters(call, base):
    one = "/exporters/{name}"
    definition = {"name": "copy", "contextType": "CUSTOM", "context": "dr", "subjects": [":*:"],
                  "config": {"schema.registry.url": base, "basic.auth.credentials.source": "USER_INFO",
                             "basic.auth.user.info": "SIMULATOR:simulator-secret"}}
    call("GET", "/exporters", base, 200)
    call("POST", "/exporters", base, 200, definition)
    call("POST", "/exporters", base, 409, definition)
    call("POST", "/exporters", base, 409, {"subjects": ["*"]})
    call("GET", "/exporters", base, 200)
    for path in ("", "/config", "/status"):
        call("GET", one + path, base, 200, name="copy")
        call("GET", one + path, base, 404, name="none")
    call("PUT", one, base, 409, {"subjects": ["*"]}, name="copy")
    call("PUT", one + "/config", base, 409, definition["config"], name="copy")
    call("PUT", one + "/resume", base, 409, name="copy")
    call("PUT", one + "/reset", base, 409, name="copy")
    call("PUT", one + "/pause", base, 200, name="copy")
    call("GET", one + "/status", base, 200, name="copy")
    call("PUT", one, base, 200, {"subjects": ["orders"]}, name="copy")
    call("PUT", one + "/config", base, 200, definition["config"], name="copy")
    call("PUT", one + "/reset", base, 200, name="copy")
    call("PUT", one + "/resume", base, 200, name="copy")
    for path in ("/pause", "/resume", "/reset", "/config"):
        call("PUT", one + path, base, 404, {} if path == "/config" else None, name="none")
    call("PUT", one + "/pause", base, 200, name="copy")
    call("DELETE", one, base, 204, name="copy")
    call("DELETE", one, base, 404, name="copy")
