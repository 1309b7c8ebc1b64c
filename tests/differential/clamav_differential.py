#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares generated signatures and inputs with clamscan.

usage: clamav_differential.py FOLDER-OF-PROGRAMS SOURCE-TREE
Signature lines with errors, programs with damaged headers, and objects inside
objects, all made from fixed seeds. Prints what differs; exit status 1 if it is
more than DIFFERENCES_MAX of a kind, 77 without clamscan.
"""
import concurrent.futures
import glob
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

DIFFERENCES_MAX = 0.02
LINES = 200
PROGRAMS = 200
JUNK = b"\x01\x02\xfe\xff\x80 no known kind \x90\x91" * 9
MARK = b"\x01\xfemarker\x02\xff"
TYPES = ["ANY", "ZIP", "POSIX_TAR", "MSEXE", "HTML", "BINARY_DATA",
         "TEXT_ASCII"]
GOOD_LINES = {
    "ndb": ["T:0:*:6d61726b6572", "T:0:3,9:6d61??6b*6572:51:255",
            "T:7:EOF-9:6d(61|62)72{-3}6572", "T:1:EP+0,4:6d6172[1-2]72"],
    "ldb": ["T;Target:0;(0&1)>1,2;6d6172;6b6572",
            "T;Engine:81-255,Target:0;2;6d6172;6b6572;0&1/mar[k]er/i",
            "T;Engine:51-255,FileSize:1-99,Target:0;0=1|1;6d6172::i;6b6572",
            "T;Engine:100-255,Target:0;0&1;6d6172;0(>>3#ib1#=107)"],
    "hdb": ["44d88612fea8a8f36de82e1278abb02f:68:T",
            "44d88612fea8a8f36de82e1278abb02f:*:T:73:255"],
    "cdb": ["T:CL_TYPE_ZIP:*:a\\.bin:*:1-99:0:1:*:*:51:255"],
}


def clamscan(rules, paths):
    command = ["clamscan", "--disable-cache", "--stdout", "--no-summary",
               "--allmatch=yes", "--alert-broken=yes", "-d", rules]
    done = subprocess.run(command + paths, capture_output=True, timeout=60)
    out = done.stdout.decode("latin1")
    found = {path: set() for path in paths}
    for path, name in re.findall(r"^(.+?): (.+) FOUND$", out, re.M):
        found[path].add(name.removesuffix(".UNOFFICIAL"))
    if done.returncode == 2 and not any(found.values()):
        return "refused"
    return found


def ours(vitrine, rules, paths):
    command = [vitrine, "scan", "--no-cage", "--strict", "--allmatch", "--jobs",
               "1", "--output", "jsonl", "--opt", "alert-broken=yes", "--rules",
               rules]
    done = subprocess.run(command + paths, capture_output=True, timeout=60)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode == 2 and not lines:
        return "refused"
    return {line["path"]: {alert["name"] for alert in line["alerts"]}
            for line in lines}


class Comparison:
    def __init__(self, vitrine, work):
        self.vitrine = vitrine
        self.work = work
        self.failed = False

    def files(self, name, contents):
        folder = os.path.join(self.work, name)
        os.makedirs(folder, exist_ok=True)
        paths = []
        for number, content in enumerate(contents):
            paths.append(os.path.join(folder, f"{number:04}"))
            with open(paths[-1], "wb") as out:
                out.write(content)
        return paths

    def differences(self, database, paths):
        folder = tempfile.mkdtemp(dir=self.work)
        for name, text in database.items():
            with open(os.path.join(folder, name), "w") as out:
                out.write(text)
        theirs = clamscan(folder, paths)
        mine = ours(self.vitrine, folder, paths)
        shutil.rmtree(folder)
        if theirs == "refused" or mine == "refused":
            return [] if theirs == mine else [f"{database}: " + (
                "they refuse it" if theirs == "refused" else "we refuse it")]
        return [f"{os.path.relpath(path, self.work)}: only they "
                f"{sorted(theirs[path] - mine[path])}, only we "
                f"{sorted(mine[path] - theirs[path])}"
                for path in paths if theirs[path] != mine.get(path)]

    def run(self, kind, jobs):
        """`jobs`: databases with the files to scan."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            found = [line for lines in pool.map(
                lambda job: self.differences(*job), jobs) for line in lines]
        cases = sum(len(paths) for _, paths in jobs)
        print(f"{kind}: {cases} cases, {len(found)} differ")
        print("".join(f"  {line}\n" for line in found[:20]), end="")
        self.failed |= len(found) > DIFFERENCES_MAX * cases


