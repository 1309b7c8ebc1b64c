#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Requests to clamd and to the doorman, by turns in one run.

usage: latency.py FOLDER-OF-PROGRAMS SIGNATURES SAMPLE...

Both have the same signatures and as many scanners as there are processors. For
each sample, median and 99th percentile of one INSTREAM at a time on
connections of their own, the same content each time and another each time, over
rounds that alternate; then the doorman's again while its database is reloaded
once, and all the time. Fails where the doorman is less than 15 times faster at
p50 or 10 times at p99, or a reload shows.
"""
import glob
import os
import socket
import statistics
import subprocess
import sys
import threading
import time

import room

ROUNDS = 5
REQUESTS = 1000
LONG = 40000
P50_RATIO = 15
P99_RATIO = 10
RELOAD_RATIO = 3  # Noise of p99 on a busy machine.


def measure(programs, path, sample, kind, requests=REQUESTS):
    line = subprocess.check_output(
        [programs + "/socket_latency", path, sample, str(requests), kind],
        text=True)
    p50, _, p99, _, _, reply = line.split(" ", 5)
    return float(p50), float(p99), reply.strip()


def best(values):
    """The median round: one disturbed by other work does not count."""
    return statistics.median(values)


def reload(path):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        client.sendall(b"zRELOAD\0")
        client.recv(100)


def reload_until(path, pid, ended, memory):
    count = 0
    while not ended.is_set():
        reload(path)
        count += 1
        memory.append(memory_of(pid))
        time.sleep(0.25)
    print("  %d reloads asked for" % count)


def memory_of(pid):
    """PSS of a process and those below it, in MiB."""
    total = 0
    pids = [str(pid)]
    for child in pids:
        try:
            with open("/proc/%s/smaps_rollup" % child,
                      encoding="ascii") as file:
                for line in file:
                    if line.startswith("Pss:"):
                        total += int(line.split()[1])
            for path in glob.glob("/proc/%s/task/*/children" % child):
                with open(path, encoding="ascii") as file:
                    pids += file.read().split()
        except OSError:  # A scanner of the old database has ended meanwhile.
            continue
    return total / 1024


def main():
    programs, signatures, *samples = sys.argv[1:]
    if not os.path.isdir(signatures):
        room.skip(signatures + " is not there")
    failed = False
    with room.Room() as place:
        threads = str(os.cpu_count())
        database = place.path + "/signatures.vdb"
        subprocess.run([programs + "/vitrine", "compile", "--rules", signatures,
                        "-o", database], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        clamd = place.clamd("MaxThreads " + threads, database=signatures)
        doorman = place.doorman(programs, "--database", database,
                                "--scanners", threads, rules=[])
        print("%-24s %10s %10s %10s %10s %6s %6s" % (
            "", "clamd p50", "p99", "ours p50", "p99", "p50 x", "p99 x"))
        for sample, kind in [(s, k) for s in samples
                             for k in ("same", "unique")]:
            theirs, ours = [], []
            for _ in range(ROUNDS):
                theirs.append(measure(programs, clamd, sample, kind))
                ours.append(measure(programs, doorman, sample, kind))
            if theirs[0][2] != ours[0][2]:
                print("  replies differ: %s, %s" % (theirs[0][2], ours[0][2]))
            row = [best([r[i] for r in side])
                   for side in (theirs, ours) for i in (0, 1)]
            ratios = row[0] / row[2], row[1] / row[3]
            print("%-24s %10.0f %10.0f %10.0f %10.0f %6.1f %6.1f" % (
                kind + " " + os.path.basename(sample)[-16:], *row, *ratios))
            failed |= ratios[0] < P50_RATIO or ratios[1] < P99_RATIO
        quiet = best([measure(programs, doorman, samples[0], "unique")[1]
                      for _ in range(ROUNDS)])
        alone = measure(programs, doorman, samples[0], "unique", LONG)
        timer = threading.Timer(2, reload, (doorman,))
        timer.start()
        once = measure(programs, doorman, samples[0], "unique", LONG)
        timer.join()
        print("%d requests: p99 %.0f us, with one reload %.0f us" % (
            LONG, alone[1], once[1]))
        pid = place.doorman_process.pid
        before = memory_of(pid)
        ended, memory = threading.Event(), []
        thread = threading.Thread(target=reload_until,
                                  args=(doorman, pid, ended, memory))
        thread.start()
        busy = best([measure(programs, doorman, samples[0], "unique")[1]
                     for _ in range(ROUNDS)])
        ended.set()
        thread.join()
        print("p99 %.0f us, while reloading %.0f us; %.0f MiB, then %.0f MiB at "
              "most, of which the database is %.0f MiB" % (
                  quiet, busy, before, max(memory),
                  os.path.getsize(database) / 2**20))
        failed |= busy > RELOAD_RATIO * quiet
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
