#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our TUF client on repositories that python-tuf wrote: sound ones are taken,
and of broken ones each is refused by the rule that it breaks.

usage: writer.py FOLDER-OF-PROGRAMS
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile

from server import skip

try:
    from securesystemslib.formats import encode_canonical
    from written import PAST, Repository, served
except ImportError:
    skip("python-tuf is not installed")

CASES = []


def case(function):
    CASES.append(function)
    return function


class Client:
    """Our client with a folder of its own, on one repository."""

    def __init__(self, programs, base, repository, url):
        self.program = programs + "/tuf_conformance_client"
        self.base, self.url = base, url
        os.makedirs(base + "/targets")
        os.makedirs(base + "/metadata")
        with open(base + "/metadata/root.json", "wb") as file:
            file.write(repository.trusted_root)

    def run(self, *words):
        done = subprocess.run(
            [self.program, "--metadata-dir", self.base + "/metadata",
             "--metadata-url", self.url + "metadata/", *words],
            capture_output=True, text=True, timeout=120)
        return "" if done.returncode == 0 else done.stderr.strip()

    def refresh(self):
        return self.run("refresh")

    def get(self, *targets):
        names = [w for target in targets for w in ("--target-name", target)]
        return self.run(*names, "--target-base-url", self.url + "targets/",
                        "--target-dir", self.base + "/targets", "download")

    def kept(self):
        return sorted(os.listdir(self.base + "/metadata"))

    def contents(self):
        found = []
        for name in sorted(os.listdir(self.base + "/targets")):
            with open(self.base + "/targets/" + name, "rb") as file:
                found.append(file.read())
        return found


def takes(said):
    assert said == "", said


def refuses(said, why):
    assert why in said, "said %r, want %r" % (said, why)


# Sound ones.

def _kinds(kind):
    def run(r, c):
        r.delegate("targets", "a", ["dir/*"])
        r.add_target("a", "dir/f", b"content")
        r.advance()
        takes(c.get("dir/f"))
        assert c.contents() == [b"content"]
    run.__name__ = "sound_" + kind
    run.repository = {"kind": kind}
    return run


for _kind in ("ed25519", "ecdsa", "rsa"):
    case(_kinds(_kind))


@case
def sound_without_consistent_snapshots(r, c):
    r.delegate("targets", "a")
    r.add_target("a", "f", b"content")
    r.advance()
    takes(c.get("f"))


sound_without_consistent_snapshots.repository = {"consistent": False}


@case
def sound_without_hashes_of_metadata(r, c):
    r.add_target("targets", "f", b"content")
    r.advance()
    takes(c.get("f"))


sound_without_hashes_of_metadata.repository = {"hashes": False}


@case
def sound_with_fields_that_nobody_knows(r, c):
    for document in r.signed.values():
        document.unrecognized_fields["x-note"] = {"a": [1, "é\n\"\\\u20ac", None]}
    r.advance("root")
    r.advance()
    takes(c.refresh())


@case
def sound_with_names_beyond_ascii(r, c):
    r.delegate("targets", "röle ?#", ["dé/*"])
    r.add_target("röle ?#", "dé/fïle 1", b"content")
    r.advance()
    takes(c.get("dé/fïle 1"))
    assert len(c.kept()) == 5, c.kept()


@case
def sound_by_prefixes_of_hashes(r, c):
    r.delegate("targets", "low", prefixes=list("01234567"))
    r.delegate("targets", "high", prefixes=list("89abcdef"))
    for name in ("f", "g", "h", "i"):
        r.add_target("low", name, b"low " + name.encode())
        r.add_target("high", name, b"high " + name.encode())
    r.advance()
    takes(c.get("f", "g", "h", "i"))
    kinds = {content.split()[0] for content in c.contents()}
    assert kinds == {b"low", b"high"}, kinds


@case
def sound_after_rotations(r, c):
    takes(c.refresh())
    for role in ("timestamp", "snapshot", "targets"):
        r.rotate(role)
        r.advance("root")
        r.advance()
        takes(c.refresh())
    old = list(r.signers["root"])
    r.rotate("root")
    r.signers["root"] += old
    r.advance("root")
    del r.signers["root"][1:]
    r.advance("root")
    takes(c.refresh())


@case
def sound_recovery_from_fast_forward(r, c):
    r.signed["targets"].version = r.signed["snapshot"].version = 1000
    r.signed["timestamp"].version = 1000
    r.publish_all()
    takes(c.refresh())
    for role in ("targets", "snapshot", "timestamp"):
        r.signed[role].version = 2
    r.publish_all()
    refuses(c.refresh(), "timestamp.json: rollback")
    r.rotate("timestamp")
    r.rotate("snapshot")
    r.advance("root")
    r.publish_all()
    takes(c.refresh())


# Rollback.

@case
def timestamp_rolled_back(r, c):
    old = r.files["metadata/timestamp.json"]
    r.advance()
    takes(c.refresh())
    r.files["metadata/timestamp.json"] = old
    refuses(c.refresh(), "timestamp.json: rollback")


