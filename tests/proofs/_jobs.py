"""What the proofs of background work share: a database, workers over it, and a record of every attempt."""
import os
import pathlib
import signal
import subprocess
import threading
import time

ROOT = pathlib.Path(os.environ.get("STUDIO_ROOT", pathlib.Path(__file__).resolve().parents[2]))
STATE = pathlib.Path(os.environ["TAMITI_STATE_DIR"])
WORKER = pathlib.Path(os.environ["STUDIO_PROGRAMS"]) / "jobs_worker"

# Rows of the jobs' own making name their job by what the transaction says of its cause ("job KIND ID"). Triggers record
# each start and end of an attempt, on the database's clock.
RECORDS = """
    CREATE TABLE proof_effect (milliseconds bigint, pid bigint, parent bigint, at timestamptz DEFAULT clock_timestamp(),
        job uuid DEFAULT split_part(current_setting('tamiti.via'), ' ', 3)::uuid);
    CREATE TABLE proof_attempt (job uuid, token bigint, worker uuid, started timestamptz, ended timestamptz, how text);
    CREATE INDEX ON proof_attempt (token);
    CREATE INDEX ON proof_attempt (job, started);
    CREATE TABLE proof_worker (id uuid PRIMARY KEY, pid bigint);
    CREATE FUNCTION proof_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        IF OLD.state = 'running' THEN
            UPDATE proof_attempt SET ended = clock_timestamp(), how = NEW.state WHERE token = OLD.lease_token;
        END IF;
        IF NEW.state = 'running' THEN
            INSERT INTO proof_attempt VALUES (NEW.id, NEW.lease_token, NEW.worker, clock_timestamp());
        END IF;
        RETURN NULL;
    END $$;
    CREATE FUNCTION proof_enrol() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        INSERT INTO proof_worker VALUES (NEW.id, split_part(NEW.place, ':', 2)::bigint);
        RETURN NULL;
    END $$;
    CREATE TRIGGER proof_record AFTER UPDATE OF state ON core_job FOR EACH ROW EXECUTE FUNCTION proof_record();
    CREATE TRIGGER proof_enrol AFTER INSERT ON core_worker FOR EACH ROW EXECUTE FUNCTION proof_enrol();
    GRANT ALL ON proof_effect TO tamiti_app;
"""


def shell(script):
    """Runs a script that knows the functions of tools/servers.sh; answers what it printed."""
    command = f'set -euo pipefail; source "{ROOT}/tools/servers.sh"; state="{STATE}"; {script}'
    return subprocess.run(["bash", "-c", command], check=True, stdout=subprocess.PIPE, text=True).stdout


class Database:
    """PostgreSQL of the proof's own, migrated."""

    def __init__(self, records=True):
        self.url, self.owner_url, self.sockets = shell(
            'servers_start "$state" >&2; echo "$DATABASE_URL" "$DATABASE_OWNER_URL" "$STUDIO_SOCKETS"').split()
        self.environment = dict(os.environ, DATABASE_URL=self.url, DATABASE_OWNER_URL=self.owner_url, TAMITI_ENV="dev",
                                TAMITI_WORKER_THREADS="4", TAMITI_LOG_LEVEL="warning")
        self.log = open(STATE / "proof.log", "ab")
        subprocess.run([os.environ.get("STUDIO_MIGRATE", WORKER), "migrate"], env=self.environment, check=True, stdout=self.log)
        if records:
            self.sql(RECORDS)

    def sql(self, statement):
        """The answer's lines; several statements are several transactions."""
        found = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", self.owner_url, "-f", "-"], check=True, text=True,
                               input=statement, stdout=subprocess.PIPE)
        return found.stdout.strip()

    def number(self, statement):
        return float(self.sql(statement) or "nan")

    def make_jobs(self, kind, count, arguments="'{}'"):
        """With ids that are ordered by time, as the program makes them."""
        self.sql(f"""INSERT INTO core_job (id, kind, arguments)
            SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '70008'
                || lpad(to_hex(number), 4, '0') || substr(md5(random()::text), 1, 11))::uuid, '{kind}', ({arguments})::jsonb
            FROM generate_series(1, {count}) AS number; ANALYZE core_job""")

    def start(self, *words, threads=None):
        environment = dict(self.environment)
        if threads:
            environment["TAMITI_WORKER_THREADS"] = str(threads)
        return subprocess.Popen([WORKER, *words], env=environment, stdout=self.log, stderr=self.log)


def children(pid):
    """The processes that it started."""
    try:
        return [int(child) for child in pathlib.Path(f"/proc/{pid}/task").glob("*/children")
                for child in child.read_text().split()]
    except OSError:
        return []


def send(pid, number):
    """False where the process is gone."""
    try:
        os.kill(pid, number)
        return True
    except ProcessLookupError:
        return False


def stop(processes, seconds=20):
    for process in processes:
        send(process.pid, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(condition, seconds, pause=0.1):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(pause)
    return condition()


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Reaper(threading.Thread):
    """Starts workers again that were killed together with what watched over them."""

    def __init__(self, processes, start):
        super().__init__(daemon=True)
        self.processes, self.start_one, self.over = processes, start, False

    def run(self):
        while not self.over:
            for index, process in enumerate(self.processes):
                if process.poll() is not None and not self.over:
                    self.processes[index] = self.start_one()
            time.sleep(0.05)
