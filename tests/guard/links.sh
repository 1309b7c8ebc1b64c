#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: links.sh FOLDER-OF-PROGRAMS
# The guard has power, so it must not hold a parser: no code of formats, engine
# or http is in it. The scanner has both, which shows that the check can see.
set -u
holds() { nm -C --defined-only "$1" | grep -Eq 'vitrine::(engine|formats|http|pe|elf|zip|unpack)::'; }
holds "$1/vitrine-scanner" || { echo "no parser in vitrine-scanner?"; exit 1; }
if holds "$1/vitrine-guard"; then
  echo "vitrine-guard holds parsers:"
  nm -C --defined-only "$1/vitrine-guard" |
    grep -E 'vitrine::(engine|formats|http|pe|elf|zip|unpack)::' | head
  exit 1
fi
