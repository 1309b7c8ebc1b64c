#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# litewitness, a public witness, cosigns logs that we write, and answers every
# request as we would.
# usage: litewitness.sh PEER FOLDER-FOR-PROGRAMS
set -uo pipefail
peer=$1
programs=$2
skip() {
  echo "SKIPPED: $*"
  exit 77
}
fail() {
  echo "FAILED: $*"
  exit 1
}
for program in go curl python3 ssh-agent ssh-add ssh-keygen; do
  command -v $program >/dev/null || skip "$program is not installed"
done

work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; rm -rf "$work"' EXIT
witness=$programs/litewitness
if [ ! -x "$witness" ]; then
  mkdir -p "$programs"
  GOTOOLCHAIN=local GOBIN=$(realpath "$programs") timeout 400 \
    go install filippo.io/torchwood/cmd/litewitness@v0.6.1 \
    >"$work/log" 2>&1 ||
    skip "filippo.io/torchwood cannot be built: $(tail -n 1 "$work/log")"
fi

for size in 100 700; do
  "$peer" make "$work/$size" $size || fail "no log of $size"
done
read -r _ log_key <"$work/100/policy"
origin=${log_key%%+*}

ssh-keygen -q -t ed25519 -N '' -f "$work/key" || fail "no key"
ssh-agent -D -a "$work/agent" >/dev/null 2>&1 &
pids+=($!)
for _ in $(seq 50); do
  [ -S "$work/agent" ] && break
  sleep 0.1
done
SSH_AUTH_SOCK=$work/agent ssh-add -q "$work/key" 2>/dev/null ||
  fail "no agent"
fingerprint=$(ssh-keygen -l -f "$work/key.pub" | awk '{ print $2 }')

port=$(python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
start() {
  "$witness" -name witness.example.org/lite -db "$work/db" \
    -ssh-agent "$work/agent" -key "$fingerprint" \
    -listen "127.0.0.1:$port" >"$work/out" 2>&1 &
  pids+=($!)
  for _ in $(seq 100); do
    grep -q listening "$work/out" && break
    sleep 0.1
  done
  sleep 0.2
}
start
key=$(grep -o 'vkey=[^ ]*' "$work/out" | head -n 1 | cut -d= -f2-)
[ -n "$key" ] || fail "litewitness does not start: $(cat "$work/out")"
python3 - "$work/db" "$origin" "$log_key" <<'PYTHON' || fail "no database"
import base64, hashlib, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
root = base64.b64encode(hashlib.sha256(b"").digest()).decode()
db.execute("INSERT INTO log VALUES (?, 0, ?)", (sys.argv[2], root))
db.execute("INSERT INTO key VALUES (?, ?)", (sys.argv[2], sys.argv[3]))
db.commit()
PYTHON

# asks REQUEST LAST WANTED [OTHER]: litewitness and we, who last cosigned the log
# in LAST, answer WANTED; litewitness OTHER, if given.
asks() {
  local said ours
  said=$(curl -s -o "$work/answer" -w '%{http_code}' --max-time 10 \
    --data-binary "@$1" "http://127.0.0.1:$port/add-checkpoint")
  ours=$("$peer" decide "$1" "$work/100" "$2")
  [ "$said $ours" = "${4:-$3} $3" ] ||
    fail "$1 after $2: litewitness says $said, we $ours; wanted $3"
}
request() {
  "$peer" request "$work/$1" "$2" >"$work/request-$1-$2" || fail "no request"
}
# changed FROM TO COMMAND: FROM with a change that sed makes.
changed() {
  sed "$3" "$work/$1" >"$work/$2"
  cmp -s "$work/$1" "$work/$2" && fail "$3 changes nothing"
  return 0
}
request 100 0
request 100 100
request 700 0
request 700 50
request 700 100
request 700 700
changed request-700-100 bad-proof '2s|^..|AA|'
changed request-700-100 no-proof '2,/^$/{/^.../d}'
changed request-700-100 bad-signature "/ $(echo "$origin" | tr / .) /s/A/B/"
changed request-700-100 other-log "s|^$origin\$|other.example.org|"
changed request-700-100 above 's/^old 100$/old 701/'
changed request-700-100 garbage 's/^old/new/'

asks "$work/request-700-100" - 409
asks "$work/request-100-0" - 200
time=$("$peer" take "$work/100" "$key" "$work/answer") ||
  fail "we do not take litewitness's cosignature"
asks "$work/request-700-0" "$work/100" 409
[ "$(cat "$work/answer")" = 100 ] || fail "409 says another size"
asks "$work/request-700-50" "$work/100" 409
asks "$work/bad-proof" "$work/100" 422
asks "$work/no-proof" "$work/100" 422
asks "$work/bad-signature" "$work/100" 403
# 404 since tlog-witness 1.0.0, which is younger than this litewitness.
asks "$work/other-log" "$work/100" 404 403
asks "$work/above" "$work/100" 400
asks "$work/garbage" "$work/100" 400
asks "$work/request-100-100" "$work/100" 200
asks "$work/request-700-100" "$work/100" 200
"$peer" take "$work/700" "$key" "$work/answer" >/dev/null ||
  fail "we do not take litewitness's second cosignature"
asks "$work/request-700-100" "$work/700" 409
asks "$work/request-700-700" "$work/700" 200
echo "litewitness: cosigned at $time; 15 answers are ours too"
