#!/usr/bin/env python3
"""A list of 100,000 rows as CSV and XLSX: every row once, in order, and less than 20 MB of memory for it."""
import argparse
import csv
import gzip
import http.client
import io
import pathlib
import re
import socket
import subprocess
import sys
import threading
import time
import zipfile

from database_restarts import sign_in
from idempotency import Server

FIELDS = "id,name,description,position,due_on,shared_with_client,created_at"


def processes(pid):
    """A process and all that it started."""
    found = [pid]
    for one in found:
        for task in pathlib.Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


class Memory(threading.Thread):
    """The greatest resident memory of the studio while it is watched, in KiB."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pids, self.most, self.ended = processes(pid), 0, False
        self.start_at = self.now()
        self.start()

    def now(self):
        sum_ = 0
        for pid in self.pids:
            try:
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue  # it has ended
            found = re.search(r"VmRSS:\s+(\d+)", status)
            sum_ += int(found.group(1)) if found else 0
        return sum_

    def run(self):
        while not self.ended:
            self.most = max(self.most, self.now())
            time.sleep(0.005)

    def grown(self):
        self.ended = True
        self.join()
        return (max(self.most, self.now()) - self.start_at) / 1024


def ask(server, token, format_, headers=None):
    """The whole answer, read as it comes."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    connection.request("GET", path(format_), headers={"Authorization": "Bearer " + token, **(headers or {})})
    begin = time.monotonic()
    answer = connection.getresponse()
    first = time.monotonic() - begin
    body = answer.read()
    connection.close()
    return answer, body, first, time.monotonic() - begin


def path(format_):
    return f"/api/v1/milestones?fields={FIELDS}&ordering=position&project={path.project}&format={format_}"


