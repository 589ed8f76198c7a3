"""Signed requests through a proxy that may change them: MiniStack answers ours as those of AWS's own client."""

import datetime
import email.utils
import itertools
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import botocore.auth
from apis import Api, as_on_aws
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cases import Checks, equal
from lab import outcome, session
from mcp import Client
from ministack_api import REGION
from proxy import Answer, Change, Proxy, proxy, unchanged
from server import Server
from signing_cases import BY_AWS, MINUTES_BACK, SIGNED, Signed
from tls import Authority

CHANGES: dict[str, Change] = {
    "nothing": unchanged,
    "body": lambda headers, body: (headers, body[:-3] + bytes([body[-3] ^ 1]) + body[-2:]),
    "longer": lambda headers, body: (headers, body + b" "),
    "signature": lambda headers, body: (
        headers | {"authorization": re.sub("[0-9a-f]{64}$", "0" * 64, headers["authorization"])},
        body,
    ),
    "host": lambda headers, body: (headers | {"host": "127.0.0.1:1"}, body),
    "date": lambda headers, body: (headers | {"x-amz-date": "20200101T000000Z"}, body),
}


async def run(server: Server, api: Api, checks: Checks, authority: Authority) -> None:
    """Calls everything, and sends the same by AWS's client; what needs no change also as on AWS."""
    url = urlsplit(api.url)
    with proxy(url.port) as way:
        there = Api(api.emulator, url._replace(netloc=f"127.0.0.1:{way.server_port}").geturl())
        for (keys, region), cases in groups(SIGNED):
            flags = ["--auth", "iam", "--endpoint", there.url, "--region", region]
            await calls(server.given(variables(api, keys)), flags, there, way, cases, checks)
        for minutes, answer in BY_AWS.items():
            way.begin(unchanged, [])
            by_aws(there, variables(api, "user"), REGION, b'{"query":"{ echo }"}', minutes)
            checks.check(f"{api.emulator}: AWS's client at {minutes} min", equal("answers", way.answers, [answer]))
    there = as_on_aws(api)
    with proxy(url.port, authority.context(urlsplit(there.url).hostname)) as way:
        environment = {"SSL_CERT_FILE": authority.file, "HTTPS_PROXY": f"http://127.0.0.1:{way.server_port}"}
        # The host tells the region, so that it is never another one.
        for (keys, _), cases in groups(case for case in SIGNED if case.change == "nothing" and case.region == REGION):
            flags = ["--auth", "iam", "--endpoint", there.url]
            await calls(server.given(variables(api, keys) | environment), flags, there, way, cases, checks)


def groups(cases: Iterable[Signed]) -> Iterator[tuple[tuple[str, str], list[Signed]]]:
    """Cases that one session can do, in their order."""
    return ((group, list(of)) for group, of in itertools.groupby(cases, lambda case: (case.keys, case.region)))


async def calls(server: Server, flags: list[str], api: Api, way: Proxy, cases: list[Signed], checks: Checks) -> None:
    """Calls the tools in one session."""
    async with session(server, flags) as client:
        for case in cases:
            way.begin(CHANGES[case.change], [lie()] if case.lie else [])
            checks.check(f"{api.about}, iam: {case.about}", await call(client, server, api, way, case))


async def call(client: Client, server: Server, api: Api, way: Proxy, case: Signed) -> list[str]:
    """Calls a tool; what is wrong with what comes back, or with what came there."""
    seen, _ = outcome(await client.call_tool(case.tool, case.arguments))
    problems = equal("outcome", seen, case.outcome) + equal("answers", way.answers, case.answers)
    if way.bodies and not way.tls and not case.only_ours:
        body = way.bodies[0]
        way.begin(CHANGES[case.change], [])
        by_aws(api, server.environment, case.region, body)
        problems += equal("answers to AWS's client", way.answers, case.answers)
    return problems


def lie() -> Answer:
    """A refusal by a clock that is behind."""
    date = email.utils.formatdate(time.time() - MINUTES_BACK * 60, usegmt=True)
    headers = {"date": date, "content-type": "application/json", "x-amzn-errortype": "RequestTimeTooSkewed"}
    return 403, headers, b'{"errors":[{"errorType":"RequestTimeTooSkewed","message":"Signature not yet current"}]}'


def variables(api: Api, keys: str) -> dict[str, str]:
    """Returns the environment with somebody's keys."""
    user, of_session = api.user, api.session
    return {
        "user": user,
        "user with another clock": user,
        "wrong secret": user | {"AWS_SECRET_ACCESS_KEY": "wrong"},
        "unknown": {"AWS_ACCESS_KEY_ID": "AKIAUNKNOWNUNKNOWN00", "AWS_SECRET_ACCESS_KEY": "wrong"},
        "session": of_session,
        "session without token": {name: value for name, value in of_session.items() if name != "AWS_SESSION_TOKEN"},
        "session of another": of_session | {"AWS_SESSION_TOKEN": "another"},
    }[keys]


def by_aws(api: Api, given: dict[str, str], region: str, body: bytes, minutes: int = 0) -> None:
    """Sends a body as AWS's client signs it, by a clock that is off by some minutes."""
    request = AWSRequest("POST", api.url, data=body, headers={"content-type": "application/json"})
    credentials = Credentials(
        given["AWS_ACCESS_KEY_ID"], given["AWS_SECRET_ACCESS_KEY"], given.get("AWS_SESSION_TOKEN")
    )
    clock = botocore.auth.get_current_datetime
    botocore.auth.get_current_datetime = lambda *args, **more: (
        clock(*args, **more) + datetime.timedelta(minutes=minutes)
    )
    try:
        botocore.auth.SigV4Auth(credentials, "appsync", region).add_auth(request)
    finally:
        botocore.auth.get_current_datetime = clock
    try:
        urllib.request.urlopen(urllib.request.Request(api.url, body, dict(request.headers.items())), timeout=30).close()
    except urllib.error.HTTPError as error:
        error.close()
