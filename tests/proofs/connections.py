#!/usr/bin/env python3
"""Idle connections, slow heads, slow uploads and slow readers all at once: 0 of 500 requests from elsewhere fail, under 300 MB.

Four addresses open 4,000 connections and say nothing more; eight send heads by the byte; four people send 500 long bodies and 300
more ask for long answers that they hardly read, from twelve addresses. Meanwhile a person at another address reads, writes and sends long
bodies. The memory is that of the process that serves, at its highest.
"""
import argparse
import json
import os
import re
import resource
import selectors
import socket
import sys
import threading
import time

import database_restarts as restarts

IDLE, HEADS, UPLOADS, READERS = 4000, 1600, 500, 300
MOST_MEMORY = 300  # megabytes
BODY = 1_000_000
LINGER = b"\1\0\0\0\0\0\0\0"


def request(method, path, token=None, length=None, more=""):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if length is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {length}"]
    return ("\r\n".join(lines) + "\r\n" + more + "\r\n").encode()


class Crowd(threading.Thread):
    """Connections that behave badly, each opened again when the server ends it."""

    def __init__(self, port, count, addresses, begins, goes_on=None, reads=0, receives=None):
        super().__init__(daemon=True)
        self.port, self.count, self.addresses = port, count, addresses
        self.begins, self.goes_on, self.reads, self.receives = begins, goes_on, reads, receives
        self.selector = selectors.DefaultSelector()
        self.opened, self.ended, self.live = 0, False, {}

    def open(self, number):
        client = socket.socket()
        if self.receives:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receives)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
        client.settimeout(5)
        try:
            client.bind((self.addresses[number % len(self.addresses)], 0))
            client.connect(("127.0.0.1", self.port))
            client.setblocking(False)
            if begins := self.begins(number):
                client.send(begins)
        except OSError:
            client.close()
            return
        self.opened += 1
        self.live[number] = client
        if not self.reads:
            self.selector.register(client, selectors.EVENT_READ, number)

    def close(self, number):
        client = self.live.pop(number)
        if not self.reads:
            self.selector.unregister(client)
        client.close()

    def tick(self):
        """What each does once a second: a byte or two in its direction."""
        for number, client in list(self.live.items()):
            try:
                if self.goes_on:
                    client.send(self.goes_on)
                if self.reads and client.recv(self.reads) == b"":
                    self.close(number)
            except BlockingIOError:
                pass
            except OSError:
                self.close(number)

    def run(self):
        due = 0
        while not self.ended:
            missing = [number for number in range(self.count) if number not in self.live]
            for number in missing[:100]:
                self.open(number)
            time.sleep(0.2)
            for key, _ in self.selector.select(0):
                try:
                    gone = key.fileobj.recv(65536) == b""
                except BlockingIOError:
                    gone = False
                except OSError:
                    gone = True
                if gone:
                    self.close(key.data)
            if time.monotonic() >= due:
                self.tick()
                due = time.monotonic() + 1
        for client in self.live.values():
            client.close()


def sign_in(port, name):
    status, body = restarts.Client(port).ask("POST", "/api/v1/auth/token", {"username": name, "password": restarts.PASSWORD})
    if status != 200:
        sys.exit(f"{name} could not sign in: {status} {body[:300]}")
    return json.loads(body)["access"]


def fill(studio, token, project):
    """Comments of such a length that a page of them is a long answer."""
    text = "A long answer takes long to read. " * 120
    for _ in range(200):
        status, body = restarts.Client(studio.port, token).ask(
            "POST", "/api/v1/comments", {"on_model": "projects.project", "on_row": project, "body": text})
        if status != 201:
            sys.exit(f"a comment was answered {status}: {body[:300]}")
    return f"/api/v1/comments?on_model=projects.project&on_row={project}&page_size=200"


def megabytes(process, name):
    with open(f"/proc/{process}/status", encoding="ascii") as status:
        return int(re.search(rf"{name}:\s+(\d+) kB", status.read())[1]) / 1024


def serving(studio):
    """The process that serves is the one that was started; its work has a process of its own."""
    return studio.process.pid


