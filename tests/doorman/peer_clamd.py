#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PyPI's clamd against both sockets.

usage: peer_clamd.py SOCKET PORT FOLDER
"""
import io
import sys

import clamd


def want(got, expected):
    if got != expected:
        sys.exit("clamd: %r, want %r" % (got, expected))


def check(client, folder):
    want(client.ping(), "PONG")
    want(client.version().startswith("ClamAV "), True)
    found = ("FOUND", "TestSig.UNOFFICIAL")
    bad = folder + "/bad.bin"
    want(client.scan(bad), {bad: found})
    want(client.scan(folder + "/clean.txt"),
         {folder + "/clean.txt": ("OK", None)})
    want(len(client.contscan(folder)), 4)
    want(len(client.multiscan(folder)), 4)
    want(client.instream(io.BytesIO(b"MALMARK")), {"stream": found})
    want(client.instream(io.BytesIO(b"hello")), {"stream": ("OK", None)})
    want(client.scan(folder + "/none")[folder + "/none: File path check "
                                       "failure"][0], "ERROR")
    want("POOLS" in client.stats(), True)
    # Far beyond the limit: the answer must come, not a broken pipe.
    try:
        client.instream(io.BytesIO(b"a" * (8 << 20)))
        sys.exit("clamd: a stream beyond the limit was taken")
    except clamd.BufferTooLongError:
        pass


def main():
    socket, port, folder = sys.argv[1:]
    check(clamd.ClamdUnixSocket(socket), folder)
    check(clamd.ClamdNetworkSocket("127.0.0.1", int(port)), folder)


main()
