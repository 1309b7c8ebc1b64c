# SPDX-License-Identifier: Apache-2.0
# Runs in the machine of boot.sh, as root, when it has booted.
set -u
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
failures=0
fail() {
  echo "FAILED at line ${BASH_LINENO[0]}: $*"
  failures=$((failures + 1))
}
wait_until() {
  local i
  for i in $(seq 60); do
    "$@" >/tmp/said 2>&1 && return 0
    sleep 0.5
  done
  fail "never: $*: $(head -n 20 /tmp/said)"
}
# As a client of clamd would: the command $1, then standard input as a stream
# where $2 says so. Perl is in every Debian.
ask_doorman() {
  perl -MIO::Socket::UNIX -e '
    my $door = IO::Socket::UNIX->new(Peer => "/run/vitrine/clamd.ctl")
      or die "no door: $!";
    local $/;
    print $door "z$ARGV[0]\0";
    if ($ARGV[1]) {
      my $bytes = <STDIN>;
      print $door pack("N", length $bytes), $bytes, pack("N", 0);
    }
    $door->flush;
    print <$door>' "$@" | tr -d '\0'
}
works() {
  for unit in vitrine-guard.service vitrine-recorder.service \
    vitrine-doorman.service vitrine-doorman.socket; do
    wait_until systemctl -q is-active $unit
  done
  wait_until vitrine status
  cp /tmp/said /tmp/status
  # Made while the guard is off: it would not let the sample be copied.
  vitrine guard mode off || fail "mode off"
  cp /test/sample /home/person/sample
  vitrine guard mode block || fail "mode block"
  for who in "" "setpriv --reuid=person --regid=person --init-groups "; do
    if ${who}cat /home/person/sample >/tmp/got 2>&1; then
      fail "could be opened: ${who}cat"
    fi
    # Where it is taken away before the second one comes it is not there.
    grep -Eq 'not permitted|No such' /tmp/got || fail "$(head -c 200 /tmp/got)"
  done
  wait_until test ! -e /home/person/sample
  vitrine quarantine list | grep -q /home/person/sample ||
    fail "the quarantine lacks it"
  cat /etc/os-release >/dev/null || fail "a good file is refused"
  answer=$(ask_doorman PING)
  [ "$answer" = PONG ] || fail "the doorman says: $answer"
  answer=$(/test/make_sample eicar | ask_doorman INSTREAM stream)
  [ "$answer" = "stream: YARA.Test_File.UNOFFICIAL FOUND" ] ||
    fail "the doorman says: $answer"
  echo harmless >/home/person/good
  chmod 644 /home/person/good; chmod 755 /home/person
  answer=$(ask_doorman "SCAN /home/person/good")
  [ "$answer" = "/home/person/good: OK" ] || fail "the doorman says: $answer"
  recorded() { vitrine events --verdict found | grep -q /home/person/sample; }
  wait_until recorded
  setpriv --reuid=person --regid=person --init-groups \
    vitrine events --limit 3 | grep -q . || fail "adm cannot read the events"
}

vitrine guard mode off
/test/make_sample eicar >/test/sample
vitrine guard mode block

echo "== as booted"
works
sed -n "/^Cage/,/^Mounts/p" /tmp/status
systemctl --no-pager --failed --plain | head
echo "== walls"
pid=$(systemctl show -P MainPID vitrine-guard)
[ "$(readlink /proc/$pid/ns/mnt)" = "$(readlink /proc/1/ns/mnt)" ] ||
  fail "the guard does not see the machine's mounts"
for unit in guard doorman recorder; do
  pid=$(systemctl show -P MainPID vitrine-$unit)
  grep -E 'Uid|CapBnd|NoNewPrivs|Seccomp:' /proc/$pid/status | tr '\n\t' '  '
  echo "vitrine-$unit"
  grep -q 'Seccomp:.2' /proc/$pid/status || fail "$unit has no filter"
done
for process in /proc/[0-9]*; do
  grep -q '^.*/vitrine-[a-z]*.service' $process/cgroup 2>/dev/null &&
    echo "$(stat -c %U $process) $(tr '\0' ' ' <$process/cmdline)"
done
echo "== reload, kill"
systemctl reload vitrine-guard vitrine-doorman || fail "reload"
vitrine guard reload-database || fail "reload-database"
systemctl kill -s KILL vitrine-guard vitrine-recorder vitrine-doorman
sleep 2
works
echo "== restored"
vitrine guard mode off
item=$(vitrine quarantine list | head -n 1 | cut -d ' ' -f 1)
vitrine quarantine restore "$item" || fail "restore"
cmp /test/sample /home/person/sample || fail "not as it was"
echo "== removed and purged under a running systemd"
systemctl stop vitrine-doorman.socket
dpkg --purge vitrine-guard vitrine-doorman vitrine-recorder vitrine-publish \
  vitrine   >/tmp/log 2>&1 || { cat /tmp/log; fail "purge"; }
systemctl list-units --all 'vitrine*' --plain --no-legend | grep . &&
  fail "units are left"
[ ! -e /run/vitrine ] || fail "/run/vitrine is left"
ls -A /var/lib/vitrine /var/cache/vitrine-doorman /etc/vitrine 2>/dev/null
rm -rf /var/lib/vitrine
cat /test/sample >/dev/null || fail "still refused"
echo "== installed under a running systemd"
dpkg -i /test/debs/*.deb >/tmp/log 2>&1 || { cat /tmp/log; fail "install"; }
wait_until systemctl -q is-active vitrine-guard.service
systemctl -q is-active vitrine-doorman.service && fail "a doorman for nothing"
vitrine status >/tmp/status
[ $? = 1 ] || fail "$(cat /tmp/status)"
vitrine compile --rules /test/rules.yar -o /tmp/active.vdb 2>/dev/null
mv /tmp/active.vdb /var/lib/vitrine/database/
systemctl start vitrine-doorman || fail "start"
vitrine guard reload-database || fail "reload-database"
works
journalctl -q -t vitrine-guard -t vitrine-recorder -t vitrine-doorman |
  grep -i 'without\|error\|denied\|cannot\|not permitted' && fail "they complain"
[ $failures = 0 ]
