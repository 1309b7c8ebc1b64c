#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ten thousand clients that behave badly, and one that does not.

usage: soak.py FOLDER-OF-PROGRAMS [CONNECTIONS]

Clients leave in the middle of commands, streams and replies, reset, half-close,
send far too much, pass descriptors nobody asked for, or say nothing. Meanwhile
the good client must be answered; afterwards descriptors and memory must be what
they were, and the process must end by itself when told to.
"""
import os
import random
import socket
import struct
import sys
import threading
import time

import room
from room import chunks

CONNECTIONS = 10000
CREW = 8
IDLE_CLIENTS = 2000
GOOD_SECONDS = 10  # Longest wait of the good client, on a busy machine.
GROWTH_MIB = 64
SETTLE_SECONDS = 40


class Clients:
    """What a bad client may do; each is one connection."""

    def __init__(self, place, path, port, seed):
        self.path = path
        self.port = port
        self.file = place.path + "/f/bad.bin"
        self.folder = place.path + "/f"
        self.random = random.Random(seed)
        self.ways = [getattr(self, name) for name in sorted(dir(self))
                     if name.startswith("way_")]

    def run(self):
        try:
            if self.random.random() < 0.5:
                client = socket.socket(socket.AF_UNIX)
                client.connect(self.path)
            else:
                client = socket.create_connection(("127.0.0.1", self.port))
            client.settimeout(5)
            with client:
                self.random.choice(self.ways)(client)
        except OSError:
            pass  # Its own fault.

    def reset(self, client):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))

    def way_leaves_at_once(self, client):
        pass

    def way_pings(self, client):
        client.sendall(b"zPING\0")
        client.recv(10)

    def way_leaves_within_a_command(self, client):
        client.sendall(b"zSCAN /et")

    def way_resets_within_a_stream(self, client):
        client.sendall(b"zINSTREAM\0" + struct.pack(">I", 5000) + b"a" * 100)
        self.reset(client)

    def way_resets_a_scan(self, client):
        content = b"%d" % self.random.getrandbits(64)
        client.sendall(b"zINSTREAM\0" + chunks(content, b""))
        self.reset(client)

    def way_half_closes(self, client):
        client.sendall(self.random.choice([b"zPING\0", b"zPI", b"nINSTREAM\n",
                                           b"zFILDES\0", b"zIDSESSION\0"]))
        client.shutdown(socket.SHUT_WR)
        client.recv(100)

    def way_sends_a_huge_command(self, client):
        client.sendall(b"zSCAN /" + b"A" * 300000 + b"\0")
        client.recv(100)

    def way_sends_a_huge_stream(self, client):
        client.sendall(b"zINSTREAM\0" + chunks(b"a" * 400000, b""))
        client.recv(100)

    def way_sends_noise(self, client):
        client.sendall(self.random.randbytes(self.random.randrange(1, 3000)))
        client.recv(100)

    def way_takes_no_replies(self, client):
        client.sendall(b"nIDSESSION\n" + b"nVERSIONCOMMANDS\n" * 2000)

    def way_leaves_a_session(self, client):
        stream = b"".join(b"zINSTREAM\0" + chunks(b"%d" % i * 50, b"")
                          for i in range(40))
        client.sendall(b"zIDSESSION\0" + stream)
        client.recv(self.random.choice([1, 1000]))

    def way_passes_descriptors(self, client):
        if client.family != socket.AF_UNIX:
            return
        with open(self.file, "rb") as file:
            count = self.random.choice([1, 2, 8, 20])
            text = self.random.choice([b"zPING\0", b"zFILDES\0", b"zFILDES\0x",
                                       b"zINSTREAM\0", b"zIDSESSION\0zFIL"])
            socket.send_fds(client, [text], [file.fileno()] * count)

    def way_scans_a_folder(self, client):
        client.sendall(b"zMULTISCAN %s\0" % self.folder.encode())
        client.recv(20)


def descriptors_of(pid):
    return len(os.listdir("/proc/%d/fd" % pid))


def memory_of(pid):
    with open("/proc/%d/statm" % pid, encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 2 ** 20


class GoodClient(threading.Thread):
    def __init__(self, path):
        super().__init__()
        self.path = path
        self.ended = threading.Event()
        self.answers = 0
        self.longest = 0
        self.failure = None

    def run(self):
        while not self.ended.is_set():
            start = time.monotonic()
            content = b"MALMARK %d" % self.answers
            got = room.talk(self.path, [b"zINSTREAM\0" + chunks(content, b"")],
                            GOOD_SECONDS)
            self.longest = max(self.longest, time.monotonic() - start)
            if got != [(b"stream: TestSig.UNOFFICIAL FOUND\0", True)]:
                self.failure = got
                return
            self.answers += 1
            time.sleep(0.05)


def settled(pid, descriptors):
    end = time.monotonic() + SETTLE_SECONDS
    while descriptors_of(pid) > descriptors and time.monotonic() < end:
        time.sleep(0.2)
    return descriptors_of(pid)


def idle_clients(path, pid):
    """What a silent connection costs, in KiB."""
    before = memory_of(pid)
    held = []
    for _ in range(IDLE_CLIENTS):
        client = socket.socket(socket.AF_UNIX)
        client.connect(path)
        client.sendall(b"zIDSESSION\0")
        held.append(client)
    room.talk(path, [b"zPING\0"], GOOD_SECONDS)
    cost = (memory_of(pid) - before) * 1024 / IDLE_CLIENTS
    for client in held:
        client.close()
    return cost


def main():
    programs = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else CONNECTIONS
    with room.Room() as place:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        path = place.doorman(
            programs, "--tcp", "127.0.0.1:%d" % port, "--stream-max-length",
            "100K", "--command-read-timeout", "5", "--read-timeout", "5",
            "--scanners", "2")
        process = place.doorman_process
        room.talk(path, [b"zPING\0"], GOOD_SECONDS)
        door = place.door()
        cost = idle_clients(path, door)
        time.sleep(1)
        descriptors = descriptors_of(door)
        memory = memory_of(door)
        good = GoodClient(path)
        good.start()

        def work(seed):
            clients = Clients(place, path, port, seed)
            for _ in range(count // CREW):
                clients.run()

        crew = [threading.Thread(target=work, args=(i,)) for i in range(CREW)]
        for thread in crew:
            thread.start()
        for thread in crew:
            thread.join()
        good.ended.set()
        good.join()
        left = settled(process.pid, descriptors)
        grown = memory_of(door) - memory
        print("%d connections; the good client: %d answers, longest %.2f s; "
              "descriptors %d, then %d; memory %.1f MiB, then %+.1f; a silent "
              "connection %.1f KiB" % (count, good.answers, good.longest,
                                       descriptors, left, memory, grown, cost))
        if good.failure or good.answers == 0:
            sys.exit("the good client got %r" % (good.failure,))
        if left > descriptors:
            sys.exit("descriptors leak")
        if grown > GROWTH_MIB:
            sys.exit("memory leaks")
        process.terminate()
        if process.wait(60) != 0:
            sys.exit("ended with %d" % process.returncode)
    return 0


if __name__ == "__main__":
    sys.exit(main())
