#!/usr/bin/env python3
"""Checks that every header compiles alone: whoever includes it needs to include nothing before it.

What compiled is remembered in build/check/headers by a hash of the header, of all headers of ours that it includes, and of the
flags, so that a second check only compiles what changed.
"""
import hashlib
import os
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = ROOT / "build/check/headers"
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.M)
FOLDERS = (ROOT / "src", ROOT)
FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-Wno-pragma-once-outside-header",
         f"-I{ROOT / 'src'}", f"-I{ROOT}"]


def package_flags():
    names = ["libpq", "hiredis", "libcurl", "libsodium"]
    return subprocess.run(["pkg-config", "--cflags", *names], capture_output=True, text=True).stdout.split()


def ours(header, seen):
    """The header and all that it includes of ours, in a stable order."""
    if header in seen:
        return seen
    seen.append(header)
    for name in INCLUDE.findall(header.read_bytes()):
        for folder in (header.parent, *FOLDERS):
            file = folder / name.decode()
            if file.is_file():
                ours(file.resolve(), seen)
                break
    return seen


def key_of(header, flags):
    digest = hashlib.sha256(" ".join(flags).encode())
    for file in ours(header, []):
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def compile_alone(header, flags):
    """Nothing when it compiles, else the compiler's words."""
    mark = CACHE / key_of(header, flags)
    if mark.exists():
        return None
    text = f'#include "{header}"\n#include "{header}"\n'
    run = subprocess.run(["g++", *flags, "-x", "c++", "-"], input=text, capture_output=True, text=True)
    if run.returncode:
        return f"{header.relative_to(ROOT)} does not compile alone:\n" + "\n".join(run.stderr.splitlines()[:12])
    mark.touch()
    return None


def main():
    CACHE.mkdir(parents=True, exist_ok=True)
    flags = [*FLAGS, *package_flags()]
    folders = [ROOT / "src", ROOT / "tests", ROOT / "bench"]
    headers = sorted(header for folder in folders for header in folder.rglob("*.hpp"))
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        found = [fault for fault in pool.map(lambda header: compile_alone(header, flags), headers) if fault]
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(headers)} headers")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
