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
# A mirror, as little of a web server as there can be.
serve() {
  perl -MIO::Socket::INET -e '
    my $door = IO::Socket::INET->new(LocalAddr => "127.0.0.1:8080",
      Listen => 20, ReuseAddr => 1) or die "no server: $!";
    while (my $client = $door->accept) {
      my ($name) = (<$client> // "") =~ m{^GET /(\S+) };
      while (defined(my $line = <$client>)) { last if $line !~ /\S/ }
      my $path = "/test/publisher/site/" . ($name // "");
      if (-f $path && open(my $file, "<", $path)) {
        local $/;
        my $body = <$file>;
        print $client "HTTP/1.1 200 OK\r\nConnection: close\r\n",
          "Content-Length: ", length $body, "\r\n\r\n", $body;
      } else {
        print $client "HTTP/1.1 404 Not Found\r\nConnection: close\r\n",
          "Content-Length: 0\r\n\r\n";
      }
      close $client;
    }'
}
configure() {
  sed -i 's|^#mirrors = .*|mirrors = ["http://127.0.0.1:8080/"]|' \
    /etc/vitrine/vitrine.toml
  printf '[tasks.%s]\ntype = "%s"\n' srv custom memory memory \
    >>/etc/vitrine/vitrine.toml
  sed -i '/^\[tasks.srv\]/a paths = ["/srv"]' /etc/vitrine/vitrine.toml
  systemctl reload vitrine-tasker || fail "reload vitrine-tasker"
}
# The guard would not let others open what the task looks for.
task_works() {
  vitrine guard mode off || fail "mode off"
  cp /test/sample /srv/sample
  vitrine guard mode block || fail "mode block"
  vitrine task start srv --wait
  [ $? = 1 ] || fail "$(vitrine task report srv)"
  [ ! -e /srv/sample ] || fail "the task left it"
  vitrine quarantine list | grep -q /srv/sample ||
    fail "the quarantine lacks what the task found"
}
works() {
  for unit in vitrine-guard.service vitrine-recorder.service \
    vitrine-tasker.service vitrine-doorman.service vitrine-doorman.socket; do
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
  task_works
  recorded() { vitrine events --verdict found | grep -q /home/person/sample; }
  wait_until recorded
  setpriv --reuid=person --regid=person --init-groups \
    vitrine events --limit 3 | grep -q . || fail "adm cannot read the events"
}

configure
vitrine guard mode off
/test/make_sample eicar >/test/sample
vitrine guard mode block

echo "== as booted"
works
sed -n "/^Cage/,/^Mounts/p" /tmp/status
systemctl --no-pager --failed --plain | head
echo "== walls"
for unit in guard tasker; do
  pid=$(systemctl show -P MainPID vitrine-$unit)
  [ "$(readlink /proc/$pid/ns/mnt)" = "$(readlink /proc/1/ns/mnt)" ] ||
    fail "the $unit does not see the machine's mounts"
done
for unit in guard doorman recorder tasker; do
  pid=$(systemctl show -P MainPID vitrine-$unit)
  grep -E 'Uid|CapBnd|NoNewPrivs|Seccomp:' /proc/$pid/status | tr '\n\t' '  '
  echo "vitrine-$unit"
  grep -q 'Seccomp:.2' /proc/$pid/status || fail "$unit has no filter"
done
for process in /proc/[0-9]*; do
  grep -q '^.*/vitrine-[a-z]*.service' $process/cgroup 2>/dev/null &&
    echo "$(stat -c %U $process) $(tr '\0' ' ' <$process/cmdline)"
done
for unit in guard doorman recorder tasker update; do
  systemd-analyze security --no-pager vitrine-$unit.service | tail -n 1
done
echo "== memory"
vitrine task start memory --wait
[ $? != 2 ] || fail "the task of memory"
vitrine task report memory | head -n 20
echo "== update"
systemctl -q is-active vitrine-update.timer || fail "no timer"
systemctl start vitrine-update
[ "$(systemctl show -P ConditionResult vitrine-update)" = no ] ||
  fail "an update, believing nobody"
vitrine trust init /test/publisher/trust || fail "trust"
serve &
systemctl start vitrine-update || fail "update"
journalctl -q -o cat -u vitrine-update | tee /tmp/log
vitrine events --verdict found | grep '/var/lib/vitrine/' &&
  fail "the guard takes databases"
grep -q 'main-1 is in use: entry' /tmp/log || fail "nothing was taken"
vitrine update prove | head -n 1 | grep 'main-1 is proven' || fail "no proof"
[ -z "$(find /var/lib/vitrine/staging -type f)" ] || fail "staging is not empty"
[ -z "$(find /var/lib/vitrine/ledger ! -user _vitrine-courier)" ] ||
  fail "the ledger: $(ls -l /var/lib/vitrine/ledger)"
vitrine ledger | head -n 3
echo "== reload, kill"
systemctl reload vitrine-guard vitrine-doorman vitrine-tasker || fail "reload"
vitrine guard reload-database || fail "reload-database"
systemctl kill -s KILL vitrine-guard vitrine-recorder vitrine-doorman \
  vitrine-tasker
sleep 2
works
echo "== restored"
vitrine guard mode off
item=$(vitrine quarantine list | grep -m 1 /home/person/sample |
  cut -d ' ' -f 1)
vitrine quarantine restore "$item" || fail "restore"
cmp /test/sample /home/person/sample || fail "not as it was"
echo "== removed and purged under a running systemd"
systemctl stop vitrine-doorman.socket
dpkg --purge vitrine-guard vitrine-tasker vitrine-doorman vitrine-recorder \
  vitrine-publish vitrine >/tmp/log 2>&1 || { cat /tmp/log; fail "purge"; }
systemctl list-units --all 'vitrine*' --plain --no-legend | grep . &&
  fail "units are left"
ls /var/lib/systemd/timers | grep vitrine && fail "a timer's time is left"
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
vitrine compile --rules /test/rules -o /tmp/active.vdb 2>/dev/null
mv /tmp/active.vdb /var/lib/vitrine/database/
systemctl start vitrine-doorman || fail "start"
configure
vitrine guard reload-database || fail "reload-database"
works
journalctl -q -t vitrine-guard -t vitrine-recorder -t vitrine-doorman \
  -t vitrine-tasker -t vitrine |
  grep -i 'without\|error\|denied\|cannot\|not permitted' && fail "they complain"
[ $failures = 0 ]
