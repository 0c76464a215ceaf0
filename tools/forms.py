#!/usr/bin/env python3
"""Checks that what has one canonical form is written in it.

Policies and rules of a resource are written with their names (.view = …, .before_save = …), so that no place is taken for another.
Inputs are described member by member (core/model/input.hpp), not by rules looked up by a member's name. The engine names no path of an
app: what is special of a route is said in its options.
"""
import pathlib
import re
import sys

COMMENT = re.compile(r"(?m)(?:^|(?<=\s))//.*$")
FORMS = (
    (re.compile(r"\bresource<[^<>]+>\(\s*[^{;]*?\{\s*(?![.\s}])"), "policies or rules without their names"),
    (re.compile(r"\bresource<[^<>]+>\([^;{]*\{[^{};]*\},\s*\{\s*(?![.\s}])"), "policies or rules without their names"),
    (re.compile(r"\brules_for\b"), "rules looked up by a member's name"),
)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def findings(source, apps=()):
    """(line, kind) of each fault; `apps` are given for a source of the engine."""
    text = COMMENT.sub(blank, source)
    for pattern, kind in FORMS:
        for match in pattern.finditer(text):
            yield source.count("\n", 0, match.end()) + 1, kind
    for app in apps:
        for match in re.finditer(rf'"/{app}[/"]', text):
            yield source.count("\n", 0, match.start()) + 1, "a path of an app in the engine"


# What the check must find, and what it must leave alone.
EXAMPLES = (
    ('resource<Task>("/tasks", {visible, owned})', ["policies or rules without their names"]),
    ('resource<Task>("/tasks", {.view = visible}, {before_save})', ["policies or rules without their names"]),
    ('resource<Task>("/tasks",\n  {.view = visible},\n  {.before_save = check})', []),
    ("Rules rules_for(tag<LogIn>, std::string_view member);", ["rules looked up by a member's name"]),
    ("// rules_for is gone", []),
    ('operation.path == "/auth/token"', ["a path of an app in the engine"]),
    ('"`POST /auth/token` answers an access token"', []),
)


def main():
    for source, kinds in EXAMPLES:
        found = [kind for _, kind in findings(source, ["auth"])]
        if found != kinds:
            sys.exit(f"tools/forms.py is broken: {source!r} has {found}, not {kinds}")
    root = pathlib.Path(__file__).resolve().parent.parent
    apps = sorted(path.name for path in (root / "src/apps").iterdir() if path.is_dir())
    files = sorted(path for folder in ("src", "tests", "bench", "tools/new-app") for path in (root / folder).rglob("*.[ch]pp"))
    faults = 0
    for path in files:
        name = path.relative_to(root)
        for line, kind in findings(path.read_text(errors="replace"), apps if name.parts[:2] == ("src", "core") else ()):
            faults += 1
            print(f"{name}:{line}: {kind}")
    print(f"{len(files)} files, {faults or 'no'} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
