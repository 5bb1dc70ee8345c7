"""A mail server for the tests: STARTTLS and a password are required, as real providers do.

    smtp.py --cert server.pem --key server.key --out mail.jsonl [--port 0] [--user u --password p]

It prints the port it took and appends each accepted message to the file, one JSON object a line.
What it does with a recipient depends on the local part of the address:

    greylist...   451 the first two times that recipient is named, then accepted
    busy...       451 always
    refused...    550 always
    drop...       the connection is cut instead of an answer to the message

Attempts, refused ones too, go to the same file with "event": "attempt".
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl
import time

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Journal:
    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8", buffering=1)

    def write(self, **line):
        line["at"] = time.time()
        self.file.write(json.dumps(line, ensure_ascii=False) + "\n")


def part(message, kind):
    found = message.get_body(preferencelist=(kind,))
    return found.get_content() if found is not None else ""


class Desk:
    GREYLISTED_TIMES = 2

    def __init__(self, journal):
        self.journal = journal
        self.asked = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        local = address.split("@")[0].lower()
        self.asked[address] = self.asked.get(address, 0) + 1
        answer = None
        if local.startswith("refused"):
            answer = "550 5.1.1 no such person here"
        elif local.startswith("busy"):
            answer = "451 4.3.0 try again later"
        elif local.startswith("greylist") and self.asked[address] <= self.GREYLISTED_TIMES:
            answer = "451 4.7.1 greylisted, try again later"
        self.journal.write(event="attempt", to=address, answer=answer or "250")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(address.lower().startswith("drop") for address in envelope.rcpt_tos):
            server.transport.abort()
            return "421 4.3.0 gone"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.journal.write(
            event="mail",
            sender=envelope.mail_from,
            to=list(envelope.rcpt_tos),
            subject=str(message["Subject"]),
            from_header=str(message["From"]),
            to_header=str(message["To"]),
            headers={name: str(value) for name, value in message.items()},
            text=part(message, "plain"),
            html=part(message, "html"),
            tls=session.ssl is not None,
            user=(session.auth_data.login.decode() if session.auth_data else None),
            raw=envelope.content.decode("utf-8", "replace"),
        )
        return "250 2.0.0 taken"


async def serve(options):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(options.cert, options.key)
    journal = Journal(options.out)
    desk = Desk(journal)

    def authenticator(server, session, envelope, mechanism, data):
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        right = data.login.decode() == options.user and data.password.decode() == options.password
        journal.write(event="auth", user=data.login.decode(), right=right)
        return AuthResult(success=right, auth_data=data if right else None)

    def connection():
        return SMTP(
            desk,
            hostname="localhost",
            enable_SMTPUTF8=True,
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            auth_require_tls=True,
            authenticator=authenticator,
            timeout=60,
        )

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", options.port)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--cert", required=True)
    options.add_argument("--key", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--user", default="kabinet")
    options.add_argument("--password", default="letter-box")
    asyncio.run(serve(options.parse_args()))


main()
