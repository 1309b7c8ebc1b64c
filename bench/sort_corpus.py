#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sorts files into the benchmark corpus by their first bytes and size.

  sort_corpus.py DIR < LIST

LIST is one path a line. Each file that fits a set is linked (or copied, on
another file system) into DIR/SET under a flat, unique name: its number, then
its own name.
"""
import os
import shutil
import subprocess
import sys

ARCHIVE_MAGICS = (b'\x1f\x8b', b'PK\x03\x04', b'\xfd7zX', b'BZh')
SMALL_MAX = 32768


def texts_of(paths):
    """Those that grep takes for texts: one process for all of them."""
    names = b'\0'.join(os.fsencode(path) for path in paths)
    done = subprocess.run(['xargs', '-0', 'grep', '-lIZ', '.', '--'],
                          input=names, stdout=subprocess.PIPE, check=False)
    return set(done.stdout.split(b'\0'))


def place(path, out, name):
    target = os.path.join(out, name)
    try:
        os.link(path, target)
    except OSError:
        shutil.copy(path, target)


def main():
    out = sys.argv[1]
    paths = [line.rstrip('\n') for line in sys.stdin]
    texts = texts_of(paths)
    number = 0
    for path in paths:
        size = os.path.getsize(path)
        with open(path, 'rb') as file:
            magic = file.read(4)
        is_text = os.fsencode(path) in texts
        chosen = None
        if magic == b'\x7fELF':
            chosen = 'elf' if size >= 16384 else None
        elif magic.startswith(b'MZ'):
            chosen = 'pe' if size >= 8192 else None
        elif magic.startswith(ARCHIVE_MAGICS):
            chosen = 'archives'
        elif size <= SMALL_MAX and number % 4 != 0:
            chosen = 'small'
        elif is_text and size >= 8192:
            chosen = 'text'
        elif is_text:
            number += 1
        if chosen is not None:
            number += 1
            place(path, os.path.join(out, chosen),
                  '%05d-%s' % (number, os.path.basename(path)))


main()
