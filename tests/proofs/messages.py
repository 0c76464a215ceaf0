#!/usr/bin/env python3
"""500,000 generated raw-socket messages: the server lives, and never answers a malformed one with 2xx or 500.

Every message is sent over a connection of its own to a bare server around core/http, from changing loopback addresses, and an
independent reference says what must come back: exactly the whole requests are answered, in order and with the right body, and a
malformed one ends the connection with 4xx, 501 or 505. With TAMITI_HTTP_PORT set, a running studio on that port is the target; then
an answer to a whole request may be anything but 500.
"""
import argparse
import collections
import gzip
import multiprocessing
import os
import pathlib
import random
import re
import socket
import struct
import subprocess
import sys
import time

from _http_messages import Messages
from _http_reference import read_stream
from _progress import Progress

LINGER = struct.pack("ii", 1, 0)  # a reset on close, so that half a million connections leave no TIME_WAIT behind
REFUSALS = (400, 408, 413, 414, 417, 431, 501, 505)
STATUS_LINE = re.compile(rb"HTTP/1\.1 ([0-9]{3}) [^\r\n]*\r\n")
LENGTH = re.compile(rb"\r\nContent-Length: ([0-9]+)\r\n")


def exchange(port, data, choose):
    """Sends the bytes, in one piece or some, and returns all that comes back."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        client.settimeout(20)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
        client.bind((f"127.{choose.randrange(1, 255)}.{choose.randrange(256)}.{choose.randrange(1, 255)}", 0))
        client.connect(("127.0.0.1", port))
        answer = []
        try:
            if choose.random() < 0.1 and len(data) > 1:
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                cut = choose.randrange(1, len(data))
                client.sendall(data[:cut])
                client.sendall(data[cut:])
            else:
                client.sendall(data)
            client.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all was sent; what it said is still to be read
        except OSError as error:
            if error.errno != 107:  # the server closed already
                raise
        while True:
            try:
                piece = client.recv(65536)
            except ConnectionResetError:
                break
            if not piece:
                break
            answer.append(piece)
        return b"".join(answer)


def next_answer(answer, bodiless):
    """(status, head, body, rest); status 0 when there is no further answer, -1 when it can't be read."""
    while True:
        if not answer:
            return 0, b"", b"", b""
        line = STATUS_LINE.match(answer)
        end = answer.find(b"\r\n\r\n")
        if not line or end < 0:
            return -1, b"", b"", b""
        status, head, rest = int(line[1]), answer[:end + 2], answer[end + 4:]
        if status == 100:
            answer = rest
            continue
        length = LENGTH.search(head)
        size = 0 if bodiless or not length else int(length[1])
        return status, head, rest[:size], rest[size:]


def fault(data, answer, echo):
    """What is wrong with the answer to these bytes, or nothing."""
    requests, ending, why = read_stream(data)
    for request in requests:
        status, head, body, answer = next_answer(answer, request.method == b"HEAD")
        if b"\r\nContent-Encoding: gzip\r\n" in head and body:
            body = gzip.decompress(body)
        if echo and status != 200:
            return f"a whole request was answered {status}"
        if not echo and (status <= 0 or status == 500):
            return f"a whole request was answered {status}"
        if echo and request.method != b"HEAD" and body != b"%s %s %d" % (request.method, request.path, len(request.body)):
            return f"read as {body[:80]!r}"
        if not echo and b"\r\nConnection: close\r\n" in head:
            return ""
    status, head, _, rest = next_answer(answer, False)
    if ending == "end":
        return f"answered {status} after the last request" if status else ""
    if ending == "incomplete" and status == 0:
        return ""
    if status not in REFUSALS:
        return f"{ending} ({why}) and answered {status}"
    if b"\r\nConnection: close\r\n" not in head:
        return f"{ending} and the connection stays"
    if b"\r\nContent-Type: application/problem+json\r\n" not in head:
        return "not a problem document"
    return "answered after the refusal" if rest else ""


def work(seed, count, port, echo, results):
    messages, choose = Messages(seed), random.Random(seed ^ 0x5DEECE66D)
    tally, done = collections.Counter(), 0
    for _ in range(count):
        data = messages.next()
        try:
            answer = exchange(port, data, choose)
            wrong = fault(data, answer, echo)
        except OSError as error:
            answer, wrong = b"", f"{type(error).__name__}: {error}"
        requests, ending, _why = read_stream(data)
        tally[ending] += 1
        tally["requests"] += len(requests)
        if wrong:
            tally["wrong"] += 1
            results.put(("wrong", f"{wrong}: sent {data[:400]!r}, heard {answer[:200]!r}"))
        done += 1
        if done == 200:
            results.put(("done", done))
            done = 0
    results.put(("done", done))
    results.put(("tally", tally))


def resident(pid):
    """Memory of a process in MB."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def start_echo():
    program = pathlib.Path(os.environ.get("STUDIO_PROGRAMS", "build/release/tests/proofs")) / "echo_server"
    server = subprocess.Popen([program, "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return server, int(server.stdout.readline())


def watch(results, options, workers, server):
    """Follows the workers to their end; the sum of their tallies."""
    tally, count, finished, shown = collections.Counter(), 0, 0, 0
    progress = Progress("messages", options.count)
    warm = None
    while finished < len(workers):
        kind, what = results.get(timeout=120)
        if kind == "done":
            count += what
            progress.at(count)
            if server and warm is None and count > options.count / 10:
                warm = resident(server.pid)
        elif kind == "tally":
            tally, finished = tally + what, finished + 1
        elif (shown := shown + 1) <= 20:
            progress.say(what)
        if server and server.poll() is not None:
            progress.say(f"The server ended with {server.returncode}.")
            break
    progress.end()
    if server and server.poll() is None and warm is not None:
        print(f"memory of the server: {warm:.1f} MB after a tenth, {resident(server.pid):.1f} MB at the end")
    return tally


def main():
    options = argparse.ArgumentParser(description="Half a million generated messages against the server.")
    options.add_argument("--count", type=int, default=500_000)
    options.add_argument("--workers", type=int, default=os.cpu_count())
    options.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    options = options.parse_args()
    port, server = os.environ.get("TAMITI_HTTP_PORT"), None
    if port is None:
        server, port = start_echo()
    results = multiprocessing.Queue()
    share = options.count // options.workers
    begin = time.monotonic()
    workers = [multiprocessing.Process(target=work, daemon=True,
                                       args=(options.seed + i, share, int(port), server is not None, results))
               for i in range(options.workers)]
    for worker in workers:
        worker.start()
    tally = watch(results, options, workers, server)
    alive = True
    if server:
        alive = server.poll() is None
        server.stdin.close()
        alive = server.wait(60) == 0 and alive
    print(f"seed {options.seed}, {time.monotonic() - begin:.0f} s: {tally['requests']} requests to be answered, "
          f"{tally['malformed']} messages malformed, {tally['incomplete']} cut short")
    total = tally["malformed"] + tally["incomplete"] + tally["end"]
    print(f"{total} messages, {tally['wrong']} wrong answers, the server {'lives' if alive else 'DIED'}")
    return 0 if alive and total == share * options.workers and tally["wrong"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
