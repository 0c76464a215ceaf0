#!/usr/bin/env python3
"""More than 300 hostile tokens made with jose: each gets one and the same 401 in under a millisecond of work; good ones pass, and no secret passes for another."""
import base64
import collections
import hashlib
import http.client
import json
import os
import re
import secrets
import subprocess
import sys
import time

from _purposes import purposes
from database_restarts import PASSWORD, ROOT, Client, Studio, shell

JOSE = ROOT / "build/node/jose"
REPEATS = 5
LIMIT = 1.0  # milliseconds of work
# The server adds these; they differ from one request to the next, and every thousandth ends its connection.
CHANGING = ("date", "x-request-id", "server-timing", "ratelimit", "connection")
OTHER_PURPOSES = ("cursor", "refresh successor", "csrf", "second factor", "access key id", "", "Access", "access ")


def derived(secret, purpose):
    """A key of the site as the program derives it: BLAKE2b, keyed with the secret."""
    return hashlib.blake2b(purpose.encode(), key=secret.encode()[:64], digest_size=32).digest()


def key_id(secret):
    return derived(secret, "access key id").hex()[:12]


def claims_of(token):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def sign_in(studio, username):
    status, body = Client(studio.port).ask("POST", "/api/v1/auth/token", {"username": username, "password": PASSWORD})
    if status != 200:
        sys.exit(f"signing in as {username} answered {status}: {body[:300]}")
    return json.loads(body)


def make_tokens(secret, previous, access, other, ended):
    mine = claims_of(access)
    given = {"secret": secret, "key": derived(secret, "access").hex(), "kid": key_id(secret),
             "previous": {"key": derived(previous, "access").hex(), "kid": key_id(previous)},
             "other_keys": {f"the key of {purpose!r}": derived(secret, purpose).hex() for purpose in OTHER_PURPOSES},
             "issuer": mine["iss"], "audience": mine["aud"], "user": mine["sub"], "session": mine["sid"], "jti": mine["jti"],
             "other_user": claims_of(other)["sub"], "other_session": claims_of(other)["sid"],
             "ended_session": claims_of(ended)["sid"], "now": int(time.time())}
    made = subprocess.run(["node", ROOT / "tests/proofs/_jose_tokens.mjs", JOSE], input=json.dumps(given), stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    return [json.loads(line) for line in made.splitlines()]


class Asker:
    """One connection that sends a token as it is; answers status, all that must not differ, and milliseconds of work."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def ask(self, token):
        self.connection.putrequest("GET", "/api/v1/users/me", skip_accept_encoding=True)
        self.connection.putheader("Authorization", b"Bearer " + token.encode("latin-1", "replace"))
        self.connection.endheaders()
        answer = self.connection.getresponse()
        body = answer.read()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        identity = headers.get("x-request-id", "")
        spent = re.search(r"total;dur=([0-9.]+)", headers.get("server-timing", ""))
        kept = tuple(sorted((name, value) for name, value in headers.items() if not name.startswith(CHANGING)))
        return answer.status, (body.replace(identity.encode(), b"ID"), kept), float(spent.group(1)) if spent else None


def megabyte_of_dots(port):
    """More than a head may have never reaches anybody who looks at tokens."""
    asker = Asker(port)
    try:
        return asker.ask("." * 1_000_000)[0]
    except (http.client.HTTPException, OSError):
        return 0


def main():
    shell('source "$root/tools/node.sh"; node_need; node_install "$root/tools/jose" "$root/build/node/jose"')
    secret, previous = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
    os.environ.update(TAMITI_SECRET_KEY=secret, TAMITI_PREVIOUS_SECRET_KEY=previous, TAMITI_RATE_ANONYMOUS="10000000",
                      TAMITI_RATE_USER="10000000", TAMITI_RATE_BURST="10000000", TAMITI_LOG_LEVEL="warning")
    studio = Studio()
    give_up = time.monotonic() + 30
    while not studio.is_ready():
        if studio.process.poll() is not None or time.monotonic() > give_up:
            sys.exit("the program did not become ready")
        time.sleep(0.02)
    mine, other, ended = sign_in(studio, "admin"), sign_in(studio, "manager"), sign_in(studio, "admin")
    Client(studio.port, ended["access"]).ask("POST", "/api/v1/auth/logout", {})
    tokens = make_tokens(secret, previous, mine["access"], other["access"], ended["access"])

    asker = Asker(studio.port)
    answers, work, accepted, refused_good = collections.Counter(), {}, [], []
    for each in tokens:
        tries = [asker.ask(each["token"]) for _ in range(REPEATS)]
        if each["good"]:
            refused_good += [each["name"]] if any(status != 200 for status, _, _ in tries) else []
            continue
        accepted += [each["name"]] if any(status != 401 for status, _, _ in tries) else []
        answers.update((status, *rest) for status, rest, _ in tries)
        work[each["name"] + " " + each["token"][:20]] = min(spent for _, _, spent in tries)
    dots = megabyte_of_dots(studio.port)
    cells, mistaken = purposes(studio, mine["access"], derived(secret, "csrf"), claims_of)
    exited = studio.process.poll()
    stop_code = studio.stop()
    return report(tokens, answers, work, accepted, refused_good, dots, cells, mistaken, exited or stop_code)


def report(tokens, answers, work, accepted, refused_good, dots, cells, mistaken, exit_code):
    hostile = [each for each in tokens if not each["good"]]
    slowest = max(work, key=work.get)
    spent = sorted(work.values())
    print(f"hostile tokens                    {len(hostile)}, each {REPEATS} times; {len(set(each['token'] for each in hostile))} different")
    print(f"different answers to them         {len(answers)} ({', '.join(f'{key[0]} x {count}' for key, count in answers.items())})")
    print(f"work on one, least of {REPEATS} tries      median {spent[len(spent) // 2]:.3f} ms, most {spent[-1]:.3f} ms ({slowest[:60]})")
    print(f"a megabyte of dots                {dots or 'the connection ended'}")
    print(f"good tokens                       {len(tokens) - len(hostile)}, refused {len(refused_good)} {refused_good}")
    print(f"secrets x doors                   {cells}, mistaken {len(mistaken)} {mistaken[:5]}")
    faults = []
    if mistaken or cells != 121:
        faults.append(f"{len(mistaken)} of {cells} secrets were taken for another or refused at their own door")
    if accepted:
        faults.append(f"{len(accepted)} were not refused with 401: {accepted[:5]}")
    if len(answers) != 1:
        faults.append("the answers differ: " + " / ".join(str(key)[:600] for key in list(answers)[:3]))
    if refused_good:
        faults.append(f"{len(refused_good)} good tokens were refused")
    if len(hostile) < 300:
        faults.append("fewer than 300 hostile tokens")
    if spent[-1] > LIMIT:
        faults.append(f"more than {LIMIT:g} ms of work")
    if dots not in (0, 400, 431):
        faults.append(f"a megabyte of dots got {dots}")
    if exit_code != 0:
        faults.append(f"the program exited with {exit_code}")
    print(f"hostile {len(hostile)}, accepted {len(accepted)}, answers {len(answers)}, purposes mistaken {len(mistaken)} of {cells}, good refused {len(refused_good)}, "
          f"most work {spent[-1]:.3f} ms (limit {LIMIT:g}): {'; '.join(faults) if faults else 'holds'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
