"""Who can call a tool: what the build says of it, beside what the Amplify simulator does.

The simulator goes by `@aws_*`, as AppSync does. Each tool's document, as the server would send it, is sent under each way
to get in. The simulator's values leave nothing out, so that every directive on the way is met: nothing is refused, or the
tool is out of reach.

What the simulator can't show: Lambda authorization, which it does not have, and directives on interfaces, unions and
inputs, which it does not load.
"""

import json
import os
import re
import urllib.request
from typing import Any

from apis import Api, pool_token, simulator
from cases import Checks, equal
from server import Server

# The simulator takes whatever begins like a signature.
IAM = "AWS4-HMAC-SHA256 Credential=AKIAAUTHROLEEXAMPLE0/20260131/us-east-1/appsync/aws4_request"

# The most types that one value of a schema can have; the simulator looks whether they are more.
VARIANTS = 4

TEXTS = {
    "AWSDate": "2026-01-31",
    "AWSTime": "13:45:00.000Z",
    "AWSDateTime": "2026-01-31T13:45:00.000Z",
    "AWSEmail": "ann@example.com",
    "AWSJSON": "{}",
    "AWSURL": "https://example.com/",
    "AWSPhone": "+12025550143",
    "AWSIPAddress": "192.0.2.7",
}


def run(server: Server, project: str, name: str, checks: Checks) -> None:
    """Compares all tools of a project, and prints the table."""
    with open(os.path.join(os.path.dirname(__file__), "disagreements.json")) as file:
        known = json.load(file).get(name, {})
    tools = server.tools()
    with simulator(project, server.work, variants=VARIANTS) as api:
        callers = headers(api, groups(project))
        rows = [["tool", *callers]]
        outcomes = set()
        for tool in tools:
            body = document(server, api, tool)
            reasons = known.get(tool["name"], {}).get("callers", [])
            rows.append([tool["name"]])
            for caller, sent in callers.items():
                said, shown, problems = reaches(tool, caller), *send(api, body, sent)
                if said == shown and caller in reasons:
                    problems.append("a reason that is not needed any more")
                if said != shown and caller not in reasons:
                    problems.append(f"the build says {words(said)}, the simulator {words(shown)}")
                checks.check(f"{name}: {tool['name']}: {caller}", problems)
                outcomes.add(shown)
                rows[-1].append(words(said) if said == shown else f"{words(said)} (simulator: {words(shown)})")
    checks.check(f"{name}: some are let in, and some are not", equal("outcomes", outcomes, {False, True}))
    unknown = set(known) - {tool["name"] for tool in tools}
    checks.check(f"{name}: reasons are for tools", equal("unknown ones", unknown, set()))
    show(rows)
    for tool, reason in known.items():
        print(f"{tool}: {reason['reason']} ({reason['source']})")


def show(rows: list[list[str]]) -> None:
    """Prints a table."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def words(is_in: bool) -> str:
    return "yes" if is_in else "no"


def groups(project: str) -> list[str]:
    """Returns the user pool's groups that a schema names."""
    with open(os.path.join(project, "schema", "schema.graphql")) as schema:
        lists = re.findall(r"cognito_groups: \[(.*?)\]", schema.read())
    return sorted({group for names in lists for group in re.findall(r'"(.*?)"', names)})


def headers(api: Api, groups: list[str]) -> dict[str, dict[str, str]]:
    """Everybody who may call, and how they get in."""
    sets = [[], *([group] for group in groups), ["Nobody"], *([groups] if len(groups) > 1 else [])]
    pool = {" ".join(["cognito-user-pools", *some]): {"authorization": pool_token(*some)} for some in sets}
    return {
        "api-key": {"x-api-key": api.secrets["api-key"]},
        "iam": {"authorization": IAM},
        "oidc": {"authorization": api.secrets["oidc"]},
    } | pool


def reaches(tool: dict[str, Any], caller: str) -> bool:
    """What the build says."""
    mode, *groups = caller.split()
    found = [access for access in tool["access"] if access["mode"] == mode]
    return any(all(set(one_of) & set(groups) for one_of in access["groups"]) for access in found)


def send(api: Api, body: bytes, headers: dict[str, str]) -> tuple[bool, list[str]]:
    """Whether the simulator lets all of a document through, and what else it says."""
    shown, problems = True, []
    for variant in range(VARIANTS):
        sent = {"content-type": "application/json", "x-variant": str(variant)} | headers
        with urllib.request.urlopen(urllib.request.Request(api.url, body, sent), timeout=30) as response:
            answer = json.load(response)
        refused = [error for error in answer.get("errors", []) if error.get("errorType") == "Unauthorized"]
        shown = shown and not refused
        problems += [error.get("message", str(error)) for error in answer.get("errors", []) if error not in refused]
        problems += [str(answer)] if "errorMessage" in answer else []
        if not refused and has_null(answer.get("data")):
            problems.append(f"something is null, so that nobody knows what is behind it: {answer}")
    return shown, problems


def has_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(has_null, value.values()))
    return value is None or (isinstance(value, list) and any(map(has_null, value)))


def document(server: Server, api: Api, tool: dict[str, Any]) -> bytes:
    """What the server would send with every argument given, so that nothing of the document is left out."""
    arguments = json.dumps(given(tool["arguments"]))
    shown = server.run("call", tool["name"], arguments, "--dry-run", "--allow-mutations", *server.flags(api, "api-key"))
    return shown.split("\n\n", 1)[1].encode()


def given(arguments: list[dict[str, Any]]) -> dict[str, Any]:
    """A value for each argument, or field of an input object."""
    values = {argument["name"]: value(argument) for argument in arguments}
    return {name: value for name, value in values.items() if value is not None}


def value(of: dict[str, Any]) -> Any:
    """A value that the contract accepts; none for an input object that is inside of itself."""
    if "example" in of:
        return of["example"]
    if of["type"] == "list":
        item = value(of["item"])
        return None if item is None else [item] * max(of["itemsMin"], 1)
    if "values" in of:
        return of["values"][0]
    if "excess" in of:
        return max(of.get("min", 1), 1)
    if "lengthMin" in of:
        return TEXTS.get(of["type"], "x" * max(of["lengthMin"], 1))
    if of["type"] == "Boolean":
        return True
    return given(of["fields"]) if "fields" in of else None
