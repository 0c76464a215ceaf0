#!/usr/bin/env python3
"""100,000 generated messages: what we take, h11 takes too, with the same body and the same bytes left over.

Where node is installed its llhttp is asked as well."""
import argparse
import collections
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
HERE = pathlib.Path(__file__).parent


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


def by_program(command, batch):
    """What a program says that takes the messages of a batch on its standard input; see framing_reader.cpp."""
    data = b"".join(struct.pack("<I", len(message)) + message for message in batch)
    lines = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    for line in lines:
        kind, *numbers = line.split()
        yield (kind,) if kind != "done" else ("done", *map(int, numbers))


def by_llhttp(batch):
    """Nothing where there is no node, or one that hides its parser."""
    try:
        return list(by_program(["node", "--no-deprecation", HERE / "_llhttp.js"], batch))
    except (OSError, subprocess.CalledProcessError):
        return [None] * len(batch)


def judge(message, ours, llhttp, tally):
    """Counts one message; what is wrong with our reading, or nothing."""
    h11s, reference = by_h11(message), by_reference(message)
    taken = ours[0] == "done"
    tally["both"] += taken and h11s[0] == "done"
    tally["stricter"] += not taken and h11s[0] == "done"
    tally["judged"] += llhttp is not None
    wrong = [name for name, theirs in (("h11", h11s), ("llhttp", llhttp)) if taken and theirs not in (None, ours)]
    # Expect is no matter of framing: the reader takes what the server then answers 417.
    if b"expect:" not in message.lower() and (ours != reference if taken else reference[0] == "done"):
        wrong.append("reference")
    tally.update(wrong)
    return f"not as {' and '.join(wrong)}: ours {ours}, h11 {h11s}, llhttp {llhttp}, reference {reference}" if wrong else ""


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    options = options.parse_args()
    program = pathlib.Path(os.environ.get("STUDIO_PROGRAMS", "build/release/tests/proofs")) / "framing_reader"
    messages = Messages(options.seed)
    progress = Progress("messages", options.count)
    tally = collections.Counter()
    for start in range(0, options.count, BATCH):
        batch = [messages.next() for _ in range(min(BATCH, options.count - start))]
        for message, ours, llhttp in zip(batch, by_program([program], batch), by_llhttp(batch), strict=True):
            if wrong := judge(message, ours, llhttp, tally):
                progress.say(f"{wrong}: {message[:300]!r}")
        progress.at(start + len(batch))
    progress.end()
    print(f"seed {options.seed}: {options.count} messages, {tally['judged']} of them also judged by llhttp; "
          f"{tally['both']} taken by us and h11, {tally['stricter']} refused by us alone")
    print(f"what we take: {tally['h11']} unlike h11, {tally['llhttp']} unlike llhttp, {tally['reference']} unlike the reference")
    wrong = tally["h11"] + tally["llhttp"] + tally["reference"]
    return 0 if wrong == 0 and tally["both"] > options.count / 20 else 1


if __name__ == "__main__":
    sys.exit(main())
