"""What reaches a model through other people's frameworks, held against the contract: outside.py BINARY ENVIRONMENT… PACKAGES

Each ENVIRONMENT is a folder with Python and some of the frameworks, PACKAGES one with a `node_modules`. Of each argument, type,
bounds, description, known values and default have to arrive, in the schema or in its words, and which ones are required. What
a framework loses is in `losses.json`, each with the reason; a reason that is not needed any more fails.
"""

import concurrent.futures
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cases

HERE = Path(__file__).parent

# The drivers: what each framework is called, and which environment has it.
PYTHON = [
    {"google-genai": "via_google_genai.py", "langchain": "via_langchain.py", "openai-agents": "via_openai_agents.py", "strands": "via_strands.py"},
    {"fastmcp": "via_fastmcp.py", "pydantic-ai": "via_pydantic_ai.py"},
]
NODE = {"ai-sdk": "via_ai_sdk.mjs", "langchain-js": "via_langchain.mjs", "mcp-client-js": "via_mcp_client.mjs"}

FLAGS = [*cases.SANDBOX, cases.ALLOW]

CALLS = [
    cases.Call("a read", "get_company", {"id": "c-00042"}, cases.having(id={"const": "c-00042"})),
    cases.Call("a write", "create_collection", {"name": "From outside"}, cases.having(name={"const": "From outside"})),
    # As a model has to where all arguments are required.
    cases.Call(
        "a read with every argument filled in",
        "search_companies",
        {"keywords": "SaaS", "country": "", "employeesMin": 0, "employeesMax": 2147483647, "limit": 20, "nextToken": ""},
        cases.having(items=cases.items(20, 20, cases.having(id={}))),
    ),
    cases.Call(
        "a write with every argument filled in",
        "create_collection",
        {"name": "Filled in", "description": ""},
        cases.having(name={"const": "Filled in"}),
    ),
    cases.Call(
        "a bad call has an error that says what to do",
        "search_companies",
        {"keywords": "SaaS", "country": "Germny"},
        error=r"invalid argument: /country: .*did you mean Germany",
    ),
]

TYPES = {"String": "string", "ID": "string", "Int": "integer", "Float": "number", "Boolean": "boolean", "list": "array"}

# What the contract calls a bound, the keyword that says it, and the sort of loss that it would be.
BOUNDS = [
    ("min", "minimum", "range"),
    ("max", "maximum", "range"),
    ("lengthMin", "minLength", "length"),
    ("lengthMax", "maxLength", "length"),
    ("itemsMin", "minItems", "items"),
    ("itemsMax", "maxItems", "items"),
]

# Bounds that are those of the type itself.
NO_BOUNDS = {("min", -(2**31)), ("max", 2**31 - 1), ("lengthMin", 0), ("itemsMin", 0)}

# The sort of a loss, and what was lost.
Loss = tuple[str, str]


def contract(binary: str) -> list[dict[str, Any]]:
    """The tools, by the program's own words."""
    done = subprocess.run([binary, "tools", "--json", *FLAGS], capture_output=True, text=True, timeout=120, check=True)
    return json.loads(done.stdout)["tools"]


def of_argument(argument: dict[str, Any], schema: dict[str, Any], words: str) -> Iterator[Loss]:
    """What is lost of an argument, or of a list's items. Where the schema does not say a number, words may."""
    expected = "string" if "values" in argument else TYPES[argument["type"]]
    # Gemini's are in capitals.
    if str(schema.get("type")).lower() != expected:
        yield "type", f"expected {expected}, got {schema.get('type')} in {json.dumps(schema)}"
    if "values" in argument and schema.get("enum") != argument["values"]:
        yield "values", f"expected {argument['values']}, got {schema.get('enum')}"
    for bound, keyword, sort in BOUNDS:
        value = argument.get(bound)
        if value is None or (bound, value) in NO_BOUNDS or re.search(rf"\b{value}\b", words):
            continue
        if keyword not in schema or float(schema[keyword]) != value:
            yield sort, f"{keyword}: expected {value}, got {schema.get(keyword)}"
    if "default" in argument and schema.get("default") != argument["default"] and str(argument["default"]) not in words:
        yield "default", f"expected {argument['default']}, got {schema.get('default')}"
    if "item" in argument:
        items = schema.get("items") or {}
        yield from of_argument(argument["item"], items, f"{words} {items.get('description', '')}")


