#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares every field of YARA's modules with yara-python.

usage: modules_differential.py VITRINE SOURCE-TREE
Over the seed corpora of executables, some of this system's programs, and
damaged copies of both, made from a fixed seed. What yara-python says of a file
becomes one rule a field; each must hold. Prints what differs; exit status 1 if
any does in a whole file, or more than DIFFERENCES_MAX of all.
"""
import glob
import json
import os
import random
import subprocess
import sys
import tempfile

import yara

MODULES = [name for name in ("pe", "elf", "dotnet", "macho", "dex")
           if name in yara.modules]
IMPORTS = "".join(f'import "{name}"\n' for name in MODULES)
DICTIONARIES = ("pe.version_info",)
DAMAGED = 120
SYSTEM_PROGRAMS = ("/bin/true", "/bin/ls", "/usr/bin/env")
ELEMENTS_MAX = 40
DIFFERENCES_MAX = 0.001
# YARA verifies old time stamps by RSA only; the seeds' are by ECDSA.
KNOWN = {"pe.signatures[0].countersignatures[0].verified == 0"}


def literal(value):
    if not isinstance(value, bytes):
        return repr(value)
    return '"' + "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}"
        for byte in value) + '"'


def fields(value, path):
    """Conditions that say what yara-python said."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from fields(inner, f'{path}["{key}"]' if path in DICTIONARIES
                              else f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value[:ELEMENTS_MAX]):
            yield from fields(inner, f"{path}[{number}]")
    else:
        yield f"{path} == {literal(value)}"


def said_by_yara(path):
    conditions = []

    def collect(module):
        name = module.pop("module")
        for key, value in module.items():
            conditions.extend(fields(value, f"{name}.{key}"))

    yara.compile(source=IMPORTS + "rule r { condition: true }").match(
        path, modules_callback=collect)
    return conditions


def not_said_by_us(vitrine, path, conditions, work):
    rules = os.path.join(work, "rules.yar")
    with open(rules, "w") as out:
        out.write(IMPORTS)
        for number, condition in enumerate(conditions):
            out.write(f"rule r{number} {{ condition: {condition} }}\n")
    done = subprocess.run(
        [vitrine, "scan", "--no-cage", "--rules", rules, "--allmatch",
         "--output", "jsonl", "--opt", "scan-archive=no", path],
        capture_output=True, text=True)
    held = {alert["name"] for alert in json.loads(done.stdout)["alerts"]}
    return [condition for number, condition in enumerate(conditions)
            if f"r{number}" not in held and condition not in KNOWN]


def damaged(rng, data):
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4])):
        at = rng.randrange(min(len(data), 4096))
        data[at] = rng.choice([0, 1, 0x7f, 0x80, 0xff, data[at] ^ 1,
                               (data[at] + 1) % 256])
    if rng.random() < 0.2:
        del data[rng.randrange(1, len(data)):]
    return bytes(data)


def samples(source_tree, work):
    """(path, whether it is whole)"""
    whole = [path for name in ("pe", "elf", "dotnet", "macho", "dex",
                               "authenticode")
             for path in sorted(glob.glob(
                 f"{source_tree}/fuzz/corpus/{name}_fuzz/*"))]
    whole += [path for path in SYSTEM_PROGRAMS if os.path.exists(path)]
    yield from ((path, True) for path in whole)
    rng = random.Random(1)
    for number in range(DAMAGED):
        origin = rng.choice(whole)
        with open(origin, "rb") as file:
            data = damaged(rng, file.read())
        path = os.path.join(work, f"{number:03}-{os.path.basename(origin)}")
        with open(path, "wb") as out:
            out.write(data)
        yield path, False


def main():
    vitrine, source_tree = sys.argv[1:]
    files = count = differences = 0
    failed = False
    with tempfile.TemporaryDirectory(prefix="vitrine-differential.") as work:
        for path, whole in samples(source_tree, work):
            conditions = said_by_yara(path)
            missing = not_said_by_us(vitrine, path, conditions, work)
            for condition in missing[:5]:
                print(f"{os.path.basename(path)}: {condition}")
            files += 1
            count += len(conditions)
            differences += len(missing)
            failed |= bool(missing) and whole
    print(f"modules {' '.join(MODULES)}: {files} files, {count} fields, "
          f"{differences} differ")
    sys.exit(1 if failed or differences > DIFFERENCES_MAX * count else 0)


main()
