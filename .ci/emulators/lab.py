"""The lab's tools against an API, through sessions of the official Python client: each case ends as its data says."""

import contextlib
import json
import re
import time
from collections.abc import AsyncIterator
from typing import Any

from apis import MINISTACK, SIMULATOR, Api
from cases import Checks, equal
from lab_cases import OF_OTHERS, PAGES, Case
from mcp import Client, StdioServerParameters, stdio_client
from server import Server

REQUEST_ID = re.compile(r" \(request id [0-9a-f-]{36}\)")


async def run(server: Server, api: Api, cases: list[Case], checks: Checks) -> None:
    """Calls everything, in one session for each way to get in."""
    for secret in dict.fromkeys(case.secret for case in cases):
        about = f"{api.about}, {secret}"
        keys = api.user if secret == "iam" else {}
        async with session(server.given(keys), server.flags(api, secret)) as client:
            if cases is OF_OTHERS and secret == "api-key":
                checks.check(f"{about}: search_companies: page by page", await pages(client, *PAGES[api.emulator]))
            for case in cases:
                if case.secret == secret:
                    checks.check(f"{about}: {case.tool}: {case.about}", await call(client, api, case))


@contextlib.asynccontextmanager
async def session(server: Server, flags: list[str]) -> AsyncIterator[Client]:
    """A server that may write, with a client."""
    command = StdioServerParameters(command=server.binary, args=[*flags, "--allow-mutations"], env=server.environment)
    with open(server.log, "a") as log:
        async with Client(stdio_client(command, errlog=log), mode="auto", read_timeout_seconds=60) as client:
            yield client


async def call(client: Client, api: Api, case: Case) -> list[str]:
    """Calls a tool; what is wrong with what comes back."""
    expected = case.simulator if api.emulator == SIMULATOR or case.ministack is None else case.ministack
    began = time.monotonic()
    result = await client.call_tool(case.tool, case.arguments)
    seconds = time.monotonic() - began
    problems = [] if seconds <= case.seconds else [f"it took {seconds:.1f} s"]
    seen, has_id = outcome(result)
    if isinstance(expected, re.Pattern):
        # AWSJSON is text in the result; its own quotes are what is looked for.
        seen = seen if isinstance(seen, str) else seen["value"]
        return problems + ([] if expected.search(seen) else [f"expected {expected.pattern}, got {seen}"])
    # MiniStack names its requests, as AppSync does, and the simulator does not. It is told where something failed.
    failed = isinstance(expected, str) or any("the API failed" in note for note in expected.get("__notes", []))
    problems += equal("has a request id", has_id, failed and case.sent and api.emulator == MINISTACK)
    return problems + equal("outcome", seen, expected)


def outcome(result: Any) -> tuple[dict[str, Any] | str, bool]:
    """What a model sees, without the request id, and whether there was one."""
    text = "".join(block.text for block in result.content)
    text, ids = REQUEST_ID.subn("", text)
    return (text if result.is_error else json.loads(text)), ids > 0


async def pages(client: Client, limit: int, expected: list[str]) -> list[str]:
    """Follows `nextToken` to the end: every company comes once."""
    ids: list[str] = []
    token = None
    for _ in range(len(expected) + 1):
        result = await client.call_tool("search_companies", {"limit": limit, "nextToken": token})
        page, _ = outcome(result)
        if isinstance(page, str):
            return [page]
        ids += [company["id"] for company in page["items"]]
        token = page["nextToken"]
        if token is None:
            return equal("companies", ids, expected)
    return ["there is no last page"]