class Elsewhere:
    """Somebody at an address of their own, with a new connection for each request."""

    def __init__(self, port, token, project, page):
        self.port, self.token, self.project, self.page = port, token, project, page
        self.failed, self.slowest = [], 0.0

    def ask(self, number):
        begin = time.monotonic()
        try:
            status = self.once(number)
        except OSError as error:
            status = repr(error)
        self.slowest = max(self.slowest, time.monotonic() - begin)
        if status not in (200, 201):
            self.failed.append(status)

    def once(self, number):
        if number % 10 == 7:  # a long body
            body = json.dumps({"on_model": "projects.project", "on_row": self.project, "body": "A word. " * 1200}) + " " * 200_000
            data = request("POST", "/api/v1/comments", self.token, len(body), "Connection: close\r\n") + body.encode()
        elif number % 10 == 3:  # a long answer
            data = request("GET", self.page, self.token, None, "Connection: close\r\n")
        else:
            data = request("GET", "/api/v1/projects?page_size=25", self.token, None, "Connection: close\r\n")
        with socket.create_connection(("127.0.0.1", self.port), 20, ("127.0.0.100", 0)) as client:
            client.sendall(data)
            answer = b""
            while piece := client.recv(1 << 20):
                answer += piece
        head, _, body = answer.partition(b"\r\n\r\n")
        status = int(head.split()[1]) if head else 0
        length = re.search(rb"Content-Length: (\d+)", head)
        return status if length and int(length[1]) == len(body) else f"{status}, cut after {len(body)} bytes"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=500)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    studio = restarts.Studio()
    try:
        deadline = time.monotonic() + 30
        while not studio.is_ready() and time.monotonic() < deadline:
            time.sleep(0.05)
        return measure(studio, options)
    finally:
        studio.stop()


def measure(studio, options):
    port, process = studio.port, serving(studio)
    admin = sign_in(port, "admin")
    slow = [sign_in(port, name) for name in ("manager", "content", "digital", "staff")]
    _, body = restarts.Client(port, admin).ask("GET", "/api/v1/projects?status=active&page_size=1")
    project = json.loads(body)["results"][0]["id"]
    page = fill(studio, admin, project)
    before = megabytes(process, "VmRSS")
    places = [f"127.0.1.{number}" for number in range(1, 25)]
    crowds = {
        "idle": Crowd(port, IDLE, places[:4], lambda _: b""),
        "slow heads": Crowd(port, HEADS, places[4:12], lambda _: b"GET /api/v1/projects HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 6000, b"x"),
        "slow uploads": Crowd(port, UPLOADS, places[12:18],
                              lambda number: request("POST", "/api/v1/comments", slow[number % 4], BODY) + b" " * 400_000, b" " * 2000),
        "slow readers": Crowd(port, READERS, places[18:24], lambda number: request("GET", page, slow[number % 4]) * 4, None, 1500, 4096),
    }
    for crowd in crowds.values():
        crowd.start()
    give_up = time.monotonic() + 60
    while any(crowd.opened < crowd.count for crowd in crowds.values()) and time.monotonic() < give_up:
        time.sleep(0.2)
    elsewhere, highest = Elsewhere(port, admin, project, page), 0.0
    for number in range(options.requests):
        elsewhere.ask(number)
        highest = max(highest, megabytes(process, "VmRSS"))
        time.sleep(0.05)
    for name, crowd in crowds.items():
        print(f"{name:13} {crowd.opened} connections opened, {len(crowd.live)} open at the end")
        crowd.ended = True
    peak = megabytes(process, "VmHWM")
    alive = studio.process.poll() is None
    print(f"memory: {before:.0f} MB before, {peak:.0f} MB at its highest (limit {MOST_MEMORY}); slowest answer {elsewhere.slowest:.2f} s")
    print(f"{options.requests} requests from elsewhere, {len(elsewhere.failed)} failed {elsewhere.failed[:5]}, the program {'lives' if alive else 'DIED'}")
    return 0 if alive and not elsewhere.failed and peak < MOST_MEMORY and all(one.opened >= one.count for one in crowds.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
