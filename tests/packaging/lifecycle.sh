# SPDX-License-Identifier: Apache-2.0
# Install, upgrade, remove and purge in a throw-away system without a running
# systemd: what is there after each, and what is not.
. "$(dirname "$0")/lib.sh"
needs_root
needs unshare dpkg-deb
unpack_system

# Everything but what package tools write about themselves.
listing() {
  inside 'find / -xdev \( -path /var/lib/dpkg -o -path /var/log -o \
    -path /var/cache -o -path /proc -o -path /dev -o -path /sys -o \
    -path /debs \) -prune -o -printf "%y %m %U:%G %p\n" | LC_ALL=C sort'
}
has() { # MODE OWNER:GROUP PATH
  local facts
  facts=$(inside "stat -c '%a %U:%G' '$3'") || fail "no $3"
  [ "$facts" = "$1 $2" ] || fail "$3 is $facts, want $1 $2"
}
gone() { [ ! -e "$root$1" ] || fail "$1 is left"; }
kept() { [ -e "$root$1" ] || fail "$1 is gone"; }
quiet() { # What maintainer scripts say is a warning, or should be nothing.
  if grep -Ei 'warning|error|fail|cannot' "$scratch/log" |
    grep -v 'policy-rc.d'; then
    fail "dpkg complains"
  fi
}
names="vitrine vitrine-recorder vitrine-guard vitrine-tasker vitrine-doorman \
  vitrine-publish"
all() { # dpkg OPTION... for all of them
  inside "dpkg $* $names" >"$scratch/log" 2>&1 || {
    cat "$scratch/log"
    fail "dpkg $*"
  }
}
install_from() {
  inside "dpkg --force-confdef --force-confold -i $1/*.deb </dev/null" \
    >"$scratch/log" 2>&1 || {
    cat "$scratch/log"
    fail "dpkg -i"
  }
  quiet
}

# A later version, whose configuration file has changed.
mkdir -p "$root/debs/old" "$root/debs/new"
cp $(debs) "$root/debs/old/"
for deb in "$root"/debs/old/*.deb; do
  dpkg-deb -R "$deb" "$scratch/unpacked"
  version=$(dpkg-deb -f "$deb" Version)
  sed -i "s/^Version: .*/&.1/; s/(= $version)/(= $version.1)/g" \
    "$scratch/unpacked/DEBIAN/control"
  toml=$scratch/unpacked/etc/vitrine/vitrine.toml
  if [ -e "$toml" ]; then echo '# A new line.' >>"$toml"; fi
  dpkg-deb --root-owner-group -b "$scratch/unpacked" "$root/debs/new" >/dev/null
  rm -r "$scratch/unpacked"
done
before=$(listing)

echo "== install"
install_from /debs/old
has 755 root:root /var/lib/vitrine
has 755 root:root /var/lib/vitrine/database
has 2770 root:_vitrine-recorder /var/lib/vitrine/spool/guard
has 2770 root:_vitrine-recorder /var/lib/vitrine/spool/cli
has 2770 root:_vitrine-recorder /var/lib/vitrine/spool/tasker
has 755 root:root /var/lib/vitrine/update
has 750 _vitrine-courier:_vitrine-courier /var/lib/vitrine/ledger
has 750 _vitrine-courier:_vitrine-courier /var/lib/vitrine/staging
has 2750 _vitrine-recorder:adm /var/lib/vitrine/events
has 644 root:root /etc/vitrine/vitrine.toml
for user in _vitrine-scan _vitrine-courier _vitrine-doorman \
  _vitrine-recorder; do
  line=$(inside "getent passwd $user") || fail "no user $user"
  case $line in
    *:/nonexistent:/usr/sbin/nologin) ;;
    *) fail "$line" ;;
  esac
  # "!*": no password fits, and it is locked.
  inside "getent shadow $user" | grep -q ':!\*:' || fail "$user has a password"
done
# Enabled, though nothing could be started.
for link in multi-user.target.wants/vitrine-guard.service \
  multi-user.target.wants/vitrine-recorder.service \
  multi-user.target.wants/vitrine-tasker.service \
  timers.target.wants/vitrine-update.timer \
  sockets.target.wants/vitrine-doorman.socket; do
  [ -L "$root/etc/systemd/system/$link" ] || fail "$link is not enabled"
done
inside "dpkg -V $names" | grep . && fail "files differ from the packages'"

