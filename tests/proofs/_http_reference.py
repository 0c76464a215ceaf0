"""Which requests are in a piece of TCP stream, by the rules that core/http promises, written apart from it: regular expressions
over the whole message instead of a byte machine. The judge of the proofs `messages` and `framing`."""
import ipaddress
import re
from collections import namedtuple

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
ESCAPE = rb"%[0-9A-Fa-f]{2}"
PATH = rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|" + ESCAPE + rb")"
QUERY = rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]{}|^`]|" + ESCAPE + rb")*"
REQUEST_LINE = re.compile(rb"(" + TOKEN + rb") ([\x21-\x7e]+) HTTP/([0-9]\.[0-9])")
ORIGIN = re.compile(rb"(/" + PATH + rb"*)(?:\?(" + QUERY + rb"))?")
ABSOLUTE = re.compile(rb"(http|https)://([^/?]*)(/" + PATH + rb"*)?(?:\?(" + QUERY + rb"))?", re.I)
FIELD = re.compile(rb"(" + TOKEN + rb"):[ \t]*((?:[\x21-\x7e\x80-\xff](?:[\t \x21-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?)([ \t]*)")
HOST = re.compile(rb"(?:([A-Za-z0-9\-._]{1,255})|\[([0-9A-Fa-f:.]+)\])(?::([0-9]{1,5}))?")
CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n")
CHUNK_BEGUN = re.compile(rb"[0-9A-Fa-f]{0,8}|[0-9A-Fa-f]{1,8}\r")
METHODS = (b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS")
MAX_TARGET, MAX_FIELDS, MAX_HEAD, MAX_BODY = 8192, 100, 16384, 1048576

Request = namedtuple("Request", "method path body closes end")


class Malformed(Exception):
    """What must be refused."""


class Incomplete(Exception):
    """What could still become a request."""


def check(holds, why):
    if not holds:
        raise Malformed(why)


def check_host(host):
    match = HOST.fullmatch(host)
    check(match and int(match[3] or 0) <= 65535, "host")
    if match[2]:
        try:
            ipaddress.IPv6Address(match[2].decode())
        except ValueError:
            raise Malformed("host") from None


def path_of(target, method, host):
    if target == b"*":
        check(method == b"OPTIONS", "target")
        return target
    if match := ORIGIN.fullmatch(target):
        return match[1]
    match = ABSOLUTE.fullmatch(target)
    check(match, "target")
    check_host(match[2])
    port = b":443" if match[1].lower() == b"https" else b":80"
    check(match[2].lower().removesuffix(port) == host.lower().removesuffix(port), "two hosts")
    return match[3] or b"/"


def read_body(data, at, fields, version):
    lengths = [value for name, value in fields if name == b"content-length"]
    codings = [value for name, value in fields if name == b"transfer-encoding"]
    check(not (lengths and codings), "length twice")
    check(len(lengths) <= 1 and len(codings) <= 1, "length twice")
    if codings:
        check(codings[0].lower() == b"chunked" and version == b"1.1", "coding")
        return read_chunks(data, at)
    if not lengths:
        return b"", at
    check(re.fullmatch(rb"[0-9]{1,20}", lengths[0]), "length")
    length = int(lengths[0])
    check(length <= MAX_BODY, "body too large")
    if len(data) - at < length:
        raise Incomplete
    return data[at:at + length], at + length


def read_chunks(data, at):
    body = b""
    while True:
        match = CHUNK.match(data, at)
        if not match:
            check(CHUNK_BEGUN.fullmatch(data, at), "chunk size")
            raise Incomplete
        size, at = int(match[1], 16), match.end()
        check(len(body) + size <= MAX_BODY, "body too large")
        body += data[at:at + size]
        at += size
        end = data[at:at + 2]
        check(b"\r\n".startswith(end), "chunk end")
        if len(end) < 2:
            raise Incomplete
        at += 2
        if size == 0:
            return body, at


def read_request(data, at):
    """The request that begins at `at`; raises Malformed or Incomplete."""
    head_end = data.find(b"\r\n\r\n", at)
    if head_end < 0:
        raise Incomplete
    check(head_end + 4 - at <= MAX_HEAD, "head too large")
    first, *lines = data[at:head_end].split(b"\r\n")
    line = REQUEST_LINE.fullmatch(first)
    check(line, "request line")
    method, target, version = line.groups()
    check(method in METHODS, "method")
    check(version in (b"1.0", b"1.1"), "version")
    check(len(target) <= MAX_TARGET, "target too long")
    matches = [FIELD.fullmatch(line) for line in lines]
    check(all(matches) and len(matches) <= MAX_FIELDS, "fields")
    fields = [(match[1].lower(), match[2]) for match in matches]
    framing = [match for match in matches if match[1].lower() in (b"content-length", b"transfer-encoding")]
    check(all(b"\t" not in match[3] for match in framing), "tab")
    hosts = [value for name, value in fields if name == b"host"]
    check(len(hosts) == 1, "host count")
    check_host(hosts[0])
    path = path_of(target, method, hosts[0])
    expected = [value for name, value in fields if name == b"expect"]
    check(len(expected) <= 1, "expect")
    check(not expected or version == b"1.0" or expected[0].lower() in (b"", b"100-continue"), "expect")
    body, end = read_body(data, head_end + 4, fields, version)
    options = {option.strip(b" \t").lower() for name, value in fields if name == b"connection" for option in value.split(b",")}
    closes = b"close" in options or (version == b"1.0" and b"keep-alive" not in options)
    return Request(method, path, body, closes, end)


def read_stream(data):
    """The requests that must be answered in order, and how it ends: "end", "malformed" or "incomplete"."""
    requests, at = [], 0
    while at < len(data):
        try:
            request = read_request(data, at)
        except Malformed as why:
            return requests, "malformed", str(why)
        except Incomplete:
            return requests, "incomplete", ""
        requests.append(request)
        at = request.end
        if request.closes:
            break
    return requests, "end", ""
