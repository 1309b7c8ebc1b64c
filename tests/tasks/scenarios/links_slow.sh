# SPDX-License-Identifier: Apache-2.0
# Whoever swaps files and folders for links while a task goes through them does
# not lead it out of its target.
mkdir outside
cat >rules.yar <<'END'
rule Secret { strings: $a = "SECRET-OUTSIDE" condition: $a }
END
database
echo SECRET-OUTSIDE >outside/secret
echo SECRET-OUTSIDE >outside/5
for i in $(seq 200); do
  mkdir "data/$i"
  for j in $(seq 10); do echo harmless >"data/$i/$j"; done
done
cat >swap.py <<'END'
import os, random, sys
data, outside = sys.argv[1:]
while True:
    folder = f"{data}/{random.randint(1, 200)}"
    # A folder for a link to another, and back.
    try:
        os.rename(folder, folder + ".x")
        os.symlink(outside, folder)
        os.unlink(folder)
        os.rename(folder + ".x", folder)
        # A file likewise.
        name = f"{folder}/5"
        os.rename(name, name + ".x")
        os.symlink(f"{outside}/secret", name)
        os.unlink(name)
        os.rename(name + ".x", name)
    except OSError:
        pass
END
config '[tasks.walk]' 'type = "custom"' "paths = [\"$HERE/data\"]"
tasker
python3 swap.py "$HERE/data" "$HERE/outside" &
SWAPPER=$!
for i in 1 2 3 4 5; do
  task start walk --wait
  [ "$STATUS" != 1 ] || fail "a link was followed"
  [ "$(count walk found)" = 0 ] || fail "a link was followed"
  rm -f "$ROOT/var/lib/vitrine/tasks/clean"
done
kill "$SWAPPER"
wait "$SWAPPER" 2>/dev/null
# The rule does hold there.
config '[tasks.walk]' 'type = "custom"' "paths = [\"$HERE/outside\"]"
task reload
task start walk --wait
status 1
