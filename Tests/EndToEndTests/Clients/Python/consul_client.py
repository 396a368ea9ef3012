"""Runs py-consul, as published on PyPI, against a Consul.

usage: consul_client.py URL TOKEN
       consul_client.py URL TOKEN KEY

Without a key, the Consul must be empty; every expectation is what the documented service answers, and a failed one ends
the process with a traceback and code 1. With a key, what an application finds there is printed.
"""

import base64
import sys
import urllib.parse

import consul
from consul.exceptions import ACLPermissionDenied, BadRequest, ClientError, ConsulException


class Run:
    """One Consul."""

    def __init__(self, url, token):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port, self.scheme, self.token = parts.hostname, parts.port, parts.scheme, token
        self.consul = self.client(token=token)

    def client(self, **options):
        return consul.Consul(host=self.host, port=self.port, scheme=self.scheme, **options)

    def signed(self):
        """A client whose session carries the token: py-consul's transactions and calls of the agent do not by themselves."""
        client = self.client()
        client.http.session.headers["X-Consul-Token"] = self.token
        return client

    def transact(self, *operations):
        return self.signed().txn.put([{"KV": operation} for operation in operations])

    def value(self, key):
        _, entry = self.consul.kv.get(key)
        return entry and entry["Value"]

    def keeps_keys(self):
        kv = self.consul.kv
        index, nothing = kv.get("apps/checkout")
        assert nothing is None and int(index) > 0, "a key that is not there has an index to wait from"
        assert kv.put("apps/checkout", '{"a": "ä"}', flags=2**62) is True
        index, entry = kv.get("apps/checkout")
        assert entry["Key"] == "apps/checkout" and entry["Value"].decode() == '{"a": "ä"}', entry
        assert entry["Flags"] == 2**62 and entry["LockIndex"] == 0 and "Session" not in entry, entry
        assert int(index) == entry["ModifyIndex"] == entry["CreateIndex"], (index, entry)
        assert kv.put("apps/checkout", b"\x00\xff")
        index, changed = kv.get("apps/checkout", consistency="consistent")
        assert changed["Value"] == b"\x00\xff" and changed["Flags"] == 0
        assert changed["CreateIndex"] == entry["CreateIndex"] < changed["ModifyIndex"] == int(index)
        assert kv.put("apps/folder/", None)
        _, folder = kv.get("apps/folder/")
        assert folder["Value"] is None and kv.get("apps/folder")[1] is None
        assert kv.delete("apps/checkout") is True and kv.delete("apps/checkout") is True
        assert self.value("apps/checkout") is None
        assert kv.delete("", recurse=True) is True

    def lists(self):
        kv = self.consul.kv
        names = ["apps/a/x", "apps/a/y", "apps/b", "apps/ü & co", "others"]
        for name in names:
            kv.put(name, name)
        index, entries = kv.get("apps/", recurse=True)
        assert [entry["Key"] for entry in entries] == names[:4], entries
        assert [entry["Value"].decode() for entry in entries] == names[:4]
        assert int(index) >= max(entry["ModifyIndex"] for entry in entries)
        assert kv.get("apps/", keys=True)[1] == names[:4]
        assert kv.get("apps/", keys=True, separator="/")[1] == ["apps/a/", "apps/b", "apps/ü & co"]
        assert kv.get("", keys=True)[1] == names
        assert kv.get("none/", recurse=True)[1] is None and kv.get("none/", keys=True)[1] is None
        assert kv.delete("apps/a/", recurse=True) is True
        assert kv.get("", keys=True)[1] == names[2:]
        kv.delete("", recurse=True)
        assert kv.get("", keys=True)[1] == []

    def compares(self):
        kv = self.consul.kv
        assert kv.put("k", "1", cas=7) is False
        assert kv.put("k", "1", cas=0) is True and kv.put("k", "2", cas=0) is False
        first = kv.get("k")[1]["ModifyIndex"]
        assert kv.put("k", "2", cas=first) is True and kv.put("k", "3", cas=first) is False
        assert self.value("k") == b"2"
        second = kv.get("k")[1]["ModifyIndex"]
        assert kv.put("k", "2") and kv.get("k")[1]["ModifyIndex"] == second, "the same value is no change"
        assert kv.delete("k", cas=first) is False and kv.delete("k", cas=second) is True
        assert self.value("k") is None

    def waits(self):
        kv = self.consul.kv
        kv.put("watched", "1")
        index, _ = kv.get("watched")
        kv.put("watched", "2")
        later, entry = kv.get("watched", index=index, wait="10s")
        assert entry["Value"] == b"2" and int(later) > int(index), "what has changed already is answered at once"
        kv.delete("watched")

    def transacts(self):
        def text(value):
            return base64.b64encode(value.encode()).decode()

        done = self.transact(
            {"Verb": "set", "Key": "t/a", "Value": text("1")},
            {"Verb": "cas", "Key": "t/b", "Value": text("2"), "Index": 0},
            {"Verb": "get", "Key": "t/a"},
        )
        assert done["Errors"] is None and len(done["Results"]) == 3, done
        assert done["Results"][0]["KV"]["Value"] is None
        assert base64.b64decode(done["Results"][2]["KV"]["Value"]) == b"1"
        assert done["Results"][0]["KV"]["ModifyIndex"] == done["Results"][1]["KV"]["ModifyIndex"]
        stale = [{"Verb": "delete", "Key": "t/a"}, {"Verb": "cas", "Key": "t/b", "Value": text("3"), "Index": 1}]
        words = refused(ClientError, lambda: self.transact(*stale))
        assert words.startswith("409") and "index is stale" in words, words
        assert self.value("t/a") == b"1" and self.value("t/b") == b"2", "nothing of it was done"
        self.transact({"Verb": "delete-tree", "Key": "t/"})
        assert self.consul.kv.get("t/", recurse=True)[1] is None

    def asks_the_agent(self):
        assert ":" in self.consul.status.leader() and len(self.consul.status.peers()) == 1
        assert self.signed().agent.self()["Config"]["Datacenter"] == "dc1"
        assert self.signed().catalog.datacenters() == ["dc1"]
        assert self.client(token=self.token, dc="dc1").kv.get("none")[1] is None
        words = refused(ConsulException, lambda: self.client(token=self.token, dc="elsewhere").kv.get("none"))
        assert "No path to datacenter" in words, words

    def refuses(self):
        self.consul.kv.put("secured", "1")
        for stranger in (self.client(), self.client(token="another")):
            refused(ACLPermissionDenied, lambda: stranger.kv.get("secured"))
            refused(ACLPermissionDenied, lambda: stranger.kv.put("secured", "2"))
            refused(ACLPermissionDenied, lambda: stranger.kv.delete("secured"))
        assert self.client().kv.get("secured", token=self.token)[1]["Value"] == b"1"
        refused(BadRequest, lambda: self.consul.kv.put("secured", "2", cas=0, acquire="session"))
        words = refused(ClientError, lambda: self.consul.kv.put("secured", "x" * (512 * 1024 + 1)))
        assert words.startswith("413"), words
        words = refused(ConsulException, lambda: self.signed().session.create())
        assert words.startswith("501"), "what is not modelled says so: " + words
        assert self.value("secured") == b"1"


def refused(kind, call):
    """The words of the exception of exactly this kind that a call ends with; an answer is an error of its own."""
    try:
        answer = call()
    except ConsulException as error:
        assert type(error) is kind, f"expected {kind.__name__}, got {type(error).__name__}: {error}"
        return str(error)
    raise AssertionError(f"expected {kind.__name__}, got the answer {answer!r}")


def main():
    run = Run(sys.argv[1], sys.argv[2])
    if len(sys.argv) > 3:
        print(run.value(sys.argv[3]).decode())
        return
    run.asks_the_agent()
    run.keeps_keys()
    run.lists()
    run.compares()
    run.waits()
    run.transacts()
    run.refuses()
    print("py-consul works unchanged")


if __name__ == "__main__":
    main()
