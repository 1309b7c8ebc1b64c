# SPDX-License-Identifier: Apache-2.0
"""Repositories that python-tuf writes, to be bent and served from memory."""
import contextlib
import copy
import http.server
import json
import threading
import urllib.parse
from datetime import datetime, timedelta, timezone

from securesystemslib.formats import encode_canonical
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (DelegatedRole, Delegations, Metadata, MetaFile,
                              Root, Snapshot, TargetFile, Targets, Timestamp)

GENERATE = {
    "ed25519": CryptoSigner.generate_ed25519,
    "ecdsa": CryptoSigner.generate_ecdsa,
    "rsa": CryptoSigner.generate_rsa,
}
LATER = (datetime.now(timezone.utc) + timedelta(days=30)).replace(microsecond=0)
PAST = (datetime.now(timezone.utc) - timedelta(days=1)).replace(microsecond=0)


class Repository:
    """Documents by role in `signed`; what is served in `files` by path."""

    def __init__(self, kind="ed25519", consistent=True, hashes=True):
        self.kind, self.hashes = kind, hashes
        self.files, self.endless, self.asked = {}, set(), []
        self.signers = {}
        self.signed = {
            "root": Root(expires=LATER, consistent_snapshot=consistent),
            "timestamp": Timestamp(expires=LATER),
            "snapshot": Snapshot(expires=LATER),
            "targets": Targets(expires=LATER),
        }
        for role in list(self.signed):
            self.add_key(role)
        self.publish("root")
        self.publish_all()
        self.trusted_root = self.files["metadata/1.root.json"]

    @property
    def root(self):
        return self.signed["root"]

    def add_key(self, role, kind=None):
        signer = GENERATE[kind or self.kind]()
        self.root.add_key(signer.public_key, role)
        self.signers.setdefault(role, []).append(signer)
        return signer

    def rotate(self, role):
        for keyid in list(self.root.roles[role].keyids):
            self.root.revoke_key(keyid, role)
        self.signers[role] = []
        self.add_key(role)

    def delegate(self, parent, name, paths=("*",), terminating=False,
                 prefixes=None):
        delegator = self.signed[parent]
        if delegator.delegations is None:
            delegator.delegations = Delegations({}, {})
        delegator.delegations.roles[name] = DelegatedRole(
            name, [], 1, terminating,
            None if prefixes else list(paths), prefixes)
        signer = GENERATE[self.kind]()
        delegator.add_key(signer.public_key, name)
        self.signers.setdefault(name, []).append(signer)
        self.signed.setdefault(name, Targets(expires=LATER))

    def add_target(self, role, path, content, algorithms=("sha256", "sha512")):
        target = TargetFile.from_data(path, content, list(algorithms))
        self.signed[role].targets[path] = target
        folder, _, name = path.rpartition("/")
        for digest in target.hashes.values():
            self.files["targets/" + (folder + "/" if folder else "") +
                       digest + "." + name] = content
        self.files["targets/" + path] = content

    def file(self, role, change=None):
        """The signed file of `role`; `change` may bend its dictionary first,
        and is signed along."""
        body = Metadata(copy.deepcopy(self.signed[role])).to_dict()["signed"]
        if change:
            change(body)
        payload = encode_canonical(body).encode()
        signatures = []
        for signer in self.signers[role]:
            signature = signer.sign(payload)
            signatures.append({"keyid": signature.keyid,
                               "sig": signature.signature})
        return json.dumps({"signed": body, "signatures": signatures}).encode()

    def name(self, role, version=None):
        quoted = urllib.parse.quote(role, "")
        if role == "timestamp":
            return "metadata/timestamp.json"
        if role != "root" and not self.root.consistent_snapshot:
            return "metadata/%s.json" % quoted
        return "metadata/%d.%s.json" % (version or self.signed[role].version,
                                        quoted)

    def describe(self, version, data):
        if not self.hashes:
            return MetaFile(version)
        return MetaFile.from_data(version, data, ["sha256"])

    def publish(self, role, change=None):
        data = self.file(role, change)
        self.files[self.name(role)] = data
        version = self.signed[role].version
        if role == "snapshot":
            self.signed["timestamp"].snapshot_meta = self.describe(version, data)
        elif role not in ("root", "timestamp"):
            self.signed["snapshot"].meta[role + ".json"] = self.describe(
                version, data)

    def publish_all(self):
        for role in self.signed:
            if role not in ("root", "timestamp", "snapshot"):
                self.publish(role)
        self.publish("snapshot")
        self.publish("timestamp")

    def advance(self, *roles):
        """The next version of these, or of all below root, published."""
        for role in roles or [r for r in self.signed if r != "root"]:
            self.signed[role].version += 1
        if "root" in roles:
            self.publish("root")
        if roles != ("root",):
            self.publish_all()


@contextlib.contextmanager
def served(repository):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            path = urllib.parse.unquote(self.path.lstrip("/"))
            quoted = self.path.lstrip("/")
            name = quoted if quoted in repository.files else path
            repository.asked.append(name)
            if name in repository.endless:
                self.send_response(200)
                self.end_headers()
                with contextlib.suppress(OSError):
                    for _ in range(1 << 14):  # 1 GiB at most, to end somewhere.
                        self.wfile.write(b" " * 65536)
                return
            if name not in repository.files:
                self.send_error(404)
                return
            data = repository.files[name]
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield "http://127.0.0.1:%d/" % server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
