#!/usr/bin/env python3
"""100,000 generated messages: what we take, h11 takes too, with the same body and the same bytes left over."""
import argparse
import os
import pathlib
import struct
import subprocess
import sys
import zlib

import h11

from _http_messages import Messages
from _progress import Progress
from _http_reference import read_request, Incomplete, Malformed

BATCH = 2000


def by_h11(data):
    """("done", body, consumed), ("more",) or ("refused",) as h11 reads it."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20)
    body = b""
    try:
        connection.receive_data(data)
        while True:
            event = connection.next_event()
            if event in (h11.NEED_DATA, h11.PAUSED) or isinstance(event, h11.ConnectionClosed):
                return ("more",)
            if isinstance(event, h11.Data):
                body += bytes(event.data)
            if isinstance(event, h11.EndOfMessage):
                return "done", len(body), zlib.crc32(body), len(data) - len(connection.trailing_data[0])
    except h11.RemoteProtocolError:
        return ("refused",)


def by_reference(data):
    try:
        request = read_request(data, 0)
    except Malformed:
        return ("refused",)
    except Incomplete:
        return ("more",)
    return "done", len(request.body), zlib.crc32(request.body), request.end


def by_us(program, batch):
    data = b"".join(struct.pack("<I", len(message)) + message for message in batch)
    lines = subprocess.run([program], input=data, stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    for line in lines:
        kind, *numbers = line.split()
        yield (kind,) if kind != "done" else ("done", *map(int, numbers))


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    options = options.parse_args()
    program = pathlib.Path(os.environ.get("STUDIO_PROGRAMS", "build/release/tests/proofs")) / "framing_reader"
    messages = Messages(options.seed)
    progress = Progress("messages", options.count)
    both = ours_only = differ = stricter = not_reference = 0
    for start in range(0, options.count, BATCH):
        batch = [messages.next() for _ in range(min(BATCH, options.count - start))]
        for message, ours in zip(batch, by_us(program, batch), strict=True):
            theirs = by_h11(message)
            bad = ""
            if ours[0] == "done" and theirs[0] == "done":
                both += 1
                if ours != theirs:
                    differ, bad = differ + 1, "differ"
            elif ours[0] == "done":
                ours_only, bad = ours_only + 1, "ours only"
            elif theirs[0] == "done":
                stricter += 1
            if (ours[0] == "done") != ((strict := by_reference(message))[0] == "done") or (ours[0] == "done" and ours != strict):
                # Expect is no matter of framing, so the reader takes what the server then answers 417.
                if b"xpect:" not in message and b"XPECT:" not in message:
                    not_reference, bad = not_reference + 1, bad or "not as the reference"
            if bad:
                progress.say(f"{bad}: ours {ours}, h11 {theirs}, reference {strict}: {message[:300]!r}")
        progress.at(start + len(batch))
    progress.end()
    print(f"seed {options.seed}: {options.count} messages, {both} taken by both, {stricter} refused by us alone")
    print(f"{differ} read differently, {ours_only} taken by us alone, {not_reference} unlike the reference")
    return 0 if differ == ours_only == not_reference == 0 and both > options.count / 20 else 1


if __name__ == "__main__":
    sys.exit(main())