echo "== it works, as root and as an ordinary user"
cat >"$root/tmp/rule.yar" <<'RULE'
rule Word { strings: $a = "MARKER" condition: $a }
RULE
echo "a MARKER in a file" >"$root/tmp/sample"
for start in "" "setpriv --reuid=1234 --regid=1234 --clear-groups "; do
  inside "cd /tmp; ${start}vitrine scan --rules rule.yar sample || test \$? = 1" |
    grep -q Word || fail "nothing found by: ${start}vitrine"
done
inside 'vitrine compile --rules /tmp/rule.yar \
  -o /var/lib/vitrine/database/active.vdb' >/dev/null 2>&1
# The file that was brought is good, with its comments and without.
inside 'vitrine-recorder --once && vitrine events' || fail "no events"
inside 'mkdir -p /tmp/r/etc/vitrine /tmp/r/var/lib/vitrine/spool &&
  sed "s/^#\([a-z_]* = \)/\1/" /etc/vitrine/vitrine.toml \
    >/tmp/r/etc/vitrine/vitrine.toml && grep -q "^mode = " \
    /tmp/r/etc/vitrine/vitrine.toml && vitrine-recorder --root /tmp/r --once'
rm -r "$root/tmp/r"

echo "== upgrade keeps what an administrator has written"
inside 'sed -i "s/^#deadline_ms = 5000/deadline_ms = 6000/" \
  /etc/vitrine/vitrine.toml; mkdir /etc/vitrine/rules;
  cp /tmp/rule.yar /etc/vitrine/rules/'
sum=$(sha256sum <"$root/etc/vitrine/vitrine.toml")
install_from /debs/new
[ "$sum" = "$(sha256sum <"$root/etc/vitrine/vitrine.toml")" ] ||
  fail "the configuration was overwritten"
grep -q 'A new line' "$root/etc/vitrine/vitrine.toml.dpkg-dist" ||
  fail "the new configuration is not offered"
kept /var/lib/vitrine/database/active.vdb
inside 'vitrine update --hold; mkdir -m 700 /var/lib/vitrine/tasks' >/dev/null

echo "== remove keeps configuration and state, and no program"
all --remove
kept /etc/vitrine/vitrine.toml
kept /var/lib/vitrine/database/active.vdb
kept /var/lib/vitrine/events/events.db
kept /var/lib/vitrine/update/evidence
kept /var/lib/vitrine/tasks
gone /usr/bin/vitrine
gone /usr/libexec/vitrine
gone /run/vitrine
inside 'getent passwd _vitrine-recorder' >/dev/null || fail "a user is gone"

echo "== purge keeps files that were taken away, with their key"
install_from /debs/new
inside 'mkdir -m 700 /var/lib/vitrine/quarantine;
  touch /var/lib/vitrine/quarantine/item.vq /var/lib/vitrine/quarantine.key
  mkdir -p /var/lib/systemd/timers
  touch /var/lib/systemd/timers/stamp-vitrine-update.timer'
all --purge
grep -q 'remain, encrypted' "$scratch/log" || fail "nothing is said of it"
kept /var/lib/vitrine/quarantine/item.vq
kept /var/lib/vitrine/quarantine.key
kept /etc/vitrine/rules/rule.yar
gone /etc/vitrine/vitrine.toml
gone /etc/vitrine/vitrine.toml.dpkg-dist
gone /var/lib/vitrine/database
gone /var/lib/vitrine/events
gone /var/lib/vitrine/spool
gone /var/lib/vitrine/update
gone /var/lib/vitrine/ledger
gone /var/lib/vitrine/staging
gone /var/lib/vitrine/tasks
gone /var/lib/systemd/timers/stamp-vitrine-update.timer

echo "== purge leaves nothing else but the users' names"
rm -r "$root/var/lib/vitrine" "$root/etc/vitrine" "$root"/tmp/* \
  "$root/var/lib/systemd/timers"
install_from /debs/new
inside 'install -d -m 700 /var/lib/vitrine/quarantine'
all --purge
quiet
# A user's number must not become somebody else's, who would own what is left.
difference=$(diff <(echo "$before") <(listing) | grep '^[<>]' |
  grep -vE ' /etc/(passwd|group|shadow|gshadow)-?$| /tmp$' || true)
[ -z "$difference" ] || fail "$difference"
inside 'getent passwd _vitrine-scan' >/dev/null || fail "a user is gone"