def of_tool(tool: dict[str, Any], told: dict[str, Any]) -> Iterator[tuple[str, Loss]]:
    """What is lost of a tool, each with where that is."""
    name = tool["name"]
    if "refused" in told:
        yield name, ("tool", told["refused"])
        return
    if tool["description"] not in (told.get("description") or ""):
        yield name, ("description", f"got {told.get('description')!r}")
    properties = told["parameters"].get("properties") or {}
    arguments = {argument["name"]: argument for argument in tool["arguments"]}
    if set(arguments) != set(properties):
        yield name, ("argument", f"expected {sorted(arguments)}, got {sorted(properties)}")
    required = sorted(name for name, argument in arguments.items() if argument["required"])
    if required != sorted(told["parameters"].get("required") or []):
        yield name, ("required", f"expected {required}, got {told['parameters'].get('required')}")
    for argument in arguments.values():
        schema, where = properties.get(argument["name"], {}), f"{name}.{argument['name']}"
        words = schema.get("description") or ""
        if argument["description"] not in words:
            yield where, ("description", f"got {words!r}")
        for loss in of_argument(argument, schema, words):
            yield where, loss


class Losses:
    """What frameworks are known to lose: sorts of losses, anywhere or at one place, with the reasons."""

    EVERY = "every client"

    def __init__(self, known: dict[str, dict[str, str]]) -> None:
        self.known = known
        self.needed: set[tuple[str, str]] = set()

    def is_known(self, client: str, where: str, sort: str) -> bool:
        fitting = {(name, key) for name in (self.EVERY, client) for key in (sort, f"{sort} at {where}") if key in self.known.get(name, {})}
        self.needed |= fitting
        return bool(fitting)

    def not_needed(self) -> list[str]:
        return [f"{client}: {key}" for client, keys in self.known.items() for key in keys if (client, key) not in self.needed]


def came_of(call: cases.Call, text: str) -> list[str]:
    """What is wrong with what a model is told of a call. Frameworks may put an error into words of their own."""
    if call.error is not None:
        return [] if re.search(call.error, text) else [f"expected {call.error}, got {text}"]
    try:
        return cases.fits("result", json.loads(text), call.result)
    except ValueError:
        return [f"no result: {text}"]


def run(line: list[str]) -> dict[str, Any]:
    """What a driver saw."""
    calls = json.dumps([[call.tool, call.arguments] for call in CALLS])
    done = subprocess.run([*line, *FLAGS], input=calls, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise RuntimeError(f"exit code {done.returncode}: {done.stdout[-500:]}{done.stderr[-3000:]}")
    return json.loads(done.stdout)


def main(binary: str, environments: list[str], packages: str) -> int:
    lines = {
        client: [os.path.join(environment, "bin", "python"), str(HERE / driver), binary]
        for environment, drivers in zip(environments, PYTHON, strict=True)
        for client, driver in drivers.items()
    }
    lines |= {client: ["node", str(HERE / driver), packages, binary] for client, driver in NODE.items()}
    tools = contract(binary)
    checks, losses = cases.Checks(), Losses(json.loads((HERE / "losses.json").read_text("utf-8")))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        running = {client: pool.submit(run, line) for client, line in lines.items()}
        for client, seen in running.items():
            try:
                told = {tool["name"]: tool for tool in seen.result()["tools"]}
                answers = seen.result()["answers"]
            except Exception as error:  # Whatever it is, the other clients go on.
                checks.check(f"{client}: a session", [f"{type(error).__name__}: {error}"])
                continue
            checks.check(f"{client}: tools/list", cases.equal("names", sorted(told), sorted(cases.READS + cases.WRITES)))
            for tool in tools:
                lost = of_tool(tool, told.get(tool["name"], {"refused": "it is not listed"}))
                problems = [f"{where}: {sort}: {what}" for where, (sort, what) in lost if not losses.is_known(client, where, sort)]
                checks.check(f"{client}: what reaches the model of {tool['name']}", problems)
            for call, answer in zip(CALLS, answers, strict=True):
                checks.check(f"{client}: {call.about}", came_of(call, answer))
    checks.check("each loss that is known is one", losses.not_needed())
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), sys.argv[2:-1], sys.argv[-1]))