def sheet_rows(body):
    """The cells of the first two columns of each row below the head."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    rows = re.findall(r'<row r="\d+"[^>]*>(.*?)</row>', sheet)
    return [re.findall(r"<t[^>]*>([^<]*)</t>", row)[:2] for row in rows[1:]], sheet


def check_csv(server, token, expected, faults, figures):
    memory = Memory(server.process.pid)
    answer, body, first, took = ask(server, token, "csv")
    figures["csv"] = (memory.grown(), len(body), first, took)
    rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
    if answer.status != 200 or answer.getheader("Transfer-Encoding") != "chunked":
        faults.append(f"the CSV answered {answer.status} {body[:300]}")
    if rows[0] != FIELDS.split(",") or [row[:2] for row in rows[1:]] != expected:
        faults.append(f"the CSV has {len(rows) - 1} rows, which are not those of the table")
    if any(len(row) != len(rows[0]) for row in rows):
        faults.append("the CSV has rows of different lengths")
    memory = Memory(server.process.pid)
    answer, packed, first, took = ask(server, token, "csv", {"Accept-Encoding": "gzip"})
    figures["csv, gzip"] = (memory.grown(), len(packed), first, took)
    if answer.getheader("Content-Encoding") != "gzip" or gzip.decompress(packed) != body:
        faults.append("compressed, the CSV is another")


def check_xlsx(server, token, expected, faults, figures):
    memory = Memory(server.process.pid)
    answer, body, first, took = ask(server, token, "xlsx")
    figures["xlsx"] = (memory.grown(), len(body), first, took)
    if answer.status != 200:
        faults.append(f"the spreadsheet answered {answer.status} {body[:300]}")
        return
    rows, sheet = sheet_rows(body)
    if rows != expected:
        faults.append(f"the spreadsheet has {len(rows)} rows, which are not those of the table")
    if "<f>" in sheet:
        faults.append("the spreadsheet has formulas")


def begin_and_stall(server, token):
    """Starts an export, reads its first bytes and nothing more."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", server.port))
    client.sendall(f"GET {path('csv')} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    client.recv(1000)
    return client


def own_sql(server, statement):
    """As the program's own role, which may look at its sessions."""
    return subprocess.run(["psql", "-XAt", server.url, "-c", statement], check=True, stdout=subprocess.PIPE, text=True).stdout


OPEN = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND (query LIKE 'FETCH%' OR query LIKE 'DECLARE%') AND state <> 'idle'"


def rest_of(client):
    rest = b""
    try:
        while part := client.recv(65536):
            rest += part
            if rest.endswith(b"\r\n0\r\n\r\n"):
                break
    except ConnectionResetError:
        pass
    client.close()
    return rest


def end_exports(server):
    """Ends the sessions of all exports that are being made, and says how many there were."""
    return int(own_sql(server, "SELECT count(pg_terminate_backend(pid)) " + OPEN))


def check_readers(server, token, faults, figures):
    """Who reads slowly or goes holds no session of the database, and its end changes nothing for them."""
    readers = [begin_and_stall(server, token) for _ in range(4)]
    begin = time.monotonic()
    while (held := int(own_sql(server, "SELECT count(*) " + OPEN))) and time.monotonic() - begin < 20:
        time.sleep(0.02)
    figures["released"] = time.monotonic() - begin
    if held or figures["released"] > 5:
        faults.append(f"{held} exports were open {figures['released']:.1f} s after their first bytes")
    for reader in readers[1:]:
        reader.close()
    own_sql(server, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = current_user")
    if not rest_of(readers[0]).endswith(b"\r\n0\r\n\r\n"):
        faults.append("a file that was made ended with the database")


def check_death(server, token, expected, faults, figures):
    """An export whose database goes while it is made is refused, or made once more: never a part of it."""
    answers = []
    asking = threading.Thread(target=lambda: answers.append(ask(server, token, "csv")))
    asking.start()
    ended = 0
    while asking.is_alive():
        ended += end_exports(server)
    asking.join()
    answer, body, _, _ = answers[0]
    figures["ended"], figures["died"] = ended, answer.status
    whole = answer.status == 200 and len(list(csv.reader(io.StringIO(body.decode(), newline="")))) == len(expected) + 1
    if not ended or not (whole or answer.status in (500, 503)):
        faults.append(f"an export whose {ended} sessions were ended was answered {answer.status} with {len(body)} bytes")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--limit", type=float, default=20.0, help="MB of growth")
    options = options.parse_args()

    server = Server()
    token = sign_in(server)
    path.project = server.sql("SELECT id FROM projects_project WHERE deleted_at IS NULL LIMIT 1").strip()
    server.sql(f"""INSERT INTO projects_milestone (id, project, name, description, position, due_on)
        SELECT gen_random_uuid(), '{path.project}', 'Milestone ' || n, 'What it takes to be done, number ' || n || ', in words',
               n, date '2026-01-01' + n % 700 FROM generate_series(1, {options.rows}) n; ANALYZE projects_milestone""")
    expected = [line.split("|") for line in server.sql(
        f"SELECT id, name FROM projects_milestone WHERE project = '{path.project}' AND deleted_at IS NULL"
        " ORDER BY position, id").split("\n") if line]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for _ in range(200):  # the memory of a program that is at work, in all of its threads
        connection.request("GET", "/api/v1/milestones?page_size=50", headers={"Authorization": "Bearer " + token})
        connection.getresponse().read()
    faults, figures = [], {}
    check_csv(server, token, expected, faults, figures)
    check_xlsx(server, token, expected, faults, figures)
    check_readers(server, token, faults, figures)
    check_death(server, token, expected, faults, figures)
    stop_code = server.stop()
    if stop_code != 0:
        faults.append(f"the program stopped with {stop_code}")
    most = 0.0
    for kind in ("csv", "csv, gzip", "xlsx"):
        if kind not in figures:
            continue
        grown, size, first, took = figures[kind]
        most = max(most, grown)
        print(f"{kind:<10} {size / 1e6:6.1f} MB in {took:5.2f} s, first byte after {first:5.2f} s, memory grew by {grown:5.1f} MB")
    print(f"4 readers who stopped: no session of the database after {figures['released']:.2f} s")
    print(f"{figures['ended']} sessions ended while a file was made: answered {figures['died']}")
    if most >= options.limit:
        faults.append(f"memory grew by {most:.1f} MB")
    print(f"rows {len(expected):,}, greatest growth {most:.1f} MB (limit {options.limit:g} MB): {'; '.join(faults) if faults else 'holds'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
