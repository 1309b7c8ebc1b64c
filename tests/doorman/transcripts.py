#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Replays recorded clamd transcripts against the doorman, byte for byte.

usage: transcripts.py FOLDER-OF-PROGRAMS TRANSCRIPTS.json

Not compared are what cannot be equal: the number in fd[N], the numbers of
STATS, and the order of replies where clamd's own changes (a session's, and
MULTISCAN's).
"""
import base64
import json
import os
import re
import sys

import room

QUIET_SECONDS = 0.5


def comparable(answer, steps):
    answer = re.sub(rb"fd\[\d+\]", b"fd[N]", answer)
    if b"STATS" in steps:
        answer = re.sub(rb"\t(STATS|IDLE)[^\n]*\n", b"", answer)
        answer = re.sub(rb"\d+(\.\d+)?", b"N", answer)
    if b"IDSESSION" in steps or b"MULTISCAN" in steps:
        end = b"\0" if steps[:1] == b"z" else b"\n"
        answer = end.join(sorted(answer.split(end)))
    return answer


def options_of(config):
    names = {"CommandReadTimeout": "--command-read-timeout",
             "ReadTimeout": "--read-timeout", "IdleTimeout": "--idle-timeout",
             "StreamMaxLength": "--stream-max-length",
             "MaxThreads": "--scanners"}
    return [word for key, value in config.items()
            for word in (names[key], str(value))]


def main():
    programs, file = sys.argv[1:]
    if not os.path.exists(file):
        room.skip(file + " is not there")
    with open(file, encoding="utf-8") as stream:
        suite = json.load(stream)
    files = {name: base64.b64decode(content)
             for name, content in suite["files"].items()}
    wrong = 0
    with room.Room(files, suite["db"]) as place:
        path = place.doorman(programs, *options_of(suite["config"]))
        here = place.path.encode()
        for transcript in suite["transcripts"]:
            steps = []
            for step in transcript["steps"]:
                text = base64.b64decode(step["send_b64"]).replace(b"$W", here)
                paths = [place.path + "/f/" + step["fd"]] if "fd" in step else []
                steps.append(room.Step(text, *paths))
            sent = b"".join(step.text for step in steps)
            got = room.talk(path, steps, QUIET_SECONDS)
            for step, (answer, closed) in zip(transcript["steps"], got):
                want = base64.b64decode(step["recv_b64"]).replace(b"$W", here)
                if (comparable(answer, sent), closed) != (
                        comparable(want, sent), step["closed"]):
                    wrong += 1
                    print("%s: %r%s, want %r%s" % (
                        transcript["name"], answer, " closed" * closed, want,
                        " closed" * step["closed"]))
    print("%d transcripts, %d steps differ" % (len(suite["transcripts"]),
                                               wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
