#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures Vitrine beside clamscan, yara, yara-python and YARA-X.

  bench.py --vitrine BIN --corpus DIR --clamav DIR --yara DIR [--rounds N]
           [--venv DIR] [--out docs/benchmarks.md]

Every figure is CPU seconds (user + system) of a whole process on one core, as
the kernel accounts it. Peers run in turn within each round, so that a ratio
compares runs of the same minute; medians over the rounds are quoted. What a
program needs to load its rules is measured on an empty file and taken off,
and printed by itself. Verdicts of all programs must agree, or the table says
where they do not.
"""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

PARSER = argparse.ArgumentParser()
PARSER.add_argument('--vitrine', required=True)
PARSER.add_argument('--corpus', required=True)
PARSER.add_argument('--clamav', required=True, help='folder of signatures')
PARSER.add_argument('--yara', required=True, help='folder of rules')
PARSER.add_argument('--venv', default='', help='with yara-python and yara-x')
PARSER.add_argument('--rounds', type=int, default=3)
PARSER.add_argument('--sets', default='pe,elf,text,small,archives')
PARSER.add_argument('--out', default='')
A = PARSER.parse_args()

EXTERNALS = ['filename', 'filepath', 'extension', 'filetype', 'owner']
CLAM_LIMITS = ['--max-filesize=2000M', '--max-scansize=2000M',
               '--max-files=0', '--max-scantime=0']


class Run:
    """One process: its CPU seconds, peak memory and output."""

    def __init__(self, command):
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen(
                ['taskset', '-c', '0'] + command, stdout=out,
                stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            self.out = out.read().decode('latin1')
        self.cpu = usage.ru_utime + usage.ru_stime
        self.rss_mb = usage.ru_maxrss / 1024
        self.code = process.returncode


def vitrine(database, folder, options=()):
    return [A.vitrine, 'scan', '--database', database, '--allmatch', '--jobs',
            '1', '--output', 'jsonl'] + list(options) + [folder]


def hits_vitrine(run, engine):
    hits = set()
    for line in run.out.splitlines():
        record = json.loads(line)
        for alert in record['alerts']:
            if alert['engine'] in engine:
                hits.add((os.path.basename(record['path']), alert['name']))
    return hits


def hits_clamscan(run):
    return {(os.path.basename(m[1]), m[2]) for m in re.finditer(
        r'^(.*?)(?:!\(\d+\))?: (.+?)(?:\.UNOFFICIAL)?(?:\(.*\))? FOUND$',
        run.out, re.M)}


def hits_yara(run):
    return {(os.path.basename(m[2]), m[1]) for m in re.finditer(
        r'^(\w+) (/.*)$', run.out, re.M)}


PYTHON_PEER = r'''
import os, sys, json
kind, rules, folder = sys.argv[1:4]
ext = ['filename', 'filepath', 'extension', 'filetype', 'owner']
def walk():
    for root, _, names in os.walk(folder):
        for name in sorted(names):
            yield os.path.join(root, name)
if kind == 'yara-python':
    import yara
    compiled = yara.load(rules)
    for path in walk():
        for match in compiled.match(path):
            print(match.rule, path)
else:
    import yara_x
    with open(rules, 'rb') as stored:
        compiled = yara_x.Rules.deserialize_from(stored)
    for path in walk():
        with open(path, 'rb') as f:
            data = f.read()
        scanner = yara_x.Scanner(compiled)
        for match in scanner.scan(data).matching_rules:
            print(match.identifier, path)
'''

COMPILE_PEER = r'''
import os, sys
kind, folder, out = sys.argv[1:4]
ext = ['filename', 'filepath', 'extension', 'filetype', 'owner']
files = []
for root, _, names in os.walk(folder):
    files += [os.path.join(root, n) for n in names
              if n.endswith(('.yar', '.yara'))]
files.sort()
refused = 0
if kind == 'yara-python':
    import yara
    good = {}
    for path in files:
        try:
            yara.compile(path, externals={e: '' for e in ext})
            good[path] = path
        except yara.Error:
            refused += 1
    yara.compile(filepaths=good, externals={e: '' for e in ext}).save(out)
else:
    import yara_x
    compiler = yara_x.Compiler(relaxed_re_syntax=True)
    for e in ext:
        compiler.define_global(e, '')
    for path in files:
        compiler.new_namespace(path)
        try:
            compiler.add_source(open(path, encoding='utf-8').read())
        except Exception:
            refused += 1
    with open(out, 'wb') as stored:
        compiler.build().serialize_into(stored)
print(len(files), 'files,', refused, 'refused')
'''


def have(program):
    return shutil.which(program) is not None


def yara_index(work):
    """An index file for Debian's yara: every file in a namespace of its own."""
    out = os.path.join(work, 'yara423.bin')
    command = ['yarac', '-w']
    for external in EXTERNALS:
        command += ['-d', external + '=']
    count = 0
    for root, _, names in os.walk(A.yara):
        for name in sorted(names):
            if name.endswith(('.yar', '.yara')):
                count += 1
                command.append('n%d:%s' % (count, os.path.join(root, name)))
    done = subprocess.run(command + [out], capture_output=True, text=True)
    if done.returncode != 0:
        print('yarac:', done.stderr[:500], file=sys.stderr)
        return None
    return out


