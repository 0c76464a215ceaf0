#!/usr/bin/env python3
"""README and every guide run as written: their shell blocks in order, each guide against a demo studio that is fresh.

A block of `sh` is run, command by command, in one shell for each guide; where it says that its examples "go on from" another
guide, that one is run before it. A command fails by its status, by an answer of HTTP from 400 on, and by a variable that stays
empty. A block of `json` behind it is what the last command answers: what it names must be there, and "…" stands for anything.
Blocks of other languages are not run.

The studio listens at the address that stands in the guides, in a network of its own where root may make one.
"""
import array
import fcntl
import fnmatch
import json
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(os.environ["STUDIO_ROOT"])
STATE = pathlib.Path(os.environ["TAMITI_STATE_DIR"])
PROGRAM = os.environ["TAMITI_BIN"]
PORT = 8000
BLOCK = re.compile(r"^```([^\n`]*)\n(.*?)^```[ \t]*$", re.M | re.S)
GOES_ON = re.compile(r"go on\s+from\s+\[[^\]]*\]\(([\w./-]+\.md)\)")
ASSIGNED = re.compile(r"^([A-Za-z_]\w*)=\$\(")
CURL = """#!/bin/bash
# curl, and a line for each answer in the record of the command that asks.
said=$(mktemp)
status=0
%s -w '%%{stderr}@answer %%{http_code} %%{url_effective}\\n' "$@" 2>"$said" || status=$?
sed -n 's/^@answer //p' "$said" >>"$GUIDE_RECORD/$GUIDE_STEP.answers"
sed '/^@answer /d' "$said" >&2
rm -f "$said"
exit $status
"""


def own_network():
    """Begins again in a network where nobody else listens, if that may be."""
    if os.geteuid() != 0 or os.environ.get("GUIDES_NETWORK") or not shutil.which("unshare"):
        return
    os.environ["GUIDES_NETWORK"] = "own"
    os.execvp("unshare", ["unshare", "--net", "--", sys.executable, *sys.argv])


def bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        up_and_running = struct.pack("16sh", b"lo", 0x41)
        fcntl.ioctl(any_socket, 0x8914, array.array("b", up_and_running.ljust(40, b"\0")))  # SIOCSIFFLAGS


def refuse_busy_port():
    """The guides would change another studio."""
    for port in (PORT, PORT + 1):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise SystemExit(f"not proven: port {port} is busy; stop what listens there, or run this as root")


def shell(script):
    """Runs a script that knows the functions of tools/servers.sh; answers what it printed."""
    command = f'set -euo pipefail; source "{ROOT}/tools/servers.sh"; state="{STATE}"; {script}'
    return subprocess.run(["bash", "-c", command], check=True, stdout=subprocess.PIPE, text=True).stdout


def is_whole(text):
    """Whether bash takes the lines as a command that is complete."""
    return not text.endswith("\\\n") and subprocess.run(["bash", "-n"], input=text, text=True, stderr=subprocess.DEVNULL).returncode == 0


def commands_of(block):
    """The commands of a shell block, each with the lines that it stands on."""
    found, open_lines = [], ""
    for line in block.splitlines(keepends=True):
        if not open_lines and (not line.strip() or line.lstrip().startswith("#")):
            continue
        open_lines += line
        if is_whole(open_lines):
            found.append(open_lines)
            open_lines = ""
    if open_lines:
        raise SystemExit(f"not proven: bash finds no end of this command:\n{open_lines}")
    return found


class Guide:
    """The commands of a page, and for some of them what they answer."""

    def __init__(self, path):
        self.path, self.commands, self.answers = path, [], {}
        text = path.read_text()
        base = GOES_ON.search(" ".join(text.split()))
        self.base = (path.parent / base.group(1)).resolve() if base else None
        for language, body in BLOCK.findall(text):
            if not language:
                raise SystemExit(f"not proven: a block of {self.name} has no language, which says whether it is run")
            if language == "sh":
                self.commands += commands_of(body)
            elif language == "json":
                self.answers[len(self.commands) - 1] = json.loads(body)

    @property
    def name(self):
        return str(self.path.relative_to(ROOT))


class Studio:
    """A program over a database that is as the demo was when it was loaded."""

    def __init__(self):
        self.url, self.owner_url, self.redis = shell('servers_start "$state" >&2; echo "$DATABASE_URL" "$DATABASE_OWNER_URL" "$REDIS_URL"').split()
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("TAMITI_")}
        self.environment |= {"DATABASE_URL": self.url, "DATABASE_OWNER_URL": self.owner_url, "REDIS_URL": self.redis, "TAMITI_STATE_DIR": str(STATE),
                             "TAMITI_HTTP_PORT": str(PORT)}
        self.log = open(STATE / "guides.log", "ab")
        for words in (["migrate"], ["seed", "--demo"]):
            subprocess.run([PROGRAM, *words], env=self.environment, check=True, stdout=self.log)
        shell('postgres_sql "$(servers_home "$state")" postgres <<<"ALTER DATABASE tamiti RENAME TO as_loaded"')
        self.process = None

    def begin(self):
        shell('postgres_sql "$(servers_home "$state")" postgres <<<"CREATE DATABASE tamiti TEMPLATE as_loaded OWNER tamiti_owner";'
              ' redis-cli -s "$(servers_home "$state")/sockets/redis.sock" FLUSHALL >/dev/null')
        self.process = subprocess.Popen([PROGRAM, "run"], env=self.environment, stdout=self.log, stderr=self.log)
        for _ in range(600):
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{PORT + 1}/health/ready", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("not proven: the studio does not become ready; its log is " + self.log.name)

    def end(self):
        self.process.terminate()
        self.process.wait(30)
        shell('postgres_sql "$(servers_home "$state")" postgres <<<"DROP DATABASE tamiti WITH (FORCE)"')


