# SPDX-License-Identifier: Apache-2.0
# What lies in a process's memory alone is found, and named by process, program
# and address; so is the file that a program was started from, after its name
# has gone.
config '[tasks.memory]' 'type = "memory"'
tasker
memory_holder <sample >where &
HOLDER=$!
said() { [ -s where ]; }
wait_until said || fail "no holder"
read -r pid address _ <where
task start memory --wait
status 1
report memory
python3 - "$pid" "$address" "$(command -v memory_holder)" <<'END' || fail "not named"
import json, sys
pid, address, program = int(sys.argv[1]), int(sys.argv[2], 16), sys.argv[3]
report = json.load(open("report.json"))
for f in report["findings"]:
    if f["verdict"] == "found" and f.get("pid") == pid and f.get("range"):
        low, high = (int(x, 16) for x in f["range"].split("-"))
        if low <= address < high:
            assert f["program"] == program and f["rule"] == "Test_File", f
            sys.exit(0)
sys.exit(f"{report['findings']} do not name {pid} at {address:#x}")
END
event 'A rule holds in the memory of a process'
kill -9 "$HOLDER"
wait "$HOLDER" 2>/dev/null

# A program whose file has lost its name, with the sample behind its end.
cat "$(command -v memory_holder)" sample >renamed
chmod 755 renamed
: >where
./renamed </dev/null >where &
HOLDER=$!
wait_until said || fail "no second holder"
rm renamed
task start memory --wait
status 1
report memory
grep -q '"verdict":"found","path":"[^"]*renamed (deleted)"' report.json ||
  fail "the deleted program was not found"
kill -9 "$HOLDER"
wait "$HOLDER" 2>/dev/null
# Our own programs hold the rules and are no findings; the shell of this scenario
# holds them as well, and is.
task start memory --wait
report memory
grep -q '"program":"[^"]*/vitrine' report.json && fail "found in ourselves"
grep -q '"program":"[^"]*memory_holder' report.json && fail "of a dead process"

# Memory that a process hides from everybody is told of (memfd_secret(2), 447
# everywhere).
: >where
python3 - >where <<'END' &
import ctypes, mmap, os, time
secret = ctypes.CDLL(None).syscall(447, 0)
if secret >= 0:
    os.ftruncate(secret, 4096)
    pages = mmap.mmap(secret, 4096)
    pages[0] = 1
print(os.getpid() if secret >= 0 else "none", flush=True)
time.sleep(600)
END
HOLDER=$!
wait_until said || fail "no third holder"
read -r pid <where
if [ "$pid" = none ]; then
  echo "this kernel has no memfd_secret"
else
  task start memory --wait
  report memory
  grep -q '"verdict":"limited",[^}]*"cannot be read"[^}]*"pid":'"$pid," \
    report.json || fail "hidden memory is not told of"
fi
kill -9 "$HOLDER"
wait "$HOLDER" 2>/dev/null
true
