"""Runs confluent-kafka's SchemaRegistryClient, as published on PyPI, against a Schema Registry.

usage: schema_registry_client.py URL KEY:SECRET

The registry must be empty. Every expectation is what the documented service answers; a failed one ends the process with
a traceback and code 1.
"""

import json
import sys

from confluent_kafka.schema_registry import (
    ConfigCompatibilityLevel,
    Schema,
    SchemaReference,
    SchemaRegistryClient,
    ServerConfig,
)
from confluent_kafka.schema_registry.error import SchemaRegistryError


def record(name, *fields):
    """An Avro record; a field is a name and a type, and has a default when its name ends with '?'."""
    described = []
    for field, kind in fields:
        described.append({"name": field.rstrip("?"), "type": kind})
        if field.endswith("?"):
            described[-1]["default"] = "" if kind == "string" else 0
    return Schema(json.dumps({"type": "record", "name": name, "fields": described}))


ORDER = record("Order", ("id", "string"))
WIDER_ORDER = record("Order", ("id", "string"), ("amount?", "long"))
BROKEN_ORDER = record("Order", ("id", "string"), ("customer", "string"))
PAYMENT = record("Payment", ("id", "string"))
REFUND = record("Refund", ("id", "string"))


class Run:
    """One registry and clients of it; each client is new, so that nothing is answered from a cache."""

    def __init__(self, url, credentials):
        self.url, self.credentials = url, credentials

    def client(self, prefix="", credentials=None):
        return SchemaRegistryClient(
            {
                "url": self.url + prefix,
                "basic.auth.user.info": credentials or self.credentials,
                "timeout": 60,
                "max.retries": 0,
            }
        )

    def registers(self):
        client = self.client()
        first = client.register_schema("orders-value", ORDER)
        assert self.client().register_schema("orders-value", ORDER) == first, "the same schema keeps its id"
        second = self.client().register_schema_full_response("orders-value", WIDER_ORDER)
        assert second.schema_id != first and second.version == 2 and second.subject == "orders-value"
        assert self.client().register_schema("copies-value", ORDER) == first, "one id for one content"

        client = self.client()
        assert same(client.get_schema(first), ORDER)
        assert same(client.get_schema(second.schema_id, subject_name="orders-value"), WIDER_ORDER)
        assert set(client.get_schema_types()) == {"AVRO", "JSON", "PROTOBUF"}
        assert client.get_subjects_by_schema_id(first) == ["copies-value", "orders-value"]
        places = {(place.subject, place.version) for place in client.get_schema_versions(first)}
        assert places == {("copies-value", 1), ("orders-value", 1)}
        return first, second.schema_id

    def reads(self, first, second):
        client = self.client()
        assert client.get_subjects() == ["copies-value", "orders-value"]
        assert client.get_subjects(subject_prefix="ord") == ["orders-value"]
        assert client.get_subjects(offset=1, limit=1) == ["orders-value"]
        assert client.get_versions("orders-value") == [1, 2]
        assert client.get_versions("orders-value", offset=1) == [2]
        version = client.get_version("orders-value", 1)
        assert (version.subject, version.version, version.schema_id) == ("orders-value", 1, first)
        assert same(version.schema, ORDER) and version.schema.schema_type == "AVRO"
        latest = client.get_latest_version("orders-value")
        assert (latest.version, latest.schema_id) == (2, second) and same(latest.schema, WIDER_ORDER)
        found = client.lookup_schema("orders-value", ORDER)
        assert (found.subject, found.version, found.schema_id) == ("orders-value", 1, first)

        assert refused(404, 40401, lambda: client.get_latest_version("nobody"))
        assert refused(404, 40401, lambda: client.lookup_schema("nobody", ORDER))
        assert refused(404, 40402, lambda: client.get_version("orders-value", 9))
        assert refused(422, 42202, lambda: client.get_version("orders-value", 0))
        assert refused(404, 40403, lambda: client.get_schema(999999))
        assert refused(404, 40403, lambda: client.lookup_schema("orders-value", PAYMENT))
        assert refused(422, 42201, lambda: client.register_schema("orders-value", Schema('{"type": "nonsense"}')))

    def refers(self):
        client = self.client()
        client.register_schema("money", record("Money", ("cents", "long")))
        reference = SchemaReference("Money", "money", 1)
        price = Schema(record("Price", ("amount", "Money")).schema_str, "AVRO", [reference])
        user = client.register_schema("price-value", price)
        read = self.client().get_version("price-value", 1)
        assert read.schema_id == user
        assert [(each.name, each.subject, each.version) for each in read.schema.references] == [("Money", "money", 1)]
        assert client.get_referenced_by("money", 1) == [user]
        assert refused(422, 42206, lambda: client.delete_version("money", 1))
        assert refused(422, 42206, lambda: client.delete_subject("money"))
        dangling = Schema(price.schema_str, "AVRO", [SchemaReference("Money", "nobody", 1)])
        assert refused(422, 42201, lambda: client.register_schema("dangling-value", dangling))
        assert client.delete_subject("price-value") == [1]
        assert client.delete_subject("price-value", permanent=True) == [1]
        assert client.delete_subject("money") == [1]

    def configures(self):
        client = self.client()
        assert client.get_compatibility() == "BACKWARD"
        assert client.get_config().compatibility_level == "BACKWARD"
        assert refused(404, 40408, lambda: client.get_compatibility("orders-value"))
        assert client.test_compatibility("orders-value", WIDER_ORDER, "latest") is True
        assert client.test_compatibility("orders-value", BROKEN_ORDER) is False
        assert client.test_compatibility_all_versions("orders-value", BROKEN_ORDER) is False
        assert refused(409, 40901, lambda: client.register_schema("orders-value", BROKEN_ORDER))

        assert client.set_compatibility("orders-value", "none") == {"compatibility": "NONE"}
        assert client.get_compatibility("orders-value") == "NONE"
        assert client.test_compatibility("orders-value", BROKEN_ORDER) is True
        assert client.delete_config("orders-value").compatibility_level == "NONE"
        assert refused(404, 40408, lambda: client.get_config("orders-value"))
        assert refused(404, 40401, lambda: client.delete_config("orders-value"))
        assert refused(422, 42203, lambda: client.set_compatibility("orders-value", "sometimes"))
        client.set_config(config=ServerConfig(compatibility=ConfigCompatibilityLevel.FULL))
        assert self.client().get_config().compatibility_level == "FULL"
        client.delete_config()
        assert self.client().get_compatibility() == "BACKWARD"

    def deletes(self, first):
        client = self.client()
        assert refused(404, 40405, lambda: client.delete_subject("copies-value", permanent=True))
        assert client.delete_subject("copies-value") == [1]
        assert refused(404, 40404, lambda: client.delete_subject("copies-value"))
        assert "copies-value" not in client.get_subjects()
        assert "copies-value" in client.get_subjects(deleted=True)
        assert refused(404, 40401, lambda: client.get_versions("copies-value"))
        assert client.get_versions("copies-value", deleted=True) == [1]
        assert client.get_version("copies-value", 1, deleted=True).schema_id == first
        assert client.lookup_schema("copies-value", ORDER, deleted=True).schema_id == first
        assert client.delete_subject("copies-value", permanent=True) == [1]
        assert "copies-value" not in client.get_subjects(deleted=True)

        client = self.client()
        assert refused(404, 40407, lambda: client.delete_version("orders-value", 2, permanent=True))
        assert client.delete_version("orders-value", 2) == 2
        assert refused(404, 40406, lambda: client.delete_version("orders-value", 2))
        assert client.get_versions("orders-value") == [1]
        assert client.delete_version("orders-value", 2, permanent=True) == 2
        assert self.client().get_latest_version("orders-value").version == 1

    def changes_modes(self):
        client = self.client()
        assert client.get_global_mode() == "READWRITE"
        assert refused(404, 40409, lambda: client.get_mode("orders-value"))
        assert client.update_mode("orders-value", "READONLY") == "READONLY"
        assert client.get_mode("orders-value") == "READONLY"
        assert refused(422, 42205, lambda: client.register_schema("orders-value", WIDER_ORDER))
        assert self.client().register_schema("orders-value", ORDER), "what is there is answered in every mode"
        assert refused(422, 42205, lambda: client.delete_version("orders-value", 1))
        assert client.delete_mode("orders-value") == "READONLY"
        assert refused(404, 40409, lambda: client.get_mode("orders-value"))
        assert refused(422, 42204, lambda: client.update_global_mode("UPSIDEDOWN"))

        assert refused(422, 42205, lambda: client.update_global_mode("IMPORT")), "the registry is filled"
        assert client.update_global_mode("IMPORT", force=True) == "IMPORT"
        assert self.client().get_global_mode() == "IMPORT"
        assert refused(422, 42205, lambda: client.register_schema("payments-value", PAYMENT))
        assert self.client().register_schema("orders-value", ORDER)
        assert client.update_global_mode("READWRITE") == "READWRITE"
        assert client.register_schema("payments-value", PAYMENT)

    def keeps_contexts_apart(self):
        client = self.client()
        assert client.get_contexts() == ["."]
        qualified = ":.dr:refunds-value"
        number = client.register_schema(qualified, REFUND)
        assert client.get_contexts() == [".", ".dr"]
        assert qualified in client.get_subjects() and "refunds-value" not in client.get_subjects()
        assert client.get_subjects(subject_prefix=":.dr:") == [qualified]
        assert client.get_latest_version(qualified).subject == qualified
        assert same(client.get_schema(number, subject_name=qualified), REFUND)

        pinned = self.client("/contexts/.dr")
        assert pinned.get_versions("refunds-value") == [1]
        assert same(pinned.get_schema(number), REFUND)
        assert pinned.lookup_schema("refunds-value", REFUND).schema_id == number
        assert refused(404, 40401, lambda: client.get_versions("refunds-value"))

        assert client.update_mode(":.dr:", "READONLY") == "READONLY"
        assert refused(422, 42205, lambda: pinned.register_schema("refunds-value", ORDER))
        assert client.register_schema("elsewhere-value", PAYMENT), "the default context is not concerned"
        assert client.delete_mode(":.dr:") == "READONLY"
        assert client.set_compatibility(":.dr:", "NONE") == {"compatibility": "NONE"}
        assert pinned.register_schema("refunds-value", ORDER)
        assert pinned.delete_subject("refunds-value") == [1, 2]
        assert pinned.delete_subject("refunds-value", permanent=True) == [1, 2]

    def asks_for_credentials(self):
        stranger = self.client(credentials="stranger:wrong")
        assert refused(401, 401, stranger.get_subjects)


def same(left, right):
    return json.loads(left.schema_str) == json.loads(right.schema_str)


def refused(status, code, call):
    """Whether a call fails with exactly this status and this error code; an answer is an error of its own."""
    try:
        answer = call()
    except SchemaRegistryError as error:
        assert (error.http_status_code, error.error_code) == (status, code), (
            f"expected {status}/{code}, got {error.http_status_code}/{error.error_code}: {error.error_message}"
        )
        return True
    raise AssertionError(f"expected {status}/{code}, got the answer {answer!r}")


def main():
    run = Run(sys.argv[1], sys.argv[2])
    run.asks_for_credentials()
    first, second = run.registers()
    run.reads(first, second)
    run.refers()
    run.configures()
    run.deletes(first)
    run.changes_modes()
    run.keeps_contexts_apart()
    print("confluent-kafka's SchemaRegistryClient works unchanged")


if __name__ == "__main__":
    main()