@case
def snapshot_rolled_back(r, c):
    r.advance()
    takes(c.refresh())
    r.signed["snapshot"].version = 1
    r.signed["timestamp"].version += 1
    r.publish_all()
    refuses(c.refresh(), "timestamp.json: rollback: snapshot")


@case
def targets_rolled_back(r, c):
    r.advance()
    takes(c.refresh())
    r.signed["targets"].version = 1
    r.advance("snapshot", "timestamp")
    refuses(c.refresh(), "snapshot.json: rollback: targets.json")


@case
def role_removed(r, c):
    r.delegate("targets", "a")
    r.advance()
    takes(c.refresh())
    r.signed["snapshot"].version += 1
    r.signed["timestamp"].version += 1
    del r.signed["a"], r.signed["snapshot"].meta["a.json"]
    r.publish_all()
    refuses(c.refresh(), "rollback: a.json is listed no more")


@case
def root_skips_a_version(r, c):
    r.root.version = 3
    r.files["metadata/2.root.json"] = r.file("root")
    refuses(c.refresh(), "root.json: rollback")


# Freeze.

def _expired(role):
    def run(r, c):
        if role == "a":
            r.delegate("targets", "a")
        r.signed[role].expires = PAST
        r.advance("root") if role == "root" else r.advance()
        refuses(c.get("f"), role + ".json: expired")
    run.__name__ = role + "_expired"
    return run


for _role in ("root", "timestamp", "snapshot", "targets", "a"):
    case(_expired(_role))


# Mix and match.

@case
def older_snapshot_under_a_newer_name(r, c):
    old = r.files["metadata/1.snapshot.json"]
    r.advance()
    r.files["metadata/2.snapshot.json"] = old
    refuses(c.refresh(), "snapshot.json: mix-and-match: version 1 where 2")


older_snapshot_under_a_newer_name.repository = {"hashes": False}


@case
def older_targets_under_a_newer_name(r, c):
    old = r.files["metadata/1.targets.json"]
    r.advance()
    r.files["metadata/2.targets.json"] = old
    refuses(c.refresh(), "targets.json: mix-and-match: version 1 where 2")


older_targets_under_a_newer_name.repository = {"hashes": False}


@case
def targets_of_another_hash(r, c):
    def other(body):
        body["x-note"] = "b"
    r.publish("targets", lambda body: body.update({"x-note": "a"}))
    r.publish("snapshot")
    r.publish("timestamp")
    r.files["metadata/1.targets.json"] = r.file("targets", other)
    refuses(c.refresh(), "targets.json: mix-and-match: its sha256")


# Thresholds and keys.

def _unsigned(role):
    def run(r, c):
        if role == "a":
            r.delegate("targets", "a")
            r.add_target("a", "f", b"content")
        other = "snapshot" if role != "snapshot" else "timestamp"
        r.signers[role] = r.signers[other]
        r.advance("root") if role == "root" else r.advance()
        refuses(c.get("f"), role + ".json: below threshold: 0 of 1")
    run.__name__ = role + "_signed_by_others"
    return run


for _role in ("root", "timestamp", "snapshot", "targets", "a"):
    case(_unsigned(_role))


@case
def root_signed_by_old_keys_only(r, c):
    old = r.signers["root"]
    r.rotate("root")
    r.signers["root"] = old
    r.advance("root")
    refuses(c.refresh(), "root.json: below threshold: 0 of 1")


@case
def root_signed_by_new_keys_only(r, c):
    r.rotate("root")
    r.advance("root")
    refuses(c.refresh(), "root.json: below threshold: 0 of 1")


@case
def two_of_three(r, c):
    r.add_key("snapshot")
    r.add_key("snapshot")
    r.root.roles["snapshot"].threshold = 3
    r.advance("root")
    r.signers["snapshot"].pop()
    r.advance()
    refuses(c.refresh(), "snapshot.json: below threshold: 2 of 3")


@case
def signature_twice(r, c):
    document = json.loads(r.files["metadata/timestamp.json"])
    document["signatures"] *= 2
    r.files["metadata/timestamp.json"] = json.dumps(document).encode()
    refuses(c.refresh(), "two signatures of one key identifier")


@case
def key_twice_in_a_role(r, c):
    def twice(body):
        body["version"] = 2
        role = body["roles"]["snapshot"]
        role["keyids"] *= 2
        role["threshold"] = 2
    r.files["metadata/2.root.json"] = r.file("root", twice)
    refuses(c.refresh(), "\"keyids\" has one twice")


@case
def key_under_another_identifier(r, c):
    def renamed(body):
        body["version"] = 2
        body["keys"]["0" * 64] = next(iter(body["keys"].values()))
    r.files["metadata/2.root.json"] = r.file("root", renamed)
    refuses(c.refresh(), "key " + "0" * 64 + " is ")


@case
def key_of_an_unknown_type(r, c):
    signer = r.signers["timestamp"][0]
    r.root.revoke_key(signer.public_key.keyid, "timestamp")
    signer.public_key.keytype = signer.public_key.scheme = "unknown"
    signer.public_key.keyid = hashlib.sha256(
        encode_canonical(signer.public_key.to_dict()).encode()).hexdigest()
    r.root.add_key(signer.public_key, "timestamp")
    r.advance("root")
    r.publish("timestamp")
    refuses(c.refresh(), "timestamp.json: below threshold: 0 of 1")


