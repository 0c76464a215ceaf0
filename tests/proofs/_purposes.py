"""Every kind of secret that the program hands out, tried over HTTP at every door that takes one."""
import base64
import hashlib
import hmac
import http.client
import json
import struct
import time

PASSWORD = "studio-demo-2026"
OPENS = {
    "bearer": {"access", "personal", "view"},
    "bearer that writes": {"access", "personal"},
    "access cookie": {"access"},
    "CSRF token": {"csrf"},
    "refresh": {"refresh"},
    "refresh cookie": {"refresh"},
    "second factor": {"recovery"},
    "verify": {"verify"},
    "change of address": {"email"},
    "invitation": {"invitation"},
    "reset": {"reset"},
}
KINDS = ("access", "refresh", "device", "csrf", "recovery", "personal", "view", "verify", "reset", "email", "invitation")


def totp(secret):
    """RFC 6238, written once more."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, "sha1").digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1_000_000:06}"


class Doors:
    def __init__(self, studio, csrf_key, claims_of):
        self.studio, self.csrf_key, self.claims_of = studio, csrf_key, claims_of

    def send(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.studio.port, timeout=20)
        connection.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None,
                           {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else {}

    def must(self, method, path, body=None, **headers):
        status, answer = self.send(method, path, body, **headers)
        if status >= 300:
            raise RuntimeError(f"{method} {path} answered {status}: {str(answer)[:300]}")
        return answer

    def mailed(self, address):
        """The token of the last link that was mailed there."""
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            found = self.studio.sql("SELECT substring(body_text FROM 'token=([A-Za-z0-9_-]+)') FROM core_mail WHERE recipient = "
                                    f"'{address}' AND body_text LIKE '%token=%' ORDER BY created_at DESC LIMIT 1").strip()
            if found:
                return found
            time.sleep(0.2)
        raise RuntimeError(f"no mail came to {address}")

    def secrets_of(self, username, admin):
        """All kinds of secrets of one person."""
        log_in = {"username": username, "password": PASSWORD}
        first = self.must("POST", "/auth/token", log_in)
        bearer = {"Authorization": "Bearer " + first["access"]}
        person = self.must("GET", "/users/me", **bearer)
        expires_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
        made = {"name": username, "access": first["access"], "refresh": first["refresh"], "device": first["device"]}
        made["csrf"] = base64.urlsafe_b64encode(hmac.new(self.csrf_key, self.claims_of(first["access"])["sid"].encode(), hashlib.sha256)
                                                .digest()).decode().rstrip("=")
        made["personal"] = self.must("POST", "/auth/tokens", {"name": "Proof", "grants": ["*:read", "*:write"], "expires_at": expires_at}, **bearer)["token"]
        made["view"] = self.must("POST", "/auth/view-as/" + person["id"], {"reason": "Proof."}, Authorization="Bearer " + admin)["access"]
        begun = self.must("POST", "/auth/second-factor", {"password": PASSWORD}, **bearer)
        codes = self.must("POST", "/auth/second-factor/confirm", {"code": totp(begun["secret"])}, **bearer)
        made["recovery"] = codes["recovery_codes"][0]
        newcomer, guest, address = f"new.{username}@mail.example", f"guest.{username}@mail.example", f"other.{username}@mail.example"
        self.must("POST", "/auth/register", {"username": f"new-{username}", "email": newcomer, "password": "owino-tuesday-7"})
        self.must("POST", "/invitations", {"email": guest, "roles": ["staff"]}, Authorization="Bearer " + admin)
        self.must("POST", "/auth/email", {"email": address, "password": PASSWORD}, **bearer)
        self.must("POST", "/auth/password/reset", {"email": person["email"]})
        made.update(verify=self.mailed(newcomer), invitation=self.mailed(guest), email=self.mailed(address), reset=self.mailed(person["email"]))
        return made

    def knock(self, door, who, secret):
        """The status that somebody with that secret gets at a door."""
        own = f"http://127.0.0.1:{self.studio.port}"
        token = {"token": secret}
        asks = {
            "bearer": lambda: self.send("GET", "/users/me", Authorization="Bearer " + secret),
            "bearer that writes": lambda: self.send("PATCH", "/users/me", {"bio": "Proof."}, Authorization="Bearer " + secret),
            "access cookie": lambda: self.send("GET", "/users/me", Cookie="tamiti_access=" + secret),
            "CSRF token": lambda: self.send("PATCH", "/users/me", {"bio": "Proof."}, Cookie="tamiti_access=" + who["access"], Origin=own, X_CSRF_Token=secret),
            "refresh": lambda: self.send("POST", "/auth/token/refresh", {"refresh": secret}),
            "refresh cookie": lambda: self.send("POST", "/auth/cookie/refresh", {}, Cookie="tamiti_refresh=" + secret, Origin=own),
            "second factor": lambda: self.send("POST", "/auth/token", {"username": who["name"], "password": PASSWORD, "code": secret}),
            "verify": lambda: self.send("POST", "/auth/verify", {**token, "password": "owino-tuesday-7"}),
            "change of address": lambda: self.send("POST", "/auth/email/confirm", token),
            "invitation": lambda: self.send("POST", "/invitations/accept", {**token, "username": "joined-" + who["name"], "password": "owino-tuesday-7"}),
            "reset": lambda: self.send("POST", "/auth/password/reset/confirm", {**token, "password": "owino-tuesday-7"}),
        }
        status, answer = asks[door]()
        if door == "refresh" and status == 200:
            who["refresh"] = answer["refresh"]
        return status


def purposes(studio, admin, csrf_key, claims_of):
    """Answers how many pairs of secret and door were tried, and what went wrong."""
    doors, faults, cells = Doors(studio, csrf_key, claims_of), [], 0
    one, other = doors.secrets_of("staff", admin), doors.secrets_of("ronald", admin)
    for door, keys in OPENS.items():
        for kind in KINDS:
            cells += 1
            if kind in keys:
                continue
            status = doors.knock(door, one, one[kind])
            if status // 100 != 4:
                faults.append(f"{kind} at {door}: {status}")
    for door, keys in OPENS.items():
        who = one if door == "reset" else other  # the other's address has changed, with which the link to it ended
        for kind in sorted(keys):
            status = doors.knock(door, who, who[kind])
            if status // 100 != 2:
                faults.append(f"{kind} at its own door, {door}: {status}")
    return cells, faults
