#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Whether a program is linked with nothing that it must not be linked with.
# usage: links.sh PROGRAM "FOLDER;FOLDER..." FORBIDDEN...
set -u
program=$1
folders=$2
shift 2
loads=$(ldd "$program" 2>/dev/null | awk '{print $1}')
[ -n "$loads" ] || { echo "ldd says nothing of $program"; exit 1; }
[[ ";$folders;" == *";base;"* ]] || { echo "no folders: $folders"; exit 1; }
failed=0
namespaces=
for word in "$@"; do
  case $word in
    *.so)
      if grep -q "^${word//./\\.}" <<<"$loads"; then
        echo "$program loads $word"
        failed=1
      fi
      ;;
    ::*) namespaces+="|${word#::}" ;;
    *)
      if tr ';' '\n' <<<"$folders" | grep -Eq "^$word(/|\$)"; then
        echo "$program is linked with src/$word"
        failed=1
      fi
      ;;
  esac
done
if [ -n "$namespaces" ]; then
  parsers="vitrine::(${namespaces#|})::"
  functions() { nm -C --defined-only "$1" | grep -E "$parsers" | head; }
  # The scanner has them, which shows that the check can see.
  scanner=$(dirname "$program")/vitrine-scanner
  [ -n "$(functions "$scanner")" ] || { echo "no parser in $scanner?"; exit 1; }
  if [ -n "$(functions "$program")" ]; then
    echo "$program holds parsers:"
    functions "$program"
    failed=1
  fi
fi
exit "$failed"
