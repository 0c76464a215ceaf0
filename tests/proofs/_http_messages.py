"""HTTP/1.1 requests for the proofs: generated from a grammar of good and bad parts, then damaged."""
import random

HOST = b"localhost"

GOOD_METHODS = [b"GET"] * 6 + [b"POST"] * 6 + [b"HEAD", b"PUT", b"PATCH", b"DELETE", b"OPTIONS"]
BAD_METHODS = [b"", b"get", b"TRACE", b"CONNECT", b"PRI", b"G(T", b"GE T", b"G\x00T", b"\xffGET", b"GET\t", b" GET", b"\r\nGET",
               b"A" * 40, b"POST" * 3, b"\x16\x03\x01"]
GOOD_TARGETS = [b"/", b"/api/v1/projects", b"/a/b%20c?x=1&y=%C3%A9", b"/health", b"/api/v1/tasks/?search=a+b&page=2", b"/a//b",
                b"/?q[]=1|2", b"/a?b?c/d", b"http://localhost/abs?x=1", b"http://LOCALHOST", b"/" + b"p" * 300]
BAD_TARGETS = [b"", b"*", b"a", b"/a#b", b"/%", b"/%zz", b"/%4", b"/\xff", b"/\x00", b"/\x7f", b"/a b", b"/<a>", b"/\\a", b"//x#",
               b"http://other/", b"http://a@localhost/", b"http:///a", b"ftp://localhost/", b"localhost:80", b"/" + b"a" * 8192,
               b"/" + b"a" * 20000, b"http://localhost:81/", b"\t/", b"/{x}", b'/"']
GOOD_VERSIONS = [b"HTTP/1.1"] * 12 + [b"HTTP/1.0"]
BAD_VERSIONS = [b"", b"HTTP/1.2", b"HTTP/2.0", b"HTTP/0.9", b"HTTP/11", b"http/1.1", b"HTTP/1.1 ", b"HTTP/1.", b"HTTP/1.1\t", b"HTTP /1.1",
                b"HTTP/1.1\x00", b"ICE/1.0", b"HTTP/1.10"]
GOOD_HOSTS = [b"Host: localhost"] * 10 + [b"host:localhost", b"HOST: \tlocalhost ", b"Host: LOCALHOST:80", b"Host: localhost:8000",
                                         b"Host: 127.0.0.1", b"Host: [::1]:8000"]
BAD_HOSTS = [b"Host:", b"Host: a b", b"Host: a,b", b"Host: a/b", b"Host: a@b", b"Host: localhost:", b"Host: localhost:99999", b"Host: [::1",
             b"Host: \xff", b"Host : localhost", b" Host: localhost", b"Host: localhost\r\nHost: localhost", b"Host: a\r\nHost: b",
             b"X-Host: localhost", b"Host: localhost\x00", b"Host: local\thost", b"Hos\x00t: localhost", b"Host: a#b", b"Host"]
GOOD_FIELDS = [b"Accept: */*", b"User-Agent: proof/1.0 (x; y)", b"Accept-Encoding: gzip;q=0.5, *", b"X-Empty:", b"X-Tab: a\tb",
               b"X-Utf8: \xc3\xa9", b"Cookie: a=b; c=d", b"Authorization: Bearer abc.def.ghi", b"If-None-Match: \"abc\", W/\"def\"",
               b"Connection: keep-alive", b"X-Request-Id: 0123456789", b"X-Forwarded-For: 1.2.3.4", b"Content-Type: application/json",
               b"X-Long: " + b"v" * 900, b"!#$%&'*+-.^_`|~: token", b"Upgrade: h2c", b"TE: trailers", b"Trailer: X-A"]
BAD_FIELDS = [b"X Y: a", b"X-A : b", b" X-A: b", b"X-A", b": b", b"X-A: b\r\n folded", b"X-A: b\r\n\tfolded", b"X-A: b\x00c", b"X-A: b\x01",
              b"X-A: b\x7f", b"X-A: b\rc", b"X-A: b\nX-B: c", b"X-A: b\r\r\nX-B: c", b"X\xc3\xa9: b", b"X(A): b", b"X-A\x0b: b", b"X=A: b",
              b"\x00: b", b"Expect: miracles", b"X-A: " + b"v" * 17000, b"\r\n".join([b"X-A: b"] * 120)]
BAD_FRAMINGS = [b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: identity, chunked", b"Transfer-Encoding: gzip\r\nContent-Length: 5",
                b"Transfer-Encoding: xchunked\r\nContent-Length: 5", b"Transfer-Encoding: chunked\r\nContent-Length: 5",
                b"Content-Length: 5\r\nTransfer-Encoding: chunked", b"Transfer-Encoding:\r\n chunked", b"Transfer-Encoding: chunked\r\n , identity",
                b"Content-Length: 5, 5", b"Content-Length: 5\r\nContent-Length: 5", b"Content-Length: 5\r\nContent-Length: 6", b"Content-Length: +5",
                b"Content-Length: -1", b"Content-Length: 0x5", b"Content-Length:", b"Content-Length: 5 5", b"Content-Length : 5", b"Content-Length: 5.0",
                b"Content-Length: 99999999999999999999999", b"Content-Length: 18446744073709551621", b"Content-Length: 1048577",
                b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                b"Transfer-Encoding: \"chunked\"", b"Transfer-Encoding: chunked;q=1", b"Transfer-Encoding: Chunked, chunked", b"Transfer-Encoding:",
                b"Transfer-Encoding: chunked\t", b"Content-Length: 5\t", b"Content-Length: 5 \t ",
                b"Transfer-Encoding : chunked", b"Transfer-Encoding: \x0bchunked", b"Transfer-Encoding: chunked\x00", b"Transfer\x00-Encoding: chunked"]
