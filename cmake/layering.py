#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the rules of the tree that no compiler checks.

Compares every #include of the product with cmake/layering.txt, and looks at licence lines, header guards, sizes, names
of files and words that must not appear. Prints one line per finding, as file:line: what. Exits 1 when there is one.

Usage: layering.py [ROOT]
"""

import os
import re
import sys

PRODUCT = ("ledger", "issuing", "merchant", "audit", "services")
SOURCES = PRODUCT + ("tests",)
LICENSED = SOURCES + ("cmake", "deploy", "proto", ".ci")
LICENSED_NAMES = re.compile(r"(\.(h|cc|proto|cmake|sh|py)|^CMakeLists\.txt|^run)$")
LICENCE = "SPDX-License-Identifier: Apache-2.0"
LINES_MAX = {".h": 200, ".cc": 400}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
IMPURE_HEADERS = {
    "chrono", "condition_variable", "filesystem", "fstream", "future", "iostream", "mutex", "random", "thread",
    "ctime", "cstdio", "absl/time/clock.h", "ledger/base/clock.h", "ledger/base/mutex.h",
}
# word: (why not, where it is allowed). Looked for outside comments, except TODO.
WORDS = {
    r"std::string_view": ("Debian's abseil does not alias it: absl::string_view", ()),
    r"absl::Mutex": ("false races under TSan: puhui::Mutex", ()),
    r"\bmt19937": ("not a source of secrets: RandomSource", ("tests",)),
    r"\bs?rand\(": ("not a source of secrets: RandomSource", ()),
    r"\babsl::Now\(": ("time is an argument: Clock", ("ledger/base/clock.cc", "services", "tests")),
    r"absl::(FailedPrecondition|OutOfRange|Aborted|Unimplemented|Unknown|ResourceExhausted)Error": (
        "callers are told INTERNAL or OVERLOADED: a rule says no by a Refusal",
        ("ledger", "issuing/core", "audit/access", "services/admin/index_verification.cc", "services/admin/verification.cc",
         "services/auth/certificates.cc", "services/rpc/server_credentials.cc", "services/server", "services/cli", "tests")),
    r"\bTODO\b": ("finish it or name an issue", ()),
}
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "impl", "misc"}


class Table:
    """cmake/layering.txt, parsed."""

    def __init__(self, text):
        self.libraries, self.rooms, self.files, self.never, self.pure = {}, {}, {}, {}, []
        section = None
        for number, raw in enumerate(text.splitlines(), 1):
            line = raw.split("#", 1)[0].strip()
            if not line:
                continue
            if line.startswith("["):
                section = line.strip("[]")
            elif section == "pure":
                self.pure += line.split()
            elif section in ("libraries", "rooms", "files", "never"):
                name, _, values = line.partition(":")
                getattr(self, section)[name.strip()] = values.split()
            else:
                raise ValueError(f"layering.txt:{number}: outside of any section")
        self._check()

    def _check(self):
        known = set(self.libraries) | set(self.rooms) | {"posix", "*"}
        for section in (self.rooms, self.files, self.never):
            for name, values in section.items():
                for value in values:
                    if value not in known:
                        raise ValueError(f"layering.txt: {name} names {value}, which is no room and no library")
        for room in self.pure:
            if room not in self.rooms:
                raise ValueError(f"layering.txt: [pure] names {room}, which is no room")
        self._check_downward()

    def _check_downward(self):
        done = set()

        def visit(room, path):
            if room in path:
                raise ValueError("layering.txt: a circle: " + " -> ".join(path[path.index(room):] + [room]))
            if room in done or room not in self.rooms:
                return
            for below in self.rooms[room]:
                visit(below, path + [room])
            done.add(room)

        for room in self.rooms:
            visit(room, [])

    def target_of(self, include, bracketed):
        """The room or library that `include` belongs to, "std", or None when it is not known."""
        room = os.path.dirname(include)
        if room in self.rooms:
            return room
        for library, prefixes in self.libraries.items():
            if include.startswith(tuple(prefixes)):
                return library
        if bracketed and "/" not in include and "." not in include:
            return "std"
        if bracketed and include.endswith(".h"):
            return "posix"
        return None

    def allows(self, path, room, target):
        if target in self.never.get(room, ()):
            return False
        if target in ("std", room):
            return True
        allowed = list(self.rooms[room])
        for prefix, values in self.files.items():
            if path.startswith(prefix):
                allowed += values
        return target in allowed or "*" in allowed


def without_comment(line):
    """The code of a line. A // inside a string literal, such as spiffe://, does not begin a comment."""
    quoted = False
    for i, char in enumerate(line):
        if char == '"' and (i == 0 or line[i - 1] != "\\"):
            quoted = not quoted
        elif not quoted and line.startswith("//", i):
            return line[:i]
    return line


