#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Other people's TUF clients on a repository that we wrote: each stage of it is
taken, by a client that follows and by one that comes new, and each way of
breaking it is refused.

usage: readers.py FOLDER-OF-PROGRAMS python-tuf|tuf-js
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

from server import serving, skip

HERE = os.path.dirname(os.path.abspath(__file__))


class PythonTuf:
    def __init__(self):
        try:
            from tuf.ngclient import Updater
        except ImportError:
            skip("python-tuf is not installed")
        self._updater = Updater

    def get(self, url, folder, targets):
        """The contents of `targets`, or an exception."""
        updater = self._updater(
            metadata_dir=folder + "/metadata",
            metadata_base_url=url + "metadata/",
            target_dir=folder + "/targets",
            target_base_url=url + "targets/",
            bootstrap=None,  # What is in the folder is trusted.
        )
        updater.refresh()
        contents = {}
        for target in targets:
            info = updater.get_targetinfo(target)
            if info is None:
                raise RuntimeError("no target " + target)
            with open(updater.download_target(info)) as file:
                contents[target] = file.read()
        return contents


class TufJs:
    def __init__(self):
        if shutil.which("node") is None:
            skip("node is not installed")
        modules = os.environ.get("VITRINE_NODE_MODULES", "")
        if not os.path.isdir(modules + "/tuf-js"):
            skip("VITRINE_NODE_MODULES has no tuf-js")

    def get(self, url, folder, targets):
        done = subprocess.run(
            ["node", HERE + "/tuf_js_get.cjs", url, folder, *targets],
            capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        return dict(line.split(" ", 1) for line in done.stdout.splitlines())


def client_folder(base, name, root):
    folder = os.path.join(base, name)
    os.makedirs(folder + "/metadata")
    os.makedirs(folder + "/targets")
    shutil.copy(root, folder + "/metadata/root.json")
    return folder


def edit(path, change):
    with open(path) as file:
        document = json.load(file)
    change(document)
    with open(path, "w") as file:
        json.dump(document, file)


def newest(folder, role):
    files = glob.glob("%s/metadata/*.%s.json" % (folder, role))
    return max(files, key=lambda f: int(os.path.basename(f).split(".")[0]))


def without_signatures(count):
    def change(document):
        document["signatures"] = document["signatures"][count:]
    return change


def bump(document):
    document["signed"]["version"] += 1


def spoil_targets(folder):
    for path in glob.glob(folder + "/targets/db/main/*main-3.vdb"):
        os.chmod(path, 0o644)
        with open(path, "w") as file:
            file.write("THREE")


# What is done to the last stage's files, and each must be refused.
BREAKS = {
    "target changed": spoil_targets,
    "root below the threshold":
        lambda f: edit(f + "/metadata/2.root.json", without_signatures(9)),
    "root changed": lambda f: edit(f + "/metadata/2.root.json", bump),
    "top-level targets below the threshold":
        lambda f: edit(newest(f, "targets"), without_signatures(3)),
    "delegated targets below the threshold":
        lambda f: edit(newest(f, "db"), without_signatures(2)),
    "snapshot changed": lambda f: edit(newest(f, "snapshot"), bump),
    "timestamp not signed":
        lambda f: edit(f + "/metadata/timestamp.json", without_signatures(1)),
    "delegated targets withheld": lambda f: os.remove(newest(f, "db")),
}


def main(programs, name):
    judge = {"python-tuf": PythonTuf, "tuf-js": TufJs}[name]()
    writer = programs + "/tuf_write_repository"
    with tempfile.TemporaryDirectory() as base:
        repository = base + "/repository"
        follower = None
        for stage in (1, 2, 3):
            printed = subprocess.run([writer, repository, str(stage)],
                                     check=True, capture_output=True, text=True)
            wanted = dict(line.split(" ", 1)
                          for line in printed.stdout.splitlines())
            root = repository + "/metadata/1.root.json"
            if follower is None:
                follower = client_folder(base, "follower", root)
            new = client_folder(base, "new%d" % stage, root)
            with serving(repository) as url:
                for folder in (follower, new):
                    got = judge.get(url, folder, wanted)
                    if got != wanted:
                        sys.exit("stage %d: %r, want %r" % (stage, got, wanted))
            print("stage %d: %d targets" % (stage, len(wanted)))
        for number, (what, spoil) in enumerate(BREAKS.items()):
            broken = "%s/broken%d" % (base, number)
            shutil.copytree(repository, broken)
            spoil(broken)
            folder = client_folder(base, "victim%d" % number,
                                   broken + "/metadata/1.root.json")
            with serving(broken) as url:
                try:
                    judge.get(url, folder, ["db/main/main-3.vdb"])
                except Exception as error:  # Whatever it calls a refusal.
                    print("%s: %s" % (what, str(error).splitlines()[0][:90]))
                    continue
            sys.exit("%s: %s takes it" % (what, name))


if __name__ == "__main__":
    main(*sys.argv[1:])
