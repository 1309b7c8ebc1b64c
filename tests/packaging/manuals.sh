# SPDX-License-Identifier: Apache-2.0
# Every option that a program names is in its manual page and in its completion;
# pages are sound; bash loads the completions and completes.
. "$(dirname "$0")/lib.sh"
needs python3
programs=
for program in vitrine vitrine-publish vitrine-guard vitrine-doorman \
  vitrine-recorder vitrine-tasker; do
  programs="$programs $BIN/$program"
done
# shellcheck disable=SC2086  # A word a program.
python3 "$SOURCE/tools/make_manuals.py" --docs "$SOURCE/docs" --changelog \
  "$SOURCE/packaging/debian/changelog" --out "$scratch" $programs

# What --help names, found by other means than make_manuals' own.
options_of() { # COMMAND...
  "$@" --help | sed 's/ *[A-Z][a-z].*//; s/Excludes:.*//' |
    grep '^  *-' | grep -oE '(^|[ ,])--?[a-z][a-z-]*' | tr -d ' ,' | sort -u
}
check() { # PAGE COMPLETION COMMAND...
  local page=$1 completion=$2 option
  shift 2
  [ -e "$scratch/man/$page" ] || fail "no page $page"
  [ -n "$(options_of "$@")" ] || fail "$* names no options"
  for option in $(options_of "$@"); do
    grep -qF -- "${option//-/\\-}" "$scratch/man/$page" ||
      fail "$page lacks $option"
    grep -qE -- "[\" ]$option[\" ]" "$scratch/completions/$completion" ||
      fail "the completion of $completion lacks $option"
  done
}
commands_of() {
  "$@" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'
}
for daemon in guard doorman recorder tasker; do
  check vitrine-$daemon.8 vitrine-$daemon "$BIN/vitrine-$daemon"
done
for tool in vitrine vitrine-publish; do
  check $tool.1 $tool "$BIN/$tool"
  for command in $(commands_of "$BIN/$tool"); do
    check "$tool-$command.1" $tool "$BIN/$tool" "$command"
    grep -qF "$command" "$scratch/man/$tool.1" || fail "$tool.1: $command"
    for verb in $(commands_of "$BIN/$tool" "$command"); do
      check "$tool-$command.1" $tool "$BIN/$tool" "$command" "$verb"
    done
  done
done
# No person starts it, so nothing completes it.
for option in $(options_of "$BIN/vitrine-courier"); do
  grep -qF -- "${option//-/\\-}" "$scratch/man/vitrine-courier.8" ||
    fail "vitrine-courier.8 lacks $option"
done
for page in vitrine.toml.5 vitrine-scanner.8 vitrine-verifier.8; do
  [ -s "$scratch/man/$page" ] || fail "no $page"
done

if command -v man >/dev/null; then
  for page in "$scratch"/man/*; do
    said=$(man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)
    [ -z "$said" ] || fail "$page: $said"
  done
fi

[ -e /usr/share/bash-completion/bash_completion ] || {
  echo "completions were not loaded: there is no bash-completion here"
  exit 0
}
# complete WORDS... : the last one may be the beginning of what comes out.
complete_words() {
  bash -c '
    . /usr/share/bash-completion/bash_completion
    . "$1/completions/$2"
    shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*"
    COMP_POINT=${#COMP_LINE}
    "_${1//-/_}" "$1" "${!#}" "${*: -2:1}"
    printf "%s\n" "${COMPREPLY[@]}" | LC_ALL=C sort | tr "\n" " "
  ' bash "$scratch" "$@" 2>/dev/null
}
completes() { # WANTED WORDS...
  local wanted=$1 got
  shift
  got=$(complete_words "$@")
  [ "${got% }" = "$wanted" ] || fail "$* is completed to: $got"
}
cd "$scratch"
mkdir folder
touch one.vdb two.yar
completes "scan" vitrine sc
completes "quarantine" vitrine qu
completes "delete export list restore trust" vitrine quarantine ""
completes "--keep" vitrine quarantine restore --k
completes "jsonl sarif text" vitrine scan --output ""
completes "json text" vitrine status --output ""
completes "one.vdb" vitrine scan --database o
completes "two.yar" vitrine scan --rules t
completes "folder" vitrine status --root f
completes "--socket --socket-mode" vitrine-doorman --so
completes "--once" vitrine-recorder --o
completes "--root" vitrine-tasker --r
