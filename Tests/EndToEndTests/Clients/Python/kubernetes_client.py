"""Uses the Python client of Kubernetes on a simulated cluster: kubernetes_client.py KUBECONFIG."""
import base64
import sys

from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException

config.load_kube_config(sys.argv[1], context="sim")
core = client.CoreV1Api()
apps = client.AppsV1Api()


def refused(status, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except ApiException as error:
        assert error.status == status, error
        return
    raise AssertionError(f"{call.__name__} was not refused")


assert client.VersionApi().get_code().major == "1"
core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name="shop")))
assert "shop" in [item.metadata.name for item in core.list_namespace().items]

settings = client.V1ConfigMap(metadata=client.V1ObjectMeta(name="settings"), data={"a": "1"})
made = core.create_namespaced_config_map("shop", settings)
refused(409, core.create_namespaced_config_map, "shop", settings)
changed = core.patch_namespaced_config_map("settings", "shop", {"data": {"b": "2"}})
assert changed.data == {"a": "1", "b": "2"}
made.data = {"a": "9"}
refused(409, core.replace_namespaced_config_map, "settings", "shop", made)
changed.data["c"] = "3"
assert core.replace_namespaced_config_map("settings", "shop", changed).data["c"] == "3"

core.create_namespaced_secret(
    "shop", client.V1Secret(metadata=client.V1ObjectMeta(name="credentials"), string_data={"password": "hunter2"}))
held = core.read_namespaced_secret("credentials", "shop")
assert base64.b64decode(held.data["password"]) == b"hunter2"
refused(404, core.read_namespaced_secret, "other", "shop")

labels = {"app": "checkout"}
apps.create_namespaced_deployment("shop", client.V1Deployment(
    metadata=client.V1ObjectMeta(name="checkout"),
    spec=client.V1DeploymentSpec(
        replicas=1, selector=client.V1LabelSelector(match_labels=labels),
        template=client.V1PodTemplateSpec(
            metadata=client.V1ObjectMeta(labels=labels),
            spec=client.V1PodSpec(containers=[client.V1Container(name="main", image="checkout:1")])))))
apps.patch_namespaced_deployment_scale("checkout", "shop", {"spec": {"replicas": 2}})
for event in watch.Watch().stream(apps.list_namespaced_deployment, "shop", timeout_seconds=30):
    if event["object"].status.available_replicas == 2:
        break
else:
    raise AssertionError("the deployment did not become available")

core.delete_namespaced_config_map("settings", "shop")
refused(404, core.read_namespaced_config_map, "settings", "shop")
print("ok")
