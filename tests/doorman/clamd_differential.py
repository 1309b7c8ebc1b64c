#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same conversations with clamd and with the doorman, at the same time.

usage: clamd_differential.py FOLDER-OF-PROGRAMS

Commands in every form, streams and descriptors good and bad, sessions. Where
the doorman differs on purpose, docs/doorman.md says so and the case is not
here: carriage returns after a path, links by name, what cannot be read.
"""
import concurrent.futures
import sys

import room
from room import Step, chunks
from transcripts import comparable

QUIET_SECONDS = 0.8
AT_A_TIME = 4

COMMANDS = [
    "PING", "VERSION", "VERSIONCOMMANDS", "RELOAD", "STATS", "SCAN",
    "CONTSCAN", "MULTISCAN", "ALLMATCHSCAN", "INSTREAM", "FILDES", "IDSESSION",
    "END", "DETSTATS", "DETSTATSCLEAR", "STREAM", "", "ping", "PING x", "PINGX",
    "SCANX", "SCAN  {f}/bad.bin", "SCAN {f}/bad.bin ", "SCAN\t{f}/bad.bin",
    "SCAN {f}", "CONTSCAN {f}", "MULTISCAN {f}", "ALLMATCHSCAN {f}/two.bin",
    "ALLMATCHSCAN {f}", "SCAN ", "SCAN {f}/none", "CONTSCAN {f}/none",
    "MULTISCAN {f}/none", "ALLMATCHSCAN {f}/none", "MULTISCAN {f}/bad.bin",
    "MULTISCAN {f}/clean.txt", "ALLMATCHSCAN {f}/clean.txt",
    "CONTSCAN {f}/empty", "MULTISCAN {f}/okdir", "ALLMATCHSCAN {f}/okdir",
    "SCAN {f}/okdir/", "CONTSCAN {f}/", "SCAN {f}/sub/../bad.bin",
    "SCAN {f}/bad.bin/x", "SCAN {f}/emptydir", "MULTISCAN {f}/emptydir",
    "SCAN relative/path", "SCAN {f}/sp ace.bin", "GET / HTTP/1.1",
    "IDSESSION x", "END x", "VERSION x", "INSTREAM x", "FILDES x", "STATS x",
    "MULTISCANfoo", "SHUTDOWN x",
]
FORMS = [("z", "\0"), ("n", "\n"), ("", "\n"), ("", ""), ("z", "\n"),
         ("n", "\0"), ("", "\0"), ("z", ""), ("n", "")]


def conversations(folder):
    for command in COMMANDS:
        for prefix, end in FORMS:
            text = prefix + command.format(f=folder) + end
            yield [text.encode()]
    for p, z in ((b"z", b"\0"), (b"n", b"\n")):
        yield from streams(p, z)
        yield from descriptors(p, z, folder)
        yield from sessions(p, z, folder)
    yield [b"nPING\r\n"]
    yield [b"VERSION\r\n"]
    yield [b"zPING\r\0"]
    yield [b"nPING\nnVERSION\n"]
    yield [b"PING\nVERSION\n"]
    yield [b"VER", b"SION\n"]
    yield [b"zPI", b"NG", b"\0"]
    yield [b"zPING", Step(b"", half_close=True)]
    yield [b"z" + b"A" * 2000]
    yield [b"zSCAN /" + b"A" * 1000 + b"\0"]
    yield [b"z" + b"A" * 6000 + b"\0"]
    yield [b"\x16\x03\x01\x02\x00\x01\x00"]


def streams(p, z):
    begin = p + b"INSTREAM" + z
    yield [begin + chunks(b"MAL", b"MARK", b"")]
    yield [begin + chunks(b"")]
    yield [begin, b"\0", b"\0\0\7M", b"ALMARK", b"\0\0\0", b"\0"]
    yield [begin + chunks(b"MALMARK", b"") + b"zPING\0"]
    yield [begin + chunks(b"a" * 102400, b"")]
    yield [begin + chunks(b"a" * 102401, b"")]
    yield [begin + chunks(b"a" * 100000, b"b" * 5000, b"")]
    yield [begin + b"\xff\xff\xff\xffAAAA"]
    yield [begin + chunks(b"MALMARK"), Step(b"", half_close=True)]
    yield [begin + b"\0\0", Step(b"", half_close=True)]


def descriptors(p, z, folder):
    bad = folder + "/bad.bin"
    command = p + b"FILDES" + z
    yield [command, Step(b"\0", bad)]
    yield [Step(command, bad)]
    yield [Step(command + b"\0", bad)]
    yield [command, b"\0"]
    yield [command, Step(b"\0", folder)]
    yield [command, Step(b"\0", folder + "/clean.txt", bad)]
    yield [command, Step(b"\0", "/dev/null")]
    yield [command, Step(b"", half_close=True)]
    yield [Step(b"FILDES\n", bad)]
    yield [Step(b"FILDES", bad)]
    yield [Step(b"FILDES\n\0", bad)]
    yield [Step(p + b"PING" + z, bad)]


def sessions(p, z, folder):
    bad = folder + "/bad.bin"
    begin = p + b"IDSESSION" + z

    def command(text):
        return p + text + z

    ping, end = command(b"PING"), command(b"END")
    yield [begin + ping]
    yield [begin + ping + command(b"VERSION") + end]
    yield [begin, ping, command(b"SCAN " + bad.encode()), end]
    yield [begin + command(b"VERSIONCOMMANDS") + command(b"STATS") + end]
    for text in (b"FOO", b"RELOAD", b"ALLMATCHSCAN /x", b"CONTSCAN /x",
                 b"MULTISCAN /x", b"STATS x", b"DETSTATS", b"SCAN", b"",
                 b"IDSESSION", b"END x", b"SHUTDOWN x"):
        yield [begin, command(text)]
        yield [begin + command(text) + end]
    yield [begin, b"PING\n"]
    yield [begin + b"PING\n"]
    yield [begin, ping, b"PING\n"]
    yield [begin, command(b"SCAN " + folder.encode())]
    yield [begin, command(b"SCAN /none")]
    yield [begin, p + b"END"]
    yield [begin, command(b"FILDES"), b"\0" + ping]
    yield [begin, Step(command(b"FILDES"), bad)]
    yield [begin, Step(command(b"FILDES") + b"\0", bad)]
    yield [Step(begin + command(b"FILDES") + b"\0", bad)]
    yield [begin, Step(command(b"FILDES") + b"\0" + command(b"FILDES") + b"\0",
                       bad, bad), end]
    stream = command(b"INSTREAM")
    yield [begin, stream + chunks(b"MALMARK", b""), stream + chunks(b"x", b""),
           end]
    yield [begin + stream + chunks(b"MALMARK", b"") + stream +
           chunks(b"x", b"") + end]
    yield [begin, stream + chunks(b"a" * 110000, b""), ping]
    yield [begin, b"nPING\n", b"zPING\0"]
    yield [begin + ping + end + ping]
    yield [begin + ping, Step(b"", half_close=True)]


def main():
    programs, = sys.argv[1:]
    files = dict(room.FILES)
    with room.Room(files) as place:
        import os
        os.mkdir(place.path + "/f/emptydir")
        clamd = place.clamd("StreamMaxLength 100K", "CommandReadTimeout 30",
                            "ReadTimeout 30", "IdleTimeout 10", "MaxThreads 4")
        doorman = place.doorman(
            programs, "--stream-max-length", "100K", "--read-timeout", "30",
            "--idle-timeout", "10", "--scanners", "4")
        cases = list(conversations(place.path + "/f"))

        def both(steps):
            return (room.talk(clamd, steps, QUIET_SECONDS),
                    room.talk(doorman, steps, QUIET_SECONDS))

        wrong = 0
        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as crew:
            for steps, (theirs, ours) in zip(cases, crew.map(both, cases)):
                sent = b"".join(
                    s.text if isinstance(s, Step) else s for s in steps)
                shown = [[(comparable(a, sent), c) for a, c in side]
                         for side in (theirs, ours)]
                if shown[0] != shown[1]:
                    wrong += 1
                    print("%r\n  clamd    %r\n  doorman  %r" % (
                        sent[:200], theirs, ours))
    print("%d conversations, %d differ" % (len(cases), wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
