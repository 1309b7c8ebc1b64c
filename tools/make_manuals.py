#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make_manuals.py --docs DOCS --changelog FILE --out OUT PROGRAM...

Writes manual pages, bash completions and the configuration file that packages
bring. What options there are is taken from each program's own --help, so that
nothing here can tell of another program than the one that was built:

  OUT/man/NAME.SECTION    a page for each PROGRAM and each of its commands;
                          prose from DOCS/manual/NAME.SECTION.md where there is
                          one. A page may also be prose alone.
  OUT/man/vitrine.toml.5  from DOCS/configuration.md
  OUT/completions/NAME    for bash
  OUT/vitrine.toml        the defaults of DOCS/configuration.md, commented out
"""
import argparse
import os
import re
import subprocess

TITLES = {"1": "User Commands", "5": "File Formats",
          "8": "System Administration"}


# ---- What a program says of itself ----

class Entry:
    """An option, an argument or a command, as --help lists them."""

    def __init__(self, spec, text):
        self.text = text
        excludes = re.search(r" Excludes: (\S+)", spec)
        if excludes:
            self.text += f"; not with {excludes.group(1)}"
        self.needed = " REQUIRED" in spec
        spec = re.sub(r" (Excludes: \S+|REQUIRED)", "", spec)
        self.spec = re.sub(r"( TEXT)?( \.\.\.)?$", "", spec)
        self.names = re.findall(r"(?<![\w-])--?[a-z][a-z-]*", self.spec)
        values = re.sub(r"(?<![\w-])--?[a-z][a-z-]*,? ?", "", self.spec)
        self.value = values.strip() if self.names else ""


def entries(lines):
    """Entries stand two columns in; what is further in goes on with one."""
    found = []
    for line in lines:
        if re.match(r"  \S", line):
            # A name that fills its column is followed by one blank alone.
            spec, text = re.match(r"(.*? \.\.\.(?= (?!Excl|REQ)\S)|.*?(?=  |$)) *(.*)",
                                  line.strip()).groups()
            if found and found[-1][0].endswith(","):
                found[-1] = [found[-1][0] + " " + spec, text.strip()]
            else:
                found.append([spec, text.strip()])
        elif line.startswith("   ") and found:
            found[-1][1] = (found[-1][1] + " " + line.strip()).strip()
    return [Entry(spec, text) for spec, text in found]


class Command:
    """A program, or a command of one, and the commands below it."""

    def __init__(self, program, words):
        self.words = words  # "vitrine", "quarantine", "list"
        said = subprocess.run([program] + words[1:] + ["--help"], check=True,
                              capture_output=True, text=True,
                              env={"LC_ALL": "C.UTF-8"}).stdout
        usage = re.search(r"^[Uu]sage: (.*)$", said, re.M).group(1)
        self.usage = usage.replace("[OPTIONS]", "[OPTION]...")
        self.usage = self.usage.replace("SUBCOMMAND", "COMMAND")
        parts = {}
        part = "head"
        for line in said.splitlines():
            title = re.match(r"([A-Z][a-z]+):$", line)
            part = title.group(1) if title else part
            if not line.strip() and part != "head":
                part = "rest"  # A footer follows the last part.
            elif not title:
                parts.setdefault(part, []).append(line)
        head = [line for line in parts.get("head", [])
                if line.strip() and not line.lower().startswith("usage:")
                and not line.startswith("  ")]
        self.summary = " ".join(head)
        # Programs without titles list their options right below the usage.
        self.options = entries(parts.get("Options", parts["head"]))
        self.arguments = entries(parts.get("Positionals", []))
        self.commands = [
            (entry, Command(program, words + [entry.spec]))
            for entry in entries(parts.get("Subcommands", []))]


# ---- Markdown of the little that the sources use, to man(7) ----

def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\\&" + text if text.startswith(".") else text


def inline(text):
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)  # A link is its text.
    pieces = re.split(r"`([^`]*)`", text)
    out = ""
    for i, piece in enumerate(pieces):
        if i % 2:
            out += f"\\fB{escaped(piece)}\\fR"
        else:
            out += re.sub(r"\*([^*]+)\*", r"\\fI\1\\fR", escaped(piece))
    return out


def verbatim(lines):
    return [".PP", ".nf", ".RS 4"] + [
        escaped(line) if line else "\\&" for line in lines] + [".RE", ".fi"]


def body(markdown):
    """Sections as [(title, lines of roff)]; what is before one is ''."""
    sections = [("", [])]
    block, fence = [], None

    def flush():
        nonlocal block
        if not block:
            return
        if block[0].startswith("    "):
            sections[-1][1].extend(verbatim([line[4:] for line in block]))
        elif block[0].startswith("- "):
            text = "\n".join(block)
            for item in re.split(r"^- ", text, flags=re.M)[1:]:
                sections[-1][1].extend(
                    [".IP \\(bu 2", inline(" ".join(item.split()))])
        else:
            sections[-1][1].extend([".PP", inline(" ".join(block))])
        block = []

    for line in markdown.splitlines():
        if fence is not None:
            if line.startswith("```"):
                sections[-1][1].extend(verbatim(fence))
                fence = None
            else:
                fence.append(line)
        elif line.startswith("```"):
            flush()
            fence = []
        elif line.startswith("## "):
            flush()
            sections.append((line[3:].upper(), []))
        elif line.startswith(("# ", "<!--")):
            flush()
        elif not line.strip():
            # A blank line within what is indented is part of it.
            if block and block[0].startswith("    "):
                block.append("")
            else:
                flush()
        else:
            if block and block[0].startswith("    ") \
                    and not line.startswith("    "):
                flush()
            block.append(line)
    flush()
    return sections


def item(entry):
    text = inline(entry.text)
    spec = entry.spec.replace(",--", ", --")
    end = "" if not text or text.endswith(".") else "."
    return [".TP", f"\\fB{escaped(spec)}\\fR", text + end]


def listing(title, of):
    return [(title, [line for entry in of for line in item(entry)])] if of \
        else []


def page(name, section, summary, parts, about):
    lines = [f'.TH {name.upper()} {section} {about.date} "Vitrine '
             f'{about.version}" "{TITLES[section]}"',
             ".SH NAME", f"{escaped(name)} \\- {inline(summary)}"]
    for title, content in parts:
        if content:
            lines += [f".SH {title}"] + content
    path = os.path.join(about.out, "man", f"{name}.{section}")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def prose(about, name, section):
    path = os.path.join(about.docs, "manual", f"{name}.{section}.md")
    if not os.path.exists(path):
        return None, []
    with open(path, encoding="utf-8") as file:
        text = file.read()
    return text.splitlines()[0].removeprefix("# "), body(text)


def command_page(command, section, about):
    name = "-".join(command.words)
    summary, sections = prose(about, name, section)
    if summary is None:
        summary = command.summary[:1].lower() + command.summary[1:]
    options = listing("ARGUMENTS", command.arguments) + \
        listing("OPTIONS", command.options)
    verbs = []
    for entry, verb in command.commands:
        if len(command.words) == 1:
            verbs += item(entry)
            continue
        verbs += [f".SS {escaped(verb.usage)}", inline(entry.text) + "."]
        for one in verb.arguments + verb.options:
            if "--help" not in one.names and "--help-all" not in one.names:
                verbs += item(one)
    known = dict(sections)
    description = known.pop("", []) or [".PP", inline(command.summary)]
    parts = [("SYNOPSIS", [f"\\fB{escaped(command.usage)}\\fR"]),
             ("DESCRIPTION", description)] + options + [("COMMANDS", verbs)]
    parts += [(title, known[title]) for title, _ in sections if title in known]
    page(name, section, summary.rstrip("."), parts, about)
    for _, below in command.commands if len(command.words) == 1 else []:
        command_page(below, section, about)


def prose_pages(about):
    for file in sorted(os.listdir(os.path.join(about.docs, "manual"))):
        name, section, _ = file.rsplit(".", 2)
        if os.path.exists(os.path.join(about.out, "man",
                                       f"{name}.{section}")):
            continue
        summary, sections = prose(about, name, section)
        parts = [(title or "DESCRIPTION", lines) for title, lines in sections]
        page(name, section, summary, parts, about)


# ---- Completion ----

COMPLETION = r'''# SPDX-License-Identifier: Apache-2.0
# bash completion for @NAME@; made by tools/make_manuals.py.
@FUNCTION@() {
    local cur prev words cword
    _init_completion || return
    local path=@NAME@ word
    for word in "${words[@]:1:cword-1}"; do
        case "$path $word" in
            @PATHS@) path="$path $word" ;;
        esac
    done
    case "$path:$prev" in
@VALUES@
    esac
    local options= commands=
    case "$path" in
@OPTIONS@
    esac
    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    elif [[ $commands ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur")
    else
        _filedir
    fi
} &&
    complete -F @FUNCTION@ @NAME@
'''


def choices(text):
    """"text, jsonl or sarif" names the words that a value can be."""
    words = re.split(r", or |, | or ", text.split(";")[0])
    plain = all(re.fullmatch(r"[a-z][a-z-]*", word) for word in words)
    return words if plain and len(words) > 1 else []


def reply(entry):
    words = choices(entry.text)
    if words:
        return f'mapfile -t COMPREPLY < <(compgen -W "{" ".join(words)}" ' \
            '-- "$cur")'
    if entry.value in ("FOLDER", "DIR"):
        return "_filedir -d"
    if entry.value == "FILE.vdb":
        return "_filedir vdb"
    return "_filedir" if re.search("PATH|FILE", entry.value) else ":"


def completion(top, about):
    commands = [top]
    for command in commands:
        commands += [below for _, below in command.commands]
    values, options = [], []
    for command in commands:
        path = " ".join(command.words)
        for entry in command.options:
            if not entry.value:
                continue
            names = "|".join(f'"{path}:{name}"' for name in entry.names)
            values.append(f"        {names}) {reply(entry)}; return ;;")
        names = [name for entry in command.options for name in entry.names]
        below = [entry.spec for entry, _ in command.commands]
        options.append(f'        "{path}") options="{" ".join(names)}" '
                       f'commands="{" ".join(below)}" ;;')
    name = top.words[0]
    paths = [" ".join(command.words) for command in commands[1:]]
    text = COMPLETION
    for mark, with_what in (
            ("@PATHS@", "|".join(f'"{path}"' for path in paths) or '""'),
            ("@VALUES@", "\n".join(values)),
            ("@OPTIONS@", "\n".join(options)),
            ("@FUNCTION@", "_" + name.replace("-", "_")), ("@NAME@", name)):
        text = text.replace(mark, with_what)
    with open(os.path.join(about.out, "completions", name), "w",
              encoding="utf-8") as file:
        file.write(text)


# ---- Configuration ----

def configuration(about):
    with open(os.path.join(about.docs, "configuration.md"),
              encoding="utf-8") as file:
        text = file.read()
    sections = body(text)
    page("vitrine.toml", "5", "configuration of Vitrine",
         [(title or "DESCRIPTION", lines) for title, lines in sections], about)
    defaults = re.search(r"^```toml\n(.*?)^```", text, re.M | re.S).group(1)
    out = ["# Vitrine's configuration: vitrine.toml(5) explains it.",
           "# What stands here behind \"#\" is the default; take the \"#\" away "
           "to change it.", ""]
    for line in defaults.splitlines():
        plain = not line or line[0] in "[#"
        out.append(line if plain else "#" + line)
    with open(os.path.join(about.out, "vitrine.toml"), "w",
              encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


def main():
    parser = argparse.ArgumentParser()
    for name in ("docs", "changelog", "out"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("programs", nargs="+")
    about = parser.parse_args()
    with open(about.changelog, encoding="utf-8") as file:
        changes = file.read()
    about.version = re.search(r"\((.*?)\)", changes).group(1)
    about.date = re.search(r"^ -- .*>  \w+, (\d+ \w+ \d+)", changes,
                           re.M).group(1)
    for folder in ("man", "completions"):
        os.makedirs(os.path.join(about.out, folder), exist_ok=True)
        for old in os.listdir(os.path.join(about.out, folder)):
            os.unlink(os.path.join(about.out, folder, old))
    for program in about.programs:
        name = os.path.basename(program)
        top = Command(program, [name])
        person = name in ("vitrine", "vitrine-publish")
        command_page(top, "1" if person else "8", about)
        completion(top, about)
    configuration(about)
    prose_pages(about)


if __name__ == "__main__":
    main()
