"""Signatures beside those of AWS's own client: sigv4.py BINARY

The program calls tools under `--auth iam`, and a server here keeps what comes. botocore signs the same request at the same
time, and each header has to be the same, byte for byte.
"""

import datetime
import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import mock

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cases import Checks, equal

# By the field that is asked for.
ANSWERS = {
    "searchCompanies": {"items": [], "nextToken": None, "total": 0},
    "getCompanies": [],
}

# What the program sends beside what is signed; `host` is, and botocore leaves it to whoever sends.
UNSIGNED = {"accept", "accept-encoding", "content-length", "host", "user-agent"}

# Where requests go, with the region that is signed for; the port is the server's. Through a proxy, where it is no address of
# this machine. No query has `!*'()`: AWS's rule is to escape them before signing, as the program does, and botocore leaves that
# to its caller.
ENDPOINTS = [
    ("http://127.0.0.1:PORT/graphql", "eu-west-1"),
    ("http://localhost:PORT/graphql", "us-east-1"),
    ("http://localhost:PORT/a%20b/caf%C3%A9/graphql", "us-east-1"),
    ("http://localhost:PORT/graphql?stage=beta&b=2&a=%C3%A9%20x&empty=&bare", "ap-southeast-4"),
    ("http://api.example.com/graphql", "us-gov-west-1"),
    ("http://api.example.com:8080/v1/graphql?a=~-_.", "cn-north-1"),
    ("http://abcdefghijklmnopqrstuvwxyz.appsync-api.eu-central-1.amazonaws.com/graphql", None),
    ("http://abcdefghijklmnopqrstuvwxyz.appsync-api.cn-northwest-1.amazonaws.com.cn/graphql", None),
]

KEYS = [
    ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", None),
    ("ASIDEXAMPLE", "/+topsecret/+", "FwoGZXIvYXdzEPT//////////wE=+/" * 20),
]

# From these come the characters of random texts.
ALPHABETS = [
    "abcXYZ019 -_.~!*'()",
    "\"\\/'`{}[]$:,\n\t",
    "äöüßéèñÅøœ¡¿€",
    "日本語中文한국어",
    "שלוםمرحبا\u200f\u202e",
    "😀👩‍👩‍👧🏽🇪🇺\U0010fffd",
    "e\u0301\u00a0\u2028\ufeff\ufffd",
]


@dataclass
class Sent:
    """A request as it came."""

    url: str
    headers: dict[str, str]
    body: bytes


class Server(ThreadingHTTPServer):
    """Keeps what comes, and answers that nothing was found. Takes requests as a proxy does, too."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.sent: list[Sent] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        url = self.path if self.path.startswith("http://") else f"http://{headers['host']}{self.path}"
        self.server.sent.append(Sent(url, headers, body))
        data = {field: value for field, value in ANSWERS.items() if field.encode() in body}
        answer = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def arguments() -> Iterator[tuple[str, list[str]]]:
    """Calls whose bodies are short, long, and everything that a text can be."""
    chance = random.Random(4)
    yield "the least", ["search_companies", '{"keywords": "aa"}']
    yield "quotes and lines", ["search_companies", json.dumps({"keywords": '"a"\\ \n\r\t\u0001{}'})]
    ids = [f"{number:02}" + chr(0x4E00 + number) * 20 for number in range(50)]
    yield "the most", ["get_companies_batch", json.dumps({"ids": ids})]
    for number in range(32):
        letters = "".join(chance.sample(ALPHABETS, chance.randint(1, len(ALPHABETS))))
        text = "x" + "".join(chance.choice(letters) for _ in range(chance.randint(2, 60))) + "x"
        yield f"random {number}", ["search_companies", json.dumps({"keywords": text})]


def sent(binary: str, server: Server, words: list[str], endpoint: str, region: str | None, keys: tuple) -> list[Sent]:
    """Calls a tool, and returns what came."""
    key, secret, token = keys
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith(("APPSYNC_MCP_", "AWS_"))}
    environment |= {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "NO_PROXY": "", "no_proxy": ""}
    environment |= {"AWS_SESSION_TOKEN": token} if token else {}
    environment |= {"http_proxy": f"http://127.0.0.1:{server.server_port}"}
    flags = ["--auth", "iam", "--insecure-http", "--endpoint", endpoint.replace("PORT", str(server.server_port))]
    flags += ["--region", region] if region else []
    server.sent.clear()
    done = subprocess.run([binary, "call", "--json", *words, *flags], capture_output=True, text=True, timeout=60, env=environment)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return server.sent.copy()


def signed(request: Sent, region: str, keys: tuple) -> dict[str, str]:
    """The headers that botocore makes of a request, at the time that it was signed for."""
    time = datetime.datetime.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ")
    own = AWSRequest("POST", request.url, {"content-type": request.headers["content-type"]}, request.body)
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: time):
        botocore.auth.SigV4Auth(Credentials(*keys), "appsync", region).add_auth(own)
    return {name.lower(): value for name, value in own.headers.items()}


def main(binary: str) -> int:
    checks = Checks()
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for number, (about, words) in enumerate(arguments()):
            # Each endpoint with each key in turn.
            endpoint, region = ENDPOINTS[number % len(ENDPOINTS)]
            keys = KEYS[number // len(ENDPOINTS) % len(KEYS)]
            came = sent(binary, server, words, endpoint, region, keys)
            problems = equal("requests", len(came), 1)
            for request in came:
                ours = {name: value for name, value in request.headers.items() if name not in UNSIGNED}
                problems += equal("headers", ours, signed(request, region or endpoint.split(".")[2], keys))
            size = len(came[0].body) if came else 0
            checks.check(f"{about}: {size} bytes to {endpoint}{' with a session token' if keys[2] else ''}", problems)
        server.shutdown()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