def script_of(commands, record):
    """Runs one command after the other; keeps what each printed, its status and which variables it left empty."""
    lines = []
    for step, command in enumerate(commands):
        lines += [f"export GUIDE_STEP={step}", f'exec >"{record}/{step}.out" 2>"{record}/{step}.err"', command.rstrip("\n"),
                  f'echo $? >"{record}/{step}.status"']
        if assigned := ASSIGNED.match(command):
            name = assigned.group(1)
            lines.append(f'[[ -n ${name} ]] || echo {name} >"{record}/{step}.empty"')
    return "\n".join(lines) + "\n"


def fits(pattern, value):
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(name in value and fits(part, value[name]) for name, part in pattern.items())
    if isinstance(pattern, list):
        return isinstance(value, list) and len(pattern) <= len(value) and all(map(fits, pattern, value))
    if isinstance(pattern, str) and "…" in pattern:
        return pattern == "…" or isinstance(value, str) and fnmatch.fnmatchcase(value, pattern.replace("…", "*"))
    return pattern == value


def read(path):
    return path.read_text(errors="replace") if path.exists() else ""


def fault_of(record, step, expected):
    """Why the command did not run as written, or nothing."""
    status = read(record / f"{step}.status").strip()
    if status != "0":
        return f"its status is {status or 'none: it did not end'}"
    if empty := read(record / f"{step}.empty").strip():
        return f"{empty} stays empty"
    wanted = expected.get("status", 0) if isinstance(expected, dict) else 0
    for line in read(record / f"{step}.answers").splitlines():
        code, _, address = line.partition(" ")
        if not 200 <= int(code) < 400 and int(code) != wanted:
            return f"{address} answers {code}"
    if expected is None:
        return None
    try:
        return None if fits(expected, json.loads(read(record / f"{step}.out"))) else "it answers something else than is shown"
    except ValueError:
        return "it answers no JSON"


def run(studio, guide, before):
    """The faults of a guide's own commands, each with the command and what it printed."""
    folder = STATE / "guides" / guide.path.stem
    record = folder / "record"
    shutil.rmtree(folder, ignore_errors=True)
    record.mkdir(parents=True)
    tools = folder / "tools"
    tools.mkdir()
    (tools / "curl").write_text(CURL % shutil.which("curl"))
    (folder / "dev").write_text(f'#!/bin/bash\nexec "{ROOT}/dev" "$@"\n')
    for program in (tools / "curl", folder / "dev"):
        program.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TAMITI_", "DATABASE_", "REDIS_"))}
    environment |= {"PATH": f"{tools}:{os.environ['PATH']}", "GUIDE_RECORD": str(record), "TAMITI_BIN": PROGRAM, "TAMITI_STATE_DIR": str(STATE),
                    "TAMITI_HTTP_PORT": str(PORT)}
    commands = [*(before.commands if before else []), *guide.commands]
    first = len(commands) - len(guide.commands)
    studio.begin()
    try:
        subprocess.run(["bash", "-c", script_of(commands, record)], cwd=folder, env=environment, stdin=subprocess.DEVNULL, timeout=300, check=False)
    finally:
        studio.end()
    for step, command in enumerate(commands):
        expected = guide.answers.get(step - first) if step >= first else before.answers.get(step)
        if fault := fault_of(record, step, expected):
            yield f"{guide.name}: {fault}:\n{command}{read(record / f'{step}.out')[-2000:]}{read(record / f'{step}.err')[-2000:]}"


def main():
    own_network()
    if os.environ.get("GUIDES_NETWORK"):
        bring_up_loopback()
    refuse_busy_port()
    wanted = sys.argv[1:]
    guides = [Guide(path) for path in [ROOT / "README.md", *sorted((ROOT / "docs/guides").glob("*.md"))]]
    by_path = {guide.path.resolve(): guide for guide in guides}
    guides = [guide for guide in guides if guide.commands and (not wanted or guide.path.stem in wanted)]
    studio, faults = Studio(), []
    for guide in guides:
        began = time.monotonic()
        found = list(run(studio, guide, by_path.get(guide.base)))
        faults += found
        print(f"{guide.name}: {len(guide.commands)} commands, {len(found)} faults, {time.monotonic() - began:.1f} s", file=sys.stderr)
    for fault in faults:
        print(fault + "\n")
    print(f"{sum(len(guide.commands) for guide in guides) - len(faults)} commands of {len(guides)} guides ran as written, {len(faults)} did not")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
