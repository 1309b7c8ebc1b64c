#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares rules that hold with yara-python, file by file.

usage: yara_differential.py VITRINE RULES WORK FOLDER...
Every rule file is a namespace of its own. Files that yara-python does not
compile are left out for both. Prints what differs; exit status 1 if anything
does.
"""
import json
import os
import subprocess
import sys
import zlib

import yara

EXTERNALS = {name: "" for name in
             ("filename", "filepath", "extension", "filetype", "owner")}
FILES_PER_FOLDER = 60
SIZE_MAX = 3_000_000


def files_below(folder, wanted):
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(root, name)
            if wanted(name) and os.path.isfile(path) and not os.path.islink(path):
                yield path


def usable_rules(folder):
    """Namespace -> path; what yara-python refuses is taken out of the tree."""
    usable = {}
    names = lambda name: name.endswith((".yar", ".yara"))
    for path in list(files_below(folder, names)):
        try:
            yara.compile(path, externals=EXTERNALS)
            usable[path] = path
        except yara.Error:
            os.remove(path)
    return usable


def sample(folders):
    """A fixed choice of small files, spread over each folder."""
    chosen = []
    for folder in folders:
        paths = [path for path in files_below(folder, lambda name: True)
                 if 0 < os.path.getsize(path) <= SIZE_MAX]
        paths.sort(key=lambda path: zlib.crc32(path.encode()))
        chosen += sorted(paths[:FILES_PER_FOLDER])
    return chosen


def ours(vitrine, rules, paths):
    # Externals are fixed, for yara-python knows one value for all files.
    command = [vitrine, "scan", "--rules", rules, "--allmatch", "--output",
               "jsonl", "--opt", "scan-archive=no", "--opt", "normalize=no"]
    for name in EXTERNALS:
        command += ["--define", name + "="]
    done = subprocess.run(command + ["--"] + paths, capture_output=True)
    found = {}
    for line in done.stdout.splitlines():
        record = json.loads(line)
        assert record["verdict"] in ("clean", "found"), record
        found[record["path"]] = sorted(
            alert["name"] for alert in record["alerts"]
            if alert["object"] == "")
    return found


def main():
    vitrine, rules, _, *folders = sys.argv[1:]
    usable = usable_rules(rules)
    compiled = yara.compile(filepaths=usable, externals=EXTERNALS)
    paths = sample(folders)
    mine = ours(vitrine, rules, paths)
    differences = held = 0
    for path in paths:
        theirs = sorted(match.rule for match in compiled.match(path, timeout=60))
        held += len(theirs)
        if mine.get(path) != theirs:
            differences += 1
            print(f"{path}: ours {mine.get(path)}, theirs {theirs}")
    print(f"{len(usable)} rule files, {len(paths)} samples, {held} rules held, "
          f"{differences} samples differ")
    sys.exit(1 if differences or not held else 0)


main()
