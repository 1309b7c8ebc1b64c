# SPDX-License-Identifier: Apache-2.0
"""A folder with samples and signatures, and servers over it.

Samples are harmless: the signatures look for words of our own.
"""
import array
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

SIGNATURES = {"t.ndb": "TestSig:0:*:4d414c4d41524b\n"
                       "Other:0:*:4f544845524d41524b\n"}
FILES = {
    "clean.txt": b"nothing here\n",
    "bad.bin": b"\x00\x01\x02MALMARK\xff",
    "two.bin": b"\x00\x01MALMARK\xffOTHERMARK\x00",
    "sub/bad2.bin": b"\x00\x03MALMARK\x00",
    "empty": b"",
    "okdir/ok.txt": b"fine and dandy\n",
    "sp ace.bin": b"\x00MALMARK",
}
START_SECONDS = 60
SKIPPED = 77


def skip(reason):
    print("SKIPPED:", reason)
    sys.exit(SKIPPED)


def chunks(*pieces):
    """The body of INSTREAM; the end is an empty piece."""
    return b"".join(struct.pack(">I", len(p)) + p for p in pieces)


class Room:
    """The folder; servers started in it end with it."""

    def __init__(self, files=None, signatures=None):
        self.path = tempfile.mkdtemp(prefix="vitrine-doorman-test.")
        os.chmod(self.path, 0o755)
        self.children = []
        for name, content in (FILES if files is None else files).items():
            self.write("f/" + name, content)
        for name, text in (signatures or SIGNATURES).items():
            self.write("db/" + name, text.encode())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for child in self.children:
            child.terminate()
        for child in self.children:
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        shutil.rmtree(self.path, ignore_errors=True)

    def write(self, name, content):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def wait_for(self, child, path):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if child.poll() is not None:
                raise RuntimeError("%s ended with %d" % (child.args[0],
                                                         child.returncode))
            try:
                with socket.socket(socket.AF_UNIX) as probe:
                    probe.connect(path)
                    probe.sendall(b"zPING\0")
                    if probe.recv(5) == b"PONG\0":
                        return
            except OSError:
                pass
            time.sleep(0.02)
        raise RuntimeError(path + ": nobody answers")

    def doorman(self, bin_folder, *options, rules=None, environment=None):
        """Starts the doorman; its socket's path."""
        path = os.path.join(self.path, "doorman.sock")
        if rules is None:
            rules = [os.path.join(self.path, "db")]
        command = [os.path.join(bin_folder, "vitrine-doorman"), "--root",
                   self.path, "--socket", path, "--spool", self.path]
        for rule in rules:
            command += ["--rules", rule]
        child = subprocess.Popen(command + list(options), env=environment)
        self.children.append(child)
        self.wait_for(child, path)
        self.doorman_process = child
        return path

    def door(self):
        """The number of the process that talks with clients."""
        pid = self.doorman_process.pid
        with open("/proc/%d/task/%d/children" % (pid, pid),
                  encoding="ascii") as file:
            for child in file.read().split():
                with open("/proc/%s/cmdline" % child, "rb") as words:
                    if b"door" in words.read():
                        return int(child)
        raise RuntimeError("there is no door")

    def clamd(self, *lines, database=None):
        """Starts clamd, or skips the test; its socket's path."""
        program = shutil.which("clamd", path="/usr/sbin:/usr/bin")
        if program is None:
            skip("clamd is not installed (package clamav-daemon)")
        path = os.path.join(self.path, "clamd.sock")
        user = subprocess.check_output(["id", "-un"], text=True).strip()
        config = self.write("clamd.conf", "\n".join([
            "LocalSocket " + path,
            "DatabaseDirectory " + (database or self.path + "/db"),
            "Foreground yes",
            "User " + user,
            *lines, ""]).encode())
        child = subprocess.Popen([program, "-c", config],
                                 stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        self.children.append(child)
        self.wait_for(child, path)
        return path


class Step:
    """One packet: text, and paths whose descriptors go with it."""

    def __init__(self, text, *paths, half_close=False):
        self.text = text
        self.paths = paths
        self.half_close = half_close


def talk(path, steps, quiet):
    """Sends step after step; for each what came and whether it was closed.

    The answer to a step is over when nothing came for `quiet` seconds.
    """
    results = []
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        for step in steps:
            if not isinstance(step, Step):
                step = Step(step)
            try:
                if step.paths:
                    held = [os.open(p, os.O_RDONLY) for p in step.paths]
                    client.sendmsg([step.text], [(
                        socket.SOL_SOCKET, socket.SCM_RIGHTS,
                        array.array("i", held))])
                    for fd in held:
                        os.close(fd)
                elif step.half_close:
                    client.shutdown(socket.SHUT_WR)
                else:
                    client.sendall(step.text)
            except OSError:
                pass  # Seen in what is received.
            answer = b""
            closed = False
            client.settimeout(quiet)
            while True:
                try:
                    piece = client.recv(65536)
                except socket.timeout:
                    break
                except ConnectionError:
                    closed = True
                    break
                if not piece:
                    closed = True
                    break
                answer += piece
            results.append((answer, closed))
            if closed:
                break
    return results