@case
def snapshot_as_timestamp(r, c):
    r.signers["snapshot"] += r.signers["timestamp"]
    r.files["metadata/timestamp.json"] = r.file("snapshot")
    refuses(c.refresh(), "\"_type\" is not timestamp")


# Targets.

@case
def target_of_another_hash(r, c):
    r.add_target("targets", "f", b"content")
    r.advance()
    for name in r.files:
        if name.startswith("targets/"):
            r.files[name] = b"c0ntent"
    refuses(c.get("f"), "f: its sha256 is not the signed one")
    assert c.contents() == []


@case
def target_too_long_or_short(r, c):
    r.add_target("targets", "f", b"content")
    r.advance()
    for content, why in ((b"contents", ""), (b"conten", "shorter")):
        for name in r.files:
            if name.startswith("targets/"):
                r.files[name] = content
        said = c.get("f")
        assert said and why in said, said
    assert c.contents() == []


@case
def target_of_an_unknown_algorithm(r, c):
    r.add_target("targets", "f", b"content", ["md5"])
    r.advance()
    refuses(c.get("f"), "unknown hash algorithm md5")


@case
def target_nobody_may_offer(r, c):
    r.delegate("targets", "a", ["a/*"])
    r.add_target("a", "b/f", b"content")
    r.advance()
    refuses(c.get("b/f"), "no role that may offer it does")


@case
def role_not_in_the_snapshot(r, c):
    r.delegate("targets", "a")
    r.advance()
    del r.signed["a"], r.signed["snapshot"].meta["a.json"]
    r.advance("snapshot", "timestamp")
    refuses(c.get("f"), "a.json: the snapshot does not list it")


@case
def role_named_to_leave_the_folder(r, c):
    r.delegate("targets", "../../a")
    r.add_target("../../a", "f", b"content")
    r.advance()
    takes(c.get("f"))
    assert "..%2F..%2Fa.json" in c.kept(), c.kept()


@case
def role_named_as_a_top_level_one(r, c):
    r.delegate("targets", "a")

    def renamed(body):
        body["delegations"]["roles"][0]["name"] = "root"
    for role in ("targets", "snapshot", "timestamp"):
        r.signed[role].version += 1
        r.publish(role, renamed if role == "targets" else None)
    refuses(c.refresh(), "\"name\" is empty, too long or of a top-level role")


@case
def target_named_to_leave_the_folder(r, c):
    r.add_target("targets", "../../f", b"content")
    r.advance()
    refuses(c.get("../../f"), "a part that is empty, or . or ..")


# Endless data.

def _endless(role):
    def run(r, c):
        r.advance()
        r.endless.add("metadata/2.root.json" if role == "root" else r.name(role))
        said = c.refresh()
        assert said.startswith("tuf: limit: "), said
    run.__name__ = role + "_endless"
    return run


for _role in ("root", "timestamp", "snapshot", "targets"):
    case(_endless(_role))


@case
def target_endless(r, c):
    r.add_target("targets", "f", b"content")
    r.advance()
    r.endless.update(n for n in r.files if n.startswith("targets/"))
    assert c.get("f") != ""
    assert c.contents() == []


# What is hardly JSON, in a file that anybody can serve.

def _text(name, make, why):
    def run(r, c):
        path = "metadata/timestamp.json"
        r.files[path] = make(r.files[path])
        refuses(c.refresh(), why)
    run.__name__ = "json_" + name
    return case(run)


_text("cut", lambda t: t[:-1], "not JSON")
_text("empty", lambda t: b"", "not JSON")
_text("with_more", lambda t: t + b"x", "not JSON")
_text("with_a_byte_order_mark", lambda t: b"\xef\xbb\xbf" + t, "not JSON")
_text("deep", lambda t: b"[" * 10000, "nested more than 16 deep")
_text("with_a_key_twice", lambda t: t.replace(b"{", b"{\"signatures\":[],", 1),
      "a key twice")
_text("with_a_fraction",
      lambda t: t.replace(b"\"version\": 1,", b"\"version\": 1.0,"),
      "no integer")
_text("with_a_huge_number",
      lambda t: t.replace(b"\"version\": 1,", b"\"version\": 9007199254740993,"),
      "beyond 2^53")
_text("with_half_a_character",
      lambda t: t.replace(b"timestamp", b"\\ud800"), "not JSON")
_text("not_utf8", lambda t: t.replace(b"timestamp", b"\xff"), "not JSON")


def main(programs):
    with tempfile.TemporaryDirectory() as base:
        for number, run in enumerate(CASES):
            repository = Repository(**getattr(run, "repository", {}))
            with served(repository) as url:
                client = Client(programs, "%s/%d" % (base, number), repository,
                                url)
                try:
                    run(repository, client)
                except AssertionError as error:
                    sys.exit("%s: %s" % (run.__name__, error))
    print("%d cases" % len(CASES))


if __name__ == "__main__":
    main(*sys.argv[1:])
