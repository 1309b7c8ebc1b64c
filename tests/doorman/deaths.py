#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What kill -9 of each of the doorman's processes costs its clients.

usage: deaths.py FOLDER-OF-PROGRAMS
"""
import os
import signal
import socket
import sys
import time

import room

LONGEST_SECONDS = 5


def ask(path, command=b"zINSTREAM\0" + room.chunks(b"MALMARK", b"")):
    """One reply, or what kept it from coming."""
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(LONGEST_SECONDS)
            client.connect(path)
            client.sendall(command)
            return client.recv(1000)
    except OSError as error:
        return error


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid),
              encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def named(pid, word):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            return word in file.read()
    except OSError:
        return False


def status_of(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        return dict(line.split(":\t", 1) for line in file if ":\t" in line)


def want(what, good):
    if not good:
        sys.exit("FAILED: " + what)


def wait_until(what, check):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if check():
            return
        time.sleep(0.02)
    sys.exit("FAILED: never " + what)


FOUND = b"stream: TestSig.UNOFFICIAL FOUND\0"


def main():
    with room.Room() as place:
        path = place.doorman(sys.argv[1], "--scanners", "2")
        supervisor = place.doorman_process.pid

        def doors():
            return [c for c in children(supervisor) if named(c, b"door")]

        def scanners():
            return [c for c in children(supervisor)
                    if named(c, b"vitrine-scanner")]

        wait_until("a door", doors)
        door = doors()[0]
        status = status_of(door)
        want("no new privileges", status["NoNewPrivs"].strip() == "1")
        want("a filter", status["Seccomp"].strip() == "2")

        # Its supervisor's scanners: one dies, nobody notices.
        for _ in range(10):
            wait_until("a scanner", scanners)
            os.kill(scanners()[0], signal.SIGKILL)
            got = ask(path)
            want("an answer, got %r" % (got,),
                 got == FOUND or (isinstance(got, bytes) and b"ERROR" in got))
        wait_until("an answer", lambda: ask(path) == FOUND)

        # The door: connections of the moment are lost, the next ones wait.
        held = len(os.listdir("/proc/%d/fd" % supervisor))
        for _ in range(3):
            door = doors()[0]
            time.sleep(2.1)  # Doors that die young are given up.
            os.kill(door, signal.SIGKILL)
            # None for a moment, then another one.
            wait_until("another door",
                       lambda: any(other != door for other in doors()))
            wait_until("an answer", lambda: ask(path) == FOUND)
        wait_until("three scanners, and none of a dead door",
                   lambda: len(scanners()) == 3)
        # That of the last one may still be there: it goes with the next.
        wait_until("descriptors of dead doors closed", lambda: len(os.listdir(
            "/proc/%d/fd" % supervisor)) <= held + 1)

        # The supervisor: all of it goes, for the service manager to start.
        door = doors()[0]
        rest = scanners()
        os.kill(supervisor, signal.SIGKILL)
        place.doorman_process.wait()
        wait_until("the end of the door", lambda: not named(door, b"door"))
        for scanner in rest:
            wait_until("the end of a scanner",
                       lambda s=scanner: not named(s, b"scanner"))
        path = place.doorman(sys.argv[1], "--scanners", "2")
        want("an answer by the next one", ask(path) == FOUND)
    print("scanners, door and supervisor killed: answers came again")
    return 0


if __name__ == "__main__":
    sys.exit(main())