def peers(work):
    """name -> (kind, command for a folder, hits of a run)."""
    found = {}
    clam_vdb = os.path.join(work, 'clamav.vdb')
    yara_vdb = os.path.join(work, 'yara.vdb')
    for rules, out in ((A.clamav, clam_vdb), (A.yara, yara_vdb)):
        subprocess.run([A.vitrine, 'compile', '--rules', rules, '-o', out],
                       check=False, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    both = os.path.join(work, 'both.vdb')
    compile_run = Run([A.vitrine, 'compile', '--rules', A.clamav, '--rules',
                       A.yara, '-o', both])
    print('compile of everything: %.2f CPU s, %.0f MB peak, %.1f MB file' %
          (compile_run.cpu, compile_run.rss_mb,
           os.path.getsize(both) / 1e6), file=sys.stderr)
    found['vitrine (ClamAV)'] = (
        'clamav', lambda d: vitrine(clam_vdb, d, [
            '--opt', 'max-scansize=2000M', '--opt', 'max-filesize=2000M',
            '--opt', 'max-scantime=0', '--opt', 'max-files=0']),
        lambda r: hits_vitrine(r, ('clamav', 'hash')))
    if have('clamscan'):
        found['clamscan'] = (
            'clamav', lambda d: ['clamscan', '-r', '--stdout', '--no-summary',
                                 '--allmatch=yes', '-d', A.clamav] +
            CLAM_LIMITS + [d], hits_clamscan)
    found['vitrine (YARA)'] = (
        'yara', lambda d: vitrine(yara_vdb, d, ['--opt', 'scan-archive=no']),
        lambda r: hits_vitrine(r, ('yara',)))
    found['vitrine (both)'] = (
        'both', lambda d: vitrine(both, d), lambda r: set())
    if have('yara') and (index := yara_index(work)):
        found['yara 4.2.3'] = (
            'yara', lambda d: ['yara', '-w', '-p', '1', '-C', index, '-r', d],
            hits_yara)
    python = os.path.join(A.venv, 'bin', 'python') if A.venv else ''
    for name, suffix in (('yara-python', 'ypy'), ('yara-x', 'yx')):
        if not python:
            continue
        out = os.path.join(work, suffix + '.bin')
        done = subprocess.run([python, '-c', COMPILE_PEER, name, A.yara, out],
                              capture_output=True, text=True)
        print(name, done.stdout.strip(), done.stderr[-300:], file=sys.stderr)
        if done.returncode == 0:
            found[name] = (
                'yara', lambda d, n=name, o=out: [python, '-c', PYTHON_PEER, n,
                                                  o, d], hits_yara)
    return found


def size_of(folder):
    return sum(os.path.getsize(os.path.join(root, name))
               for root, _, names in os.walk(folder) for name in names)


def spread(values):
    return '%.2f (%.2f-%.2f)' % (statistics.median(values), min(values),
                                 max(values))


def main():
    work = tempfile.mkdtemp()
    empty = os.path.join(work, 'empty')
    os.mkdir(empty)
    open(os.path.join(empty, 'empty'), 'wb').close()
    programs = peers(work)
    load = {name: statistics.median(Run(command(empty)).cpu for _ in range(5))
            for name, (_, command, _) in programs.items()}
    lines = ['| set | MB | program | CPU s, median (min-max) | load s | '
             'MB/s | peak MB | ratio |', '|---|---|---|---|---|---|---|---|']
    disagreements = []
    for name in A.sets.split(','):
        folder = os.path.join(A.corpus, name)
        megabytes = size_of(folder) / 1e6
        runs = {program: [] for program in programs}
        for _ in range(A.rounds):
            for program, (_, command, _) in programs.items():
                runs[program].append(Run(command(folder)))
        for program, (kind, _, hits) in programs.items():
            cpus = [max(run.cpu - load[program], 1e-3)
                    for run in runs[program]]
            ours = {'clamav': 'vitrine (ClamAV)',
                    'yara': 'vitrine (YARA)'}.get(kind, program)
            our_cpus = [max(run.cpu - load[ours], 1e-3) for run in runs[ours]]
            ratio = statistics.median(a / b for a, b in zip(cpus, our_cpus))
            lines.append('| %s | %.1f | %s | %s | %.2f | %.1f | %.0f | %s |' % (
                name, megabytes, program,
                spread([run.cpu for run in runs[program]]), load[program],
                megabytes / statistics.median(cpus),
                max(run.rss_mb for run in runs[program]),
                '%.1f' % ratio if program != ours else ''))
            theirs, mine = hits(runs[program][0]), None
            mine = programs[ours][2](runs[ours][0])
            if theirs != mine:
                disagreements.append(
                    '%s, %s: only there %s; only ours %s' %
                    (name, program, sorted(theirs - mine)[:20],
                     sorted(mine - theirs)[:20]))
        print(lines[-1], file=sys.stderr)
    text = '\n'.join(lines) + '\n\n'
    text += ('All verdicts agree.\n' if not disagreements else
             'Verdicts that differ:\n\n' +
             '\n'.join('- ' + d for d in disagreements) + '\n')
    print(text)
    if A.out:
        cpu = re.search(r'model name\s*: (.*)', open('/proc/cpuinfo').read())
        # What others measured stands below, each under a heading.
        others = ''
        if os.path.exists(A.out):
            with open(A.out, encoding='utf-8') as old:
                _, heading, rest = old.read().partition('\n## ')
                others = heading + rest
        with open(A.out, 'w', encoding='utf-8') as out:
            out.write('# Benchmarks\n\nMade by `make bench` (bench/bench.py '
                      'says how). One core, %s, %d rounds, medians; MB/s and '
                      'ratios without the time to load the rules. A ratio is '
                      'how many times the CPU time of Vitrine, with the same '
                      'rules in the same round, the program took.\n\n' %
                      (cpu.group(1) if cpu else 'unknown processor', A.rounds))
            out.write(text + others)
    shutil.rmtree(work)


main()