def check_includes(path, lines, table):
    room = os.path.dirname(path)
    if room not in table.rooms:
        yield 1, f"{room} is not a room of layering.txt"
        return
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        include = match.group(2)
        target = table.target_of(include, match.group(1) == "<")
        if target is None:
            yield number, f"{include}: no room and no library of layering.txt"
        elif not table.allows(path, room, target):
            yield number, f"{room} may not include {include} ({target})"
        if room in table.pure and include in IMPURE_HEADERS:
            yield number, f"{room} is pure and may not include {include}"


def check_guard(path, lines):
    guard = "PUHUI_" + re.sub(r"[^A-Z0-9]", "_", path.upper()) + "_"
    text = "\n".join(lines)
    wanted = f"#ifndef {guard}\n#define {guard}\n"
    if wanted not in text or f"#endif  // {guard}" not in text:
        yield 1, f"the header guard must be {guard}, with the name behind #endif"


def check_size(path, lines):
    limit = LINES_MAX.get(os.path.splitext(path)[1])
    waived = any(re.search(r"NOLINT\(size\):? \S", line) for line in lines[:5])
    if limit and len(lines) > limit and not waived:
        yield len(lines), f"{len(lines)} lines, at most {limit}: split it by idea"


def check_words(path, lines):
    for number, line in enumerate(lines, 1):
        code = without_comment(line)
        for word, (why, allowed) in WORDS.items():
            if path.startswith(tuple(allowed)):
                continue
            match = re.search(word, line if "TODO" in word else code)
            if match:
                yield number, f"{match.group(0)}: {why}"


def check_name(path):
    stem = os.path.splitext(os.path.basename(path))[0]
    vague = VAGUE_NAMES & set(stem.split("_"))
    if vague:
        yield 1, f"a file is named after the one idea in it, not {sorted(vague)[0]}"


def files_under(root, tops):
    for top in tops:
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = sorted(f for f in folders if f not in ("build", "__pycache__"))
            for name in sorted(names):
                yield os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")


def read_lines(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read().splitlines()


def findings(root):
    table = Table("\n".join(read_lines(root, "cmake/layering.txt")))
    for path in files_under(root, LICENSED):
        if LICENSED_NAMES.search(os.path.basename(path)):
            if not any(LICENCE in line for line in read_lines(root, path)[:2]):
                yield f"{path}:1: the first line must be the licence tag {LICENCE}"
    for path in files_under(root, SOURCES):
        if not path.endswith((".h", ".cc")):
            continue
        lines = read_lines(root, path)
        checks = [check_size(path, lines), check_words(path, lines), check_name(path)]
        if path.endswith(".h"):
            checks.append(check_guard(path, lines))
        if path.startswith(PRODUCT):
            checks.append(check_includes(path, lines, table))
        for check in checks:
            for number, what in check:
                yield f"{path}:{number}: {what}"


def main(arguments):
    root = arguments[0] if arguments else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    count = 0
    for finding in findings(root):
        print(finding)
        count += 1
    print(f"layering: {count} findings" if count else "layering: clean")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