BAD_CHUNKS = [b"5;a=b\r\nhello\r\n0\r\n\r\n", b'5;a="\x01\n"\r\nhello\r\n0\r\n\r\n', b"0\r\nAuthorization: Bearer x\r\n\r\n",
              b"0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n", b"5 \r\nhello\r\n0\r\n\r\n", b"0x5\r\nhello\r\n0\r\n\r\n", b"5\nhello\n0\n\n",
              b"5\r\nhello0\r\n\r\n", b"5\r\nhelloworld\r\n0\r\n\r\n", b"-5\r\nhello\r\n0\r\n\r\n", b"\r\n0\r\n\r\n", b"fffffffffffffffff\r\nhello",
              b"100000000\r\nhello\r\n0\r\n\r\n", b"ffffffff\r\nhello", b"5\r\rhello\r\n0\r\n\r\n", b"5\r\nhello\r\n0\r\n\n", b"g\r\n", b"5\r\nhello\r\n00000000000\r\n\r\n"]


class Messages:
    """A repeatable stream of byte strings, each one connection's worth: one to three requests, whole, broken or cut short."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, good, bad, badness):
        return self.random.choice(bad if self.random.random() < badness else good)

    def chunks(self, body):
        """The body in chunks of any size and spelling."""
        parts, at = [], 0
        while at < len(body):
            size = self.random.randint(1, len(body))
            piece = body[at:at + size]
            spelling = self.random.choice([b"%x", b"%X", b"%04x"])
            parts.append(spelling % len(piece) + b"\r\n" + piece + b"\r\n")
            at += size
        return b"".join(parts) + self.random.choice([b"0", b"0", b"00"]) + b"\r\n\r\n"

    def framing(self, method, badness):
        """Header lines that say where the body ends, and the body."""
        choose = self.random
        body = choose.randbytes(choose.choice([0, 1, 5, 60, 300])) if choose.random() < 0.5 else b'{"name":"x"}\r\n'
        if choose.random() < badness:
            return [choose.choice(BAD_FRAMINGS)], choose.choice([b"hello", b"5\r\nhello\r\n0\r\n\r\n", b"0\r\n\r\n", body])
        if method in (b"GET", b"HEAD", b"OPTIONS") and choose.random() < 0.9:
            return [], b""
        if choose.random() < 0.5:
            return [b"Transfer-Encoding: " + choose.choice([b"chunked", b"chunked", b"Chunked", b"CHUNKED "])], \
                choose.choice(BAD_CHUNKS) if choose.random() < badness else self.chunks(body)
        spelling = choose.choice([b"Content-Length: %d"] * 8 + [b"content-length:%d", b"Content-Length: \t %d ", b"Content-Length: %05d"])
        lines = [spelling % len(body)]
        if choose.random() < 0.05:
            lines.append(b"Expect: 100-continue")
        return lines, body

    def request(self, badness):
        choose = self.random
        method = self.pick(GOOD_METHODS, BAD_METHODS, badness)
        target = self.pick(GOOD_TARGETS, BAD_TARGETS, badness)
        version = self.pick(GOOD_VERSIONS, BAD_VERSIONS, badness)
        framing, body = self.framing(method, badness)
        lines = [self.pick(GOOD_HOSTS, BAD_HOSTS, badness)] + framing
        for _ in range(choose.randint(0, 4)):
            lines.append(self.pick(GOOD_FIELDS, BAD_FIELDS, badness / 2))
        if choose.random() < 0.05:
            lines.append(choose.choice([b"Connection: close", b"Connection: upgrade, close", b"connection: Close"]))
        choose.shuffle(lines)
        if choose.random() < badness / 4:
            lines = [line for line in lines if not line.lower().startswith(b"host")]
        blank = choose.choice([b" ", b"  ", b"\t", b""]) if choose.random() < badness / 4 else b" "
        end = choose.choice([b"\n", b"\r", b"\r\r\n", b"\n\r"]) if choose.random() < badness / 4 else b"\r\n"
        return end.join([method + blank + target + b" " + version] + lines) + end + b"\r\n" + body

    def damage(self, data):
        """Flips bits, drops, doubles or inserts bytes, or cuts the message short."""
        choose = self.random
        data = bytearray(data)
        for _ in range(choose.choice([1, 1, 1, 2, 3, 8])):
            if not data:
                break
            at = choose.randrange(len(data))
            kind = choose.randrange(6)
            if kind < 2:
                data[at] ^= 1 << choose.randrange(8)
            elif kind == 2:
                del data[at:at + choose.choice([1, 1, 2, 7])]
            elif kind == 3:
                data[at:at] = data[at:at + choose.choice([1, 2, 12])]
            elif kind == 4:
                data[at:at] = choose.choice([b"\r", b"\n", b"\r\n", b" ", b"\x00", b":", b"\t", b"\xff", b";", b","])
            elif choose.random() < 0.2:
                del data[at:]
        return bytes(data)

    def next(self):
        choose = self.random
        badness = choose.choice([0, 0, 0.05, 0.15, 0.4])
        count = choose.choice([1, 1, 1, 1, 2, 3])
        data = b"".join(self.request(badness) for _ in range(count))
        return (self.damage(data) if choose.random() < 0.4 else data) or b"G"
