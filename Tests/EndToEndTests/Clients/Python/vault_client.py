"""Drives a Vault through hvac, as an application would.

usage: vault_client.py URL TOKEN [PATH]   with a path: prints the fields that are published there, as JSON
"""

import json
import sys

import hvac

url, token = sys.argv[1:3]
client = hvac.Client(url=url, token=token)
if len(sys.argv) > 3:
    print(json.dumps(client.secrets.kv.v2.read_secret_version(path=sys.argv[3], raise_on_deleted_version=True)["data"]["data"]))
    sys.exit(0)


def refused(kind, call):
    try:
        call()
    except kind:
        return
    raise AssertionError(f"{kind.__name__} was expected")


assert client.sys.is_initialized() and not client.sys.is_sealed()
assert client.sys.read_health_status(method="GET")["standby"] is False
assert client.is_authenticated()
assert not hvac.Client(url=url, token="somebody-elses").is_authenticated()
assert "secret/" in client.sys.list_mounted_secrets_engines()["data"]

kv = client.secrets.kv.v2
refused(hvac.exceptions.InvalidPath, lambda: kv.read_secret_version(path="app", raise_on_deleted_version=True))
first = kv.create_or_update_secret(path="app", secret={"user": "u", "password": "p"}, cas=0)
assert first["data"]["version"] == 1
refused(hvac.exceptions.InvalidRequest, lambda: kv.create_or_update_secret(path="app", secret={}, cas=0))
kv.patch(path="app", secret={"password": "q"})
read = kv.read_secret_version(path="app", raise_on_deleted_version=True)["data"]
assert read["data"] == {"user": "u", "password": "q"} and read["metadata"]["version"] == 2
assert kv.read_secret_version(path="app", version=1, raise_on_deleted_version=True)["data"]["data"]["password"] == "p"
kv.update_metadata(path="app", custom_metadata={"owner": "shop"})
assert kv.read_secret_metadata(path="app")["data"]["custom_metadata"] == {"owner": "shop"}
# The simulator's HTTP server does not know the verb LIST; `?list=true` is the other documented way.
assert client.adapter.get("/v1/secret/metadata?list=true")["data"]["keys"] == ["app"]
kv.delete_latest_version_of_secret(path="app")
refused(hvac.exceptions.InvalidPath, lambda: kv.read_secret_version(path="app", raise_on_deleted_version=True))
kv.undelete_secret_versions(path="app", versions=[2])
assert kv.read_secret_version(path="app", raise_on_deleted_version=True)["data"]["data"]["password"] == "q"
kv.destroy_secret_versions(path="app", versions=[1])
assert kv.read_secret_metadata(path="app")["data"]["versions"]["1"]["destroyed"] is True
kv.delete_metadata_and_all_versions(path="app")
refused(hvac.exceptions.InvalidPath, lambda: kv.read_secret_metadata(path="app"))

plain = client.secrets.kv.v1
plain.create_or_update_secret(path="app", secret={"a": "b"}, mount_point="kv1")
assert plain.read_secret(path="app", mount_point="kv1")["data"] == {"a": "b"}
plain.delete_secret(path="app", mount_point="kv1")
refused(hvac.exceptions.InvalidPath, lambda: plain.read_secret(path="app", mount_point="kv1"))

login = hvac.Client(url=url)
login.auth.approle.login(role_id="SIMULATOR", secret_id=token)
assert login.is_authenticated() and login.lookup_token()["data"]["ttl"] > 0
login.auth.token.renew_self()
login.auth.jwt.jwt_login(role="ci", jwt=token)
assert login.is_authenticated()
refused(hvac.exceptions.InvalidRequest, lambda: login.auth.approle.login(role_id="SIMULATOR", secret_id="wrong"))
print("hvac works unchanged")
