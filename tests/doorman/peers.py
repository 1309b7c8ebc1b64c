#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Other people's clients, unchanged, against the doorman.

usage: peers.py FOLDER-OF-PROGRAMS NAME
NAME: clamdscan, python, clamscan-js, clamdjs, milter.
"""
import os
import re
import shutil
import socket
import subprocess
import sys

import room

HERE = os.path.dirname(os.path.abspath(__file__))
LINE = re.compile(r"^(.*): (OK|.+ FOUND|.+ ERROR)$", re.M)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(name):
    found = shutil.which(name, path="/usr/sbin:/usr/bin")
    if found is None:
        room.skip(name + " is not installed")
    return found


def want(got, expected, what):
    if got != expected:
        sys.exit("%s: %r, want %r" % (what, got, expected))


def clamdscan(place, path, port):
    tool = program("clamdscan")
    config = place.write("client.conf", ("LocalSocket %s\n" % path).encode())
    remote = place.write("remote.conf", (
        "TCPSocket %d\nTCPAddr 127.0.0.1\nStreamMaxLength 100K\n"
        % port).encode())
    folder = place.path + "/f"
    found = "TestSig.UNOFFICIAL FOUND"
    infected = {folder + name for name in
                ("/bad.bin", "/two.bin", "/sub/bad2.bin", "/sp ace.bin")}

    def run(*options, config=config, stdin=None):
        ended = subprocess.run([tool, "-c", config, *options], input=stdin,
                               capture_output=True, timeout=60, check=False)
        return ended.returncode, ended.stdout.decode()

    for options in ([], ["--fdpass"], ["--stream"], ["-m"],
                    ["--fdpass", "-m"], ["--stream", "-m"]):
        status, text = run(*options, folder)
        want(status, 1, "clamdscan %s" % options)
        lines = dict(LINE.findall(text))
        want({name for name, said in lines.items() if said == found},
             infected, "clamdscan %s" % options)
        status, text = run(*options, folder + "/clean.txt")
        want((status, dict(LINE.findall(text))),
             (0, {folder + "/clean.txt": "OK"}), "clamdscan %s" % options)
    status, text = run("-z", "--no-summary", folder + "/two.bin")
    want((status, text), (1, "%s/two.bin: %s\n%s/two.bin: "
                          "Other.UNOFFICIAL FOUND\n" % (folder, found, folder)),
         "clamdscan -z")
    status, text = run("--no-summary", "-", stdin=b"MALMARK")
    want((status, text), (1, "stream: %s\n" % found), "clamdscan -")
    want(run("--ping", "1"), (0, "PONG\n"), "clamdscan --ping")
    want(run("--reload")[0], 0, "clamdscan --reload")
    want(run(folder + "/none")[0], 2, "clamdscan of nothing")
    status, text = run("--no-summary", "--stream", folder + "/bad.bin",
                       config=remote)
    want((status, text), (1, "%s/bad.bin: %s\n" % (folder, found)),
         "clamdscan over TCP")
    version = subprocess.run([tool, "-c", config, "--version"], check=True,
                             capture_output=True, text=True).stdout
    want(version.startswith("ClamAV "), True, "clamdscan --version")


def python(place, path, port):
    interpreter = os.environ.get("VITRINE_PEERS", sys.executable)
    if subprocess.run([interpreter, "-c", "import clamd"], check=False,
                      stderr=subprocess.DEVNULL).returncode != 0:
        room.skip("PyPI's clamd is not installed for " + interpreter)
    subprocess.run([interpreter, HERE + "/peer_clamd.py", path, str(port),
                    place.path + "/f"], check=True, timeout=120)


def node(script, package):
    def check(place, path, port):
        modules = os.environ.get("VITRINE_NODE_MODULES", "")
        if not os.path.isdir(os.path.join(modules, package)):
            room.skip("npm's %s is not in VITRINE_NODE_MODULES" % package)
        subprocess.run([program("node"), HERE + "/" + script, modules, path,
                        str(port), place.path + "/f"], check=True, timeout=120)
    return check


def milter(place, path, port):
    del port
    tester = program("miltertest")
    address = "unix:" + place.path + "/milter.sock"
    config = place.write("milter.conf", "\n".join([
        "MilterSocket " + address, "ClamdSocket unix:" + path,
        "Foreground yes", "OnInfected Reject", "OnFail Defer",
        "AddHeader No", ""]).encode())
    place.children.append(subprocess.Popen(
        [program("clamav-milter"), "-c", config]))
    subprocess.run([tester, "-D", "milter=" + address, "-s",
                    HERE + "/peer_milter.lua"], check=True, timeout=120)


PEERS = {
    "clamdscan": clamdscan,
    "python": python,
    "clamscan-js": node("peer_clamscan.js", "clamscan"),
    "clamdjs": node("peer_clamdjs.js", "clamdjs"),
    "milter": milter,
}


def main():
    programs, name = sys.argv[1:]
    with room.Room() as place:
        port = free_port()
        path = place.doorman(programs, "--tcp", "127.0.0.1:%d" % port,
                             "--stream-max-length", "1M", "--scanners", "2")
        PEERS[name](place, path, port)
    print(name + ": all as with clamd")
    return 0


if __name__ == "__main__":
    sys.exit(main())
