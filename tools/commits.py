#!/usr/bin/env python3
"""Checks the shape of commit subjects: `area: One sentence.`, at most 90 characters."""
import pathlib
import re
import subprocess
import sys

SHAPE = re.compile(r"^[a-z0-9][a-z0-9_./, -]*: [A-Z0-9`'\"./].*[.!?]$")
LIMIT = 90


def subjects(root):
    """Every commit that this clone knows, merges apart; nothing where there is no history."""
    command = ["git", "-C", str(root), "-c", f"safe.directory={root}", "log", "--no-merges", "--format=%h%x09%s"]
    log = subprocess.run(command, capture_output=True, text=True)
    return [line.split("\t", 1) for line in log.stdout.splitlines()] if log.returncode == 0 else []


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    found, known = [], subjects(root)
    for commit, subject in known:
        if not SHAPE.match(subject):
            found.append(f"{commit}: \"{subject}\" is not of the shape `area: One sentence.`")
        elif len(subject) > LIMIT:
            found.append(f"{commit}: \"{subject}\" has {len(subject)} characters; the limit is {LIMIT}")
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(known)} commits")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
