#!/usr/bin/env python3
"""The table of ratios: tamiti against a bare program of the same shape and against PostgreSQL alone (pgbench).

Machines are noisy, so the sides run in short turns (A B C A B C ...) and each figure is the median of the ratios of
neighbouring turns. Called by ./dev bench, which builds both programs.

    ./dev bench [--quick] [--only single,list] [--pairs N] [--seconds S]
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(os.environ.get("STUDIO_ROOT", pathlib.Path(__file__).resolve().parent.parent))
PROGRAM = pathlib.Path(os.environ.get("TAMITI_BIN", ROOT / "build/release/tamiti"))
REFERENCE = pathlib.Path(os.environ.get("STUDIO_BENCH_REFERENCE", PROGRAM.parent / "bench/bench_reference"))
PASSWORD = "studio-demo-2026"
CLIENTS = 4 * (os.cpu_count() or 1)  # threads of both programs, and so connections to the database
PROMISED = {"single": 0.88, "list": 0.92}  # of the bare program's requests a second
PROMISED_OF_SQL = {"create": 0.65}  # of PostgreSQL's transactions a second
MOST_IDLE_MEGABYTES = 60
MOST_READY_SECONDS = 1.0
DATA = (pathlib.Path(__file__).resolve().parent / "data.sql").read_text()


def fail(sentence):
    sys.exit(f"bench: {sentence}")


def run(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        fail(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


# --- servers and programs ----------------------------------------------------------------------------------------------------


class Servers:
    """PostgreSQL and Redis of our own, by the same script that ./dev run uses."""

    def postmaster(self):
        home = pathlib.Path((self.folder / "servers.home").read_text().strip())
        return int((home / "postgres/postmaster.pid").read_text().split()[0])

    def __init__(self, folder):
        self.folder = folder
        self.script = str(ROOT / "tools/servers.sh")

    def start(self):
        wanted = 'source "$1"; postgres_start "$2" >&2; redis_start "$2" >&2; printf "%s\\n" "$DATABASE_URL" "$DATABASE_OWNER_URL" "$REDIS_URL"'
        lines = run(["bash", "-c", wanted, "bash", self.script, str(self.folder)]).splitlines()
        return {"DATABASE_URL": lines[-3], "DATABASE_OWNER_URL": lines[-2], "REDIS_URL": lines[-1]}

    def stop(self):
        subprocess.run(["bash", "-c", 'source "$1"; servers_stop "$2"', "bash", self.script, str(self.folder)], check=False)
        home = self.folder / "servers.home"
        if home.exists():
            shutil.rmtree(home.read_text().strip(), ignore_errors=True)


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def status_of(address):
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status
    except OSError:
        return 0


def family(process):
    """A process and those that it started, and those that they started."""
    children = []
    with contextlib.suppress(OSError):  # it may end meanwhile
        children = [child for task in pathlib.Path(f"/proc/{process}/task").glob("*/children") for child in task.read_text().split()]
    return [process, *(each for child in children for each in family(int(child)))]


def processor_seconds(process):
    """Processor time of a process and its family, also of children that have ended."""
    ticks = 0
    for number, one in enumerate(family(process)):
        with contextlib.suppress(OSError):
            times = pathlib.Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:15]
            ticks += sum(int(each) for each in (times if number == 0 else times[:2]))
    return ticks / os.sysconf("SC_CLK_TCK")


class Turn:
    """What one turn of one side came to: requests a second, and microseconds of a processor for each."""

    def __init__(self, process, postmaster, run_turn):
        before = [processor_seconds(one) if one else 0.0 for one in (process, postmaster)]
        self.rate, requests = run_turn()
        spent = [(processor_seconds(one) if one else 0.0) - began for one, began in zip((process, postmaster), before)]
        self.own, self.database = (seconds / requests * 1e6 for seconds in spent)


class Side:
    """One of the two programs while it runs."""

    def __init__(self, name, command, port, ready, environment, log):
        self.name = name
        self.address = f"http://127.0.0.1:{port}"
        began = time.monotonic()
        self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        while not ready():
            if self.process.poll() is not None or time.monotonic() - began > 30:
                fail(f"{name} did not start; its log is {log.name}")
            time.sleep(0.002)
        self.ready_seconds = time.monotonic() - began

    def megabytes(self):
        """Memory in use, with that of the processes it started, as far as they live on while they are looked at."""
        kilobytes = 0
        for process in family(self.process.pid):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError, AttributeError):
                kilobytes += int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{process}/status").read_text()).group(1))
        return kilobytes / 1024

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()


def is_open(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def start_tamiti(environment, log):
    port, operations = free_port(), free_port()
    ready = f"http://127.0.0.1:{operations}/health/ready"
    # The load comes from one person at one address: counted as always, with limits that it doesn't meet.
    rates = {f"TAMITI_RATE_{name}": "100000000" for name in ("ANONYMOUS", "USER", "TOKEN", "BURST")}
    environment = {**environment, **rates, "TAMITI_HTTP_PORT": str(port), "TAMITI_OPS_PORT": str(operations)}
    return Side("tamiti", [PROGRAM, "run"], port, lambda: status_of(ready) == 200, environment, log)


def start_reference(environment, log):
    port = free_port()
    command = [REFERENCE, str(port), environment["DATABASE_URL"]]
    return Side("reference", command, port, lambda: is_open(port), environment, log)


# --- what is asked -----------------------------------------------------------------------------------------------------------


def ask(address, token=None, body=None):
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if token:
        headers["Authorization"] = "Bearer " + token
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=10) as answer:
        return answer.read()


class Question:
    """One kind of request, as wrk sends it and as pgbench asks the database alone."""

    def __init__(self, name, title, path, statements, values, body=None, connections=32):
        self.name, self.title, self.path, self.body = name, title, path, body
        self.statements, self.values, self.connections = statements, values, connections

    def lua(self, token):
        lines = [f'wrk.headers["Authorization"] = "Bearer {token}"']
        if self.body is not None:
            lines += ['wrk.method = "POST"', 'wrk.headers["Content-Type"] = "application/json"',
                      f"wrk.body = [==[{json.dumps(self.body)}]==]"]
        return "\n".join(lines) + "\n"

    def script(self, sql):
        """The statements for pgbench; each $1 becomes a variable of the client."""
        text = ""
        for number, name in enumerate(self.statements):
            text += re.sub(r"\$(\d)", lambda place: f":v{number}_{place.group(1)}", sql[name]) + ";\n"
        return text

    def variables(self):
        made = []
        for number, values in enumerate(self.values):
            for place, value in enumerate(values, 1):
                made += ["-D", f"v{number}_{place}={value}"]
        return made


def questions(environment):
    query = "SELECT m.id, m.project FROM projects_milestone m JOIN projects_project p ON p.id = m.project WHERE p.code = 'BENCH-100' ORDER BY m.due_on, m.id LIMIT 1"
    milestone, project = psql(environment, query).strip().split("|")
    account = psql(environment, "SELECT id FROM bench_account").strip()
    made = {"project": project, "name": "First cut approved", "due_on": "2026-08-01"}
    login = {"username": "admin", "password": PASSWORD}
    path = "/api/v1/milestones"
    return [
        Question("single", "one row", f"{path}/{milestone}", ["single"], [[milestone]]),
        Question("list", "25 rows, filtered, ordered, counted", f"{path}?project={project}&ordering=due_on", ["page"], [[project]]),
        Question("expand", "one row with its project", f"{path}/{milestone}?expand=project", ["expanded"], [[milestone]]),
        Question("create", "create", path, ["insertion"], [list(made.values())], made),
        Question("login", "log in", "/api/v1/auth/token", ["account", "session"], [["admin"], [account, "token"]], login, 2),
    ]


def psql(environment, sql):
    return run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", environment["DATABASE_OWNER_URL"]], input=sql)


def prepare(environment):
    run([PROGRAM, "migrate"], env=environment)
    run([PROGRAM, "seed", "--demo"], env=environment)
    psql(environment, DATA)


def compare(asked, sides, token):
    """Both must answer the same bytes; of a new row the same members, since ids and times differ."""
    for question in asked:
        bodies = [ask(side.address + question.path, token, question.body) for side in sides]
        if question.body is not None:
            bodies = [list(json.loads(body)) for body in bodies]
        if bodies[0] != bodies[1]:
            fail(f"the two sides answer differently to {question.path}:\n{bodies[0]}\n{bodies[1]}")


# --- turns -------------------------------------------------------------------------------------------------------------------


def wrk_turn(side, question, token, seconds, folder):
    script = folder / f"{question.name}.lua"
    script.write_text(question.lua(token))
    threads = min(2, question.connections)
    text = run(["wrk", f"-t{threads}", f"-c{question.connections}", f"-d{seconds}s", "-s", str(script), side.address + question.path])
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text) or re.search(r"Socket errors: .*", text)
    if refused:
        fail(f"{side.name} did not answer every request for {question.title}: {refused.group(0)}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)), int(re.search(r"(\d+) requests in", text).group(1))


def pgbench_turn(environment, question, sql, seconds, folder):
    script = folder / f"{question.name}.sql"
    script.write_text(question.script(sql))
    pgbench = next(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    command = [pgbench, "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-f", str(script),
               *question.variables(), environment["DATABASE_OWNER_URL"]]
    settings = {"PGOPTIONS": "-c jit=off -c plan_cache_mode=force_generic_plan"}  # as the bare program has it
    text = run(command, env={**environment, **settings})
    return float(re.search(r"tps = ([\d.]+)", text).group(1)), int(re.search(r"actually processed: (\d+)", text).group(1))


@contextlib.contextmanager
def watching(side):
    """Yields a list that holds the largest resident size, in megabytes, once the block has ended."""
    largest, over = [side.megabytes()], threading.Event()

    def watch():
        while not over.wait(0.1):
            largest[0] = max(largest[0], side.megabytes())

    thread = threading.Thread(target=watch)
    thread.start()
    yield largest
    over.set()
    thread.join()


def measure(question, tamiti, reference, token, environment, sql, options, folder, postmaster):
    """Turns of all three until there are enough; the first round warms up and does not count."""
    rounds = []
    for round_number in range(options.pairs + 1):
        seconds = options.seconds if round_number else 1
        turns = [Turn(side.process.pid, postmaster, lambda side=side: wrk_turn(side, question, token, seconds, folder))
                 for side in (tamiti, reference)]
        turns.append(Turn(None, postmaster, lambda: pgbench_turn(environment, question, sql, seconds, folder)))
        rounds.append(turns)
    return rounds[1:]


def ratio_text(ratios):
    return f"{statistics.median(ratios):5.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def report(question, rounds):
    bare, alone = ([turns[0].rate / turns[i].rate for turns in rounds] for i in (1, 2))
    each = [statistics.median(turns[i].rate for turns in rounds) for i in range(3)]
    own = [statistics.median(turns[i].own for turns in rounds) for i in range(2)]
    database = [statistics.median(turns[i].database for turns in rounds) for i in range(3)]
    print(f"{question.title:38}{each[0]:9.0f}{each[1]:9.0f}{each[2]:9.0f}   {ratio_text(bare):24}{ratio_text(alone)}")
    print(f"{'  microseconds of a processor each':38}{own[0]:9.0f}{own[1]:9.0f}{'':9}   {statistics.median(turns[0].own / turns[1].own for turns in rounds):5.2f}")
    print(f"{'  and of PostgreSQL':38}{database[0]:9.0f}{database[1]:9.0f}{database[2]:9.0f}", flush=True)
    return statistics.median(bare), statistics.median(alone)


# --- the whole ---------------------------------------------------------------------------------------------------------------


def ready_times(environment, log, times):
    seconds = []
    for _ in range(times):
        side = start_tamiti(environment, log)
        seconds.append(side.ready_seconds)
        side.stop()
    return statistics.median(seconds)


def sizes():
    with tempfile.NamedTemporaryFile() as stripped:
        run(["strip", "-o", stripped.name, str(PROGRAM)])
        return PROGRAM.stat().st_size / 2**20, os.path.getsize(stripped.name) / 2**20


def bench(options, folder, environment, log, postmaster):
    prepare(environment)
    ready = ready_times(environment, log, 3 if options.quick else 5)
    sql = dict(line.split("\t") for line in run([REFERENCE, "sql"]).splitlines())
    with contextlib.ExitStack() as stack:
        tamiti = start_tamiti(environment, log)
        stack.callback(tamiti.stop)
        reference = start_reference(environment, log)
        stack.callback(reference.stop)
        time.sleep(2)
        idle = tamiti.megabytes()
        asked = questions(environment)
        login = asked[-1]
        sign_in = lambda: json.loads(ask(tamiti.address + login.path, None, login.body))["access"]
        compare([one for one in asked if one is not login], (tamiti, reference), sign_in())
        ask(reference.address + login.path, None, login.body)
        print(f"{'requests a second':38}{'tamiti':>9}{'bare':>9}{'pgbench':>9}   {'of the bare program':24}of PostgreSQL alone")
        found, loaded = {}, 0.0
        for question in asked:
            if options.only and question.name not in options.only.split(","):
                continue
            with watching(tamiti) as largest:
                rounds = measure(question, tamiti, reference, sign_in(), environment, sql, options, folder, postmaster)
            found[question.name] = report(question, rounds)
            loaded = max(loaded, largest[0])
        return conclude(found, ready, idle, loaded)


def conclude(found, ready, idle, loaded):
    whole, stripped = sizes()
    print(f"\nresident, idle and under load      {idle:.1f} MB, {loaded:.1f} MB"
          f"\nfrom start to ready                {ready * 1000:.0f} ms"
          f"\nsize of the program                {whole:.1f} MB, {stripped:.1f} MB without symbols\n")
    broken = [f"{name} reaches {found[name][place]:.2f} of {whom}, not {least:.2f}"
              for place, whom, promised in ((0, "the bare program", PROMISED), (1, "PostgreSQL alone", PROMISED_OF_SQL))
              for name, least in promised.items() if name in found and found[name][place] < least]
    if idle > MOST_IDLE_MEGABYTES:
        broken.append(f"it takes {idle:.1f} MB when idle, more than {MOST_IDLE_MEGABYTES}")
    if ready > MOST_READY_SECONDS:
        broken.append(f"it is ready after {ready:.2f} s, later than {MOST_READY_SECONDS:.0f} s")
    print("The promise does not hold: " + "; ".join(broken) + "." if broken else "Every promise holds.")
    return 1 if broken else 0


def main():
    reading = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    reading.add_argument("--quick", action="store_true", help="3 pairs of turns in place of 10")
    reading.add_argument("--pairs", type=int, help="pairs of turns")
    reading.add_argument("--seconds", type=int, default=2, help="length of a turn")
    reading.add_argument("--only", default="", help="of: single,list,expand,create,login")
    options = reading.parse_args()
    options.pairs = options.pairs or (3 if options.quick else 10)
    for needed in (PROGRAM, REFERENCE):
        if not needed.is_file():
            fail(f"{needed} is not there: ./dev bench builds it.")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tamiti-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    servers = Servers(folder)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TAMITI_")}
    environment |= {"TAMITI_STATE_DIR": str(folder), "TAMITI_LOG_LEVEL": "info"}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        environment |= servers.start()
        with open(folder / "programs.log", "w", encoding="utf-8") as log:
            return bench(options, folder, environment, log, servers.postmaster())
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