def broken_line(rng, line):
    for _ in range(rng.choice([1, 1, 2])):
        at = rng.randrange(len(line) + 1)
        choice = rng.random()
        if choice < 0.4:
            line = line[:at] + rng.choice(":;,-*()[]{}|&!?=<>/$#09afgz ") + line[at:]
        elif choice < 0.7:
            line = line[:at] + line[at + 1:]
        else:
            separator = ";" if ";" in line else ":"
            fields = line.split(separator)
            field = rng.randrange(len(fields))
            fields[field] = rng.choice(["", "0", "*", "-1", "255", "abc",
                                        "51-255", "Target:0", fields[field] * 2])
            line = separator.join(fields)
    return line


def line_jobs(comparison):
    rng = random.Random(1)
    paths = comparison.files("lines", [b"xxmarker mark kerMARKER" + MARK])
    jobs = []
    for _ in range(LINES):
        extension = rng.choice(["ndb", "ldb", "ldb", "hdb", "cdb"])
        line = broken_line(rng, rng.choice(GOOD_LINES[extension]))
        jobs.append(({"t." + extension: line + "\n"}, paths))
    return jobs


def damaged(rng, program):
    data = bytearray(program)
    for _ in range(rng.choice([1, 1, 2])):
        width = rng.choice([1, 2, 4])
        at = rng.randrange(min(len(data), 512)) // width * width
        old = int.from_bytes(data[at:at + width], "little")
        new = rng.choice([0, 1, 3, 0x7f, 0xff, 0xffff, 0x80000000, 97, old + 1,
                          old - 1, old + 0x200, old * 2])
        data[at:at + width] = (new % (1 << 8 * width)).to_bytes(width, "little")
    if rng.random() < 0.15:
        del data[rng.randrange(64, len(data)):]
    return bytes(data)


def program_jobs(comparison, source_tree):
    rng = random.Random(2)
    seeds = []
    for kind in ("pe", "elf"):
        for path in sorted(glob.glob(f"{source_tree}/fuzz/corpus/{kind}_fuzz/*")):
            with open(path, "rb") as file:
                seeds.append(file.read())
    seeds = [seed for seed in seeds if len(seed) > 200]
    lines = []
    for target in (0, 1, 6):
        offsets = ["*", "0,400", "EOF-300,299"]
        if target:
            offsets += ["EP+0,40", "EP-8,30", "S0+0,99", "S1+0,99", "SE0",
                        "SE1", "SL+0,99"]
        lines += [f"O{target}-{offset}:{target}:{offset}:000000"
                  for offset in offsets]
    logical = [f"N{target}-{count};Engine:51-255,Target:{target},"
               f"NumberOfSections:{count}-{count};0;000000"
               for target in (1, 6) for count in range(6)]
    database = {"t.ndb": "\n".join(lines) + "\n",
                "t.ldb": "\n".join(logical) + "\n"}
    paths = comparison.files(
        "programs", [damaged(rng, rng.choice(seeds)) for _ in range(PROGRAMS)])
    return [(database, paths[at:at + 50]) for at in range(0, PROGRAMS, 50)]


def archives(content):
    """`content` as it is, zipped and in a tar."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.bin"), content)
    tarred = io.BytesIO()
    with tarfile.open(fileobj=tarred, mode="w") as archive:
        entry = tarfile.TarInfo("a.bin")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return [content, zipped.getvalue(), tarred.getvalue()]


def container_jobs(comparison, source_tree):
    with open(f"{source_tree}/fuzz/corpus/authenticode_fuzz/signed",
              "rb") as file:
        program = file.read()
    contents = []
    for inner in archives(MARK) + [program]:
        contents += archives(inner)
        contents += archives(JUNK + inner)
    chains = [[one] for one in TYPES] + [[one, two] for one in TYPES
                                         for two in TYPES]
    lines = []
    for target, pattern in ((0, MARK.hex()), (1, "4d5a")):
        for chain in chains:
            types = ">".join("CL_TYPE_" + one for one in chain)
            lines.append(f"I{target}-{'-'.join(chain)};Engine:81-255,"
                         f"Target:{target},Intermediates:{types};0;{pattern}")
        for one in TYPES:
            lines.append(f"C{target}-{one};Engine:81-255,Target:{target},"
                         f"Container:CL_TYPE_{one};0;{pattern}")
    paths = comparison.files("containers", contents)
    return [({"t.ldb": "\n".join(lines) + "\n"}, [path]) for path in paths]


def main():
    programs, source_tree = sys.argv[1:]
    if shutil.which("clamscan") is None:
        print("SKIPPED: no clamscan")
        sys.exit(77)
    with tempfile.TemporaryDirectory(prefix="vitrine-differential.") as work:
        comparison = Comparison(os.path.join(programs, "vitrine"), work)
        comparison.run("signature lines", line_jobs(comparison))
        comparison.run("damaged programs", program_jobs(comparison, source_tree))
        comparison.run("objects in objects",
                       container_jobs(comparison, source_tree))
    sys.exit(1 if comparison.failed else 0)


main()
