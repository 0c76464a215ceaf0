#!/usr/bin/env python3
"""An SMTP server (aiosmtpd) whose behaviour the recipient chooses; a line of JSON for each mail that it got whole.

refused@: 550 at RCPT. later@: always 451. grey@: 451 the first time. full@: 552 after the message. hang@: no answer.
dropped@: the connection breaks after the message. silent@: no answer after the message. Everybody else gets mail.
"""
import argparse
import asyncio
import email
import email.policy
import json

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, out):
        self.out, self.seen = out, set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        who = address.split("@")[0]
        if who == "refused":
            return "550 5.1.1 No such person here"
        if who == "later" or (who == "grey" and address not in self.seen):
            self.seen.add(address)
            return "451 4.7.1 Greylisted, come back later"
        if who == "hang":
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {part.get_content_type(): part.get_content().replace("\r\n", "\n")
                 for part in message.walk() if not part.is_multipart()}
        self.out.write(json.dumps({"sender": envelope.mail_from, "recipients": envelope.rcpt_tos,
                                   "headers": {name: str(value) for name, value in message.items()},
                                   "defects": len(message.defects), "parts": parts,
                                   "longest": max(map(len, envelope.content.splitlines())),
                                   "host": session.host_name, "signed_in": bool(session.authenticated)}) + "\n")
        self.out.flush()
        who = envelope.rcpt_tos[0].split("@")[0]
        if who == "full":
            return "552 5.2.2 The mailbox is full"
        if who == "dropped":
            server.transport.abort()
        if who == "silent":
            await asyncio.sleep(3600)
        return "250 2.0.0 Taken as 4711"


async def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("mails", help="file that each mail is appended to")
    options.add_argument("--password", help="wants user studio with this password")
    options = options.parse_args()
    out = open(options.mails, "a", encoding="utf-8")
    more = {}
    if options.password:
        def authenticate(server, session, envelope, mechanism, data):
            return AuthResult(success=data.login == b"studio" and data.password == options.password.encode())
        more = {"auth_required": True, "auth_require_tls": False, "authenticator": authenticate}
    handler = Handler(out)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=False, hostname="mail.test", **more), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
