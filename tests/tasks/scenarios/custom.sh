# SPDX-License-Identifier: Apache-2.0
# A custom task finds what lies in its paths and masks, and says what it could
# not look at; a mistake in the configuration is named by its line.
mkdir -p data/a/up data/b/up data/b/down
cp sample data/a/up/bad
cp sample data/b/down/outside
cp sample data/b/up/left.iso
echo harmless >data/b/up/good
mkfifo data/b/up/pipe
ln -s ../down/outside data/b/up/link
config '[tasks.uploads]' 'type = "custom"' \
  "paths = [\"$HERE/data/*/up\", \"$HERE/none\"]" 'exclude_paths = ["**.iso"]'
tasker
task start uploads --wait
status 1
report uploads
python3 - "$HERE" <<'END' || fail "the report is not as it should be"
import json, sys
report = json.load(open("report.json"))
here = sys.argv[1]
found = [f["path"] for f in report["findings"] if f["verdict"] == "found"]
errors = [f["path"] for f in report["findings"] if f["verdict"] == "error"]
assert found == [here + "/data/a/up/bad"], found
assert errors == [here + "/none"], errors
assert report["verdict"] == "found" and report["end"] == "completed", report
assert report["counts"]["scanned"] == 2, report["counts"]
assert report["counts"]["skipped"] == 1, report["counts"]
END
task report uploads
out "^found +Test_File +$HERE/data/a/up/bad"
event 'A task found a file'
event 'A task has ended'
task list
out '^uploads +custom +idle'
task start none
status 2
stop_tasker

# What is found is taken, by the ladder.
ACTIONS='["quarantine", "block"]' config '[tasks.uploads]' 'type = "custom"' \
  "paths = [\"$HERE/data/a\"]"
tasker
task start uploads --wait
status 1
[ ! -e data/a/up/bad ] || fail "it still lies there"
vitrine quarantine list --root "$ROOT" | grep -q "data/a/up/bad" ||
  fail "the quarantine does not have it"
# What was given back is let be, and not remembered as clean.
vitrine quarantine restore --root "$ROOT" \
  "$(vitrine quarantine list --root "$ROOT" | awk 'NR == 1 {print $1}')" \
  >/dev/null || fail "not restored"
task start uploads --wait
status 0
[ -e data/a/up/bad ] || fail "what was restored was taken again"
rm "$ROOT/var/lib/vitrine/quarantine.trusted"
task start uploads --wait
status 1
stop_tasker

config '[tasks.x]' 'type = "custom"' 'paths = ["/srv"]' 'schedule = "daily 25:00"'
vitrine-tasker --root "$ROOT" 2>.out && fail "it starts with a wrong schedule"
out 'vitrine.toml:4: tasks.x.schedule'
