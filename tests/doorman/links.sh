#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: links.sh FOLDER-OF-PROGRAMS
# The doorman talks with strangers and parses no sample: no code of engine or
# formats is in it. The scanner has both, which shows that the check can see.
set -u
parsers='vitrine::(engine|formats|http|pe|elf|zip|unpack)::'
holds() { nm -C --defined-only "$1" | grep -Eq "$parsers"; }
holds "$1/vitrine-scanner" || { echo "no parser in vitrine-scanner?"; exit 1; }
if holds "$1/vitrine-doorman"; then
  echo "vitrine-doorman holds parsers:"
  nm -C --defined-only "$1/vitrine-doorman" | grep -E "$parsers" | head
  exit 1
fi
