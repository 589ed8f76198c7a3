"""What every client must see: the tools, the calls with their results, the resources and the prompts.

Data only, and the checks that all clients share.
"""

import dataclasses
import json
import re
from typing import Any

from jsonschema import Draft202012Validator

# Enough for every case, and there in a moment.
COMPANIES = "2000"
SANDBOX = ["--sandbox", "--sandbox-companies", COMPANIES]
ALLOW = "--allow-mutations"

# The newest protocol generation and the one before, and the version that is negotiated in each.
ERAS = {"legacy": "2025-11-25", "modern": "2026-07-28"}

READS = ["ai_search", "get_collection_items", "get_companies_batch", "get_company", "list_collections", "search_companies"]
WRITES = ["add_to_collection", "create_collection", "request_email_discovery"]

# readOnlyHint, destructiveHint, idempotentHint (which means nothing for a read), openWorldHint.
ANNOTATIONS = {name: (True, False, None, name != "list_collections") for name in READS} | {
    "add_to_collection": (False, False, True, False),
    "create_collection": (False, False, False, False),
    "request_email_discovery": (False, False, False, True),
}

DENIED = "mutations are disabled; start with --allow-mutations to enable write operations"

# What goes in here must not come out in a log.
SECRET_WORDS = "quokka platypus"


@dataclasses.dataclass(frozen=True)
class Call:
    """A call of a tool: either its result fits the JSON Schema `result`, or its error matches `error` as a whole."""

    about: str
    tool: str
    arguments: dict[str, Any]
    result: Any = None
    error: str | None = None


def having(**properties: Any) -> dict[str, Any]:
    """An object that has these properties."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def items(fewest: int, most: int, each: Any) -> dict[str, Any]:
    """A list of so many items."""
    return {"type": "array", "minItems": fewest, "maxItems": most, "items": each}


MEDIUM_GERMAN_COMPANY = having(
    id={"pattern": "^c-[0-9]{5}$"}, country={"const": "DE"}, employees={"minimum": 50, "maximum": 200}
)
NOTES = {"type": "array", "minItems": 1, "items": {"type": "string"}}
NO_NOTES = {"not": {"required": ["__notes"]}}

READ_CALLS = [
    Call(
        "companies are found by keyword, country and size",
        "search_companies",
        {"keywords": "SaaS", "country": "Germany", "employeesMin": 50, "employeesMax": 200},
        having(items=items(1, 20, MEDIUM_GERMAN_COMPANY)) | NO_NOTES,
    ),
    Call(
        "null is as good as absent",
        "search_companies",
        {"keywords": "SaaS", "country": None, "employeesMin": None, "employeesMax": None, "nextToken": None},
        having(items=items(20, 20, having(id={}))),
    ),
    Call(
        "a limit beyond its bound is capped, and the result says so",
        "search_companies",
        {"keywords": "SaaS", "limit": 1000},
        having(items=items(21, 100, having(id={})), __notes=NOTES),
    ),
    Call(
        "one company has a whole profile",
        "get_company",
        {"id": "c-00042"},
        having(id={"const": "c-00042"}, legalName={"type": "string"}, decisionMakers=having(items=items(0, 5, {}))),
    ),
    Call(
        "companies come by their ids, without duplicates, null for an unknown one",
        "get_companies_batch",
        {"ids": ["c-00042", "c-99999", "c-00043", "c-00042"]},
        having(
            items={
                "prefixItems": [having(id={"const": "c-00042"}), {"type": "null"}, having(id={"const": "c-00043"})],
                "minItems": 3,
                "maxItems": 3,
            }
        ),
    ),
    Call(
        "a question finds something",
        "ai_search",
        {"question": "Which software companies in Berlin have recently raised money?", "industries": ["SOFTWARE"], "limit": 5},
        having(interpretation={"type": "string"}, hits=items(1, 5, having(__typename={"type": "string"}))),
    ),
    Call(
        "the caller's collections, newest first",
        "list_collections",
        {},
        having(
            items={
                "prefixItems": [having(name={"const": "Suppliers"}), having(name={"const": "Trade fair contacts"})],
                "minItems": 4,
                "maxItems": 4,
            }
        ),
    ),
    Call(
        "a collection has pages",
        "get_collection_items",
        {"collectionId": "col-1", "limit": 7},
        having(items=items(7, 7, having(company=having(id={}))), nextToken={"type": "string"}),
    ),
    Call("an id that belongs to nothing", "get_company", {"id": "c-99999"}, error=r"not found: .*"),
    Call(
        "another one's collection",
        "get_collection_items",
        {"collectionId": "col-4"},
        error=r"(not found|unauthorized): .*",
    ),
    Call(
        "every problem is told at once",
        "search_companies",
        {"keywords": "x", "contry": "Germany", "employeesMin": -1},
        error=r"(?s)invalid arguments:(?=.*keywords)(?=.*contry)(?=.*country)(?=.*employeesMin).*",
    ),
    Call("a country that is none", "search_companies", {"keywords": "SaaS", "country": "Germny"}, error=r"(?s)invalid argument: /country: .*Germany.*"),
    Call("a missing argument", "get_company", {}, error=r"(?s)invalid argument: .*id.*"),
    Call("more items than the bound", "get_companies_batch", {"ids": [f"c-{n:05}" for n in range(51)]}, error=r"(?s)invalid argument: /ids: .*50.*"),
]

# While writes are off.
DENIED_CALLS = [
    Call("a denied write", "create_collection", {"name": "Nothing"}, error=re.escape(DENIED)),
    Call("a denied write", "add_to_collection", {"collectionId": "col-1", "companyIds": ["c-00042"]}, error=re.escape(DENIED)),
    Call("a denied write", "request_email_discovery", {"companyId": "c-00042"}, error=re.escape(DENIED)),
]

# While writes are on.
WRITE_CALLS = [
    Call(
        "a collection needs no description",
        "create_collection",
        {"name": "  SaaS in Germany "},
        having(name={"const": "SaaS in Germany"}, itemCount={"const": 0}),
    ),
    Call(
        "null is no description",
        "create_collection",
        {"name": "SaaS in France", "description": None},
        having(
            name={"const": "SaaS in France"},
            itemCount={"const": 0},
            __notes={"const": ["`description`: null was taken as not given; nothing was cleared"]},
        ),
    ),
    Call(
        "a description is kept",
        "create_collection",
        {"name": "SaaS in Spain", "description": "For the spring campaign"},
        having(description={"const": "For the spring campaign"}),
    ),
    Call("a name that there is", "create_collection", {"name": "SaaS prospects"}, error=r"conflict: .*"),
    Call(
        "companies are added once, and unknown ones are told",
        "add_to_collection",
        {"collectionId": "col-1", "companyIds": ["c-00042", "c-00001", "c-00042", "c-99999"]},
        having(
            added={"const": 1},
            alreadyThere={"const": ["c-00001"]},
            unknown={"const": ["c-99999"]},
            collection=having(itemCount={"const": 31}),
        ),
    ),
    Call(
        "a discovery costs credits",
        "request_email_discovery",
        {"companyId": "c-00042"},
        having(company=having(id={"const": "c-00042"}), creditsCharged={"minimum": 1}),
    ),
]

# URI, and what its JSON text must have.
RESOURCES = {
    "appsync-mcp://tools": having(
        api={"const": "company-intelligence"},
        tools=items(9, 9, having(name={}, kind={"enum": ["read", "write"]}, offered={"type": "boolean"}, arguments=items(1, 9, having(name={})))),
    ),
    "appsync-mcp://codes": having(countries=having(DE={"const": "Germany"}), enums=having(Industry={"contains": {"const": "SOFTWARE"}})),
}

# Name, arguments, and what its text must have.
PROMPTS = [
    ("build_collection", {"name": "Prospects", "wanted": "software companies"}, ['"Prospects"', "software companies", "search_companies", "create_collection"]),
    ("find_companies", {"wanted": "software companies", "country": "Germany"}, ["software companies", "Germany", "search_companies", "employeesMin"]),
    ("find_companies", {"wanted": "software companies"}, ["software companies"]),
]


class Checks:
    """Counts what was checked, and tells what was not as it should be."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def check(self, about: str, problems: list[str]) -> None:
        """Counts one check; no problems are a pass."""
        if problems:
            self.failed += 1
            print(f"FAILED {about}", *(f"  {line}" for problem in problems for line in problem.splitlines()), sep="\n")
        else:
            self.passed += 1
            print(f"ok     {about}")

    def finish(self) -> int:
        """Prints the count and returns the exit code."""
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0


def equal(what: str, seen: Any, expected: Any) -> list[str]:
    """No problem, or one."""
    return [] if seen == expected else [f"{what}: expected {expected!r}, got {seen!r}"]


def fits(what: str, value: Any, schema: Any) -> list[str]:
    """What of a value does not fit a schema."""
    errors = Draft202012Validator(schema).iter_errors(value)
    return [f"{what}{error.json_path[1:]}: {error.message[:500]}" for error in errors]


def tool_list(tools: list[dict[str, Any]], writes: bool) -> list[str]:
    """What is wrong with an answer to `tools/list`, by its JSON."""
    problems = equal("names, in order", [tool["name"] for tool in tools], READS + WRITES if writes else READS)
    for tool in tools:
        name = tool["name"]
        for schema in "inputSchema", "outputSchema":
            problems += fits(f"{name} {schema}", tool.get(schema), Draft202012Validator.META_SCHEMA)
            problems += equal(f"{name} {schema} type", tool.get(schema, {}).get("type"), "object")
        for keyword in "additionalProperties", "examples", '"null"':
            problems += equal(f"{name} inputSchema {keyword}", keyword in json.dumps(tool["inputSchema"]), False)
        for argument, schema in tool["inputSchema"].get("properties", {}).items():
            problems += [] if schema.get("description") else [f"{name} {argument}: no description"]
        hints = tool.get("annotations", {})
        seen = tuple(hints.get(hint) for hint in ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"))
        problems += equal(f"{name} annotations", seen, ANNOTATIONS.get(name))
        problems += [] if tool.get("title") and tool.get("description") else [f"{name}: no title or description"]
    return problems


def call_result(call: Call, result: dict[str, Any], output_schema: Any) -> list[str]:
    """What is wrong with an answer to `tools/call`, by its JSON."""
    text = "".join(block.get("text", "") for block in result["content"])
    if call.error is not None:
        problems = equal("isError", result.get("isError"), True)
        problems += equal("structuredContent", result.get("structuredContent"), None)
        return problems + ([] if re.fullmatch(call.error, text) else [f"expected {call.error}, got {text}"])
    if result.get("isError"):
        return [f"an error: {text}"]
    structured = result.get("structuredContent")
    problems = fits("outputSchema", structured, output_schema)
    problems += fits("expected", structured, call.result)
    return problems + equal("the text", json.loads(text), structured)


def resource_text(uri: str, contents: list[dict[str, Any]]) -> list[str]:
    """What is wrong with the contents of a resource."""
    if len(contents) != 1:
        return [f"{len(contents)} contents"]
    problems = equal("uri", contents[0]["uri"], uri) + equal("mimeType", contents[0].get("mimeType"), "application/json")
    return problems + fits("expected", json.loads(contents[0]["text"]), RESOURCES[uri])


def prompt_text(expected: list[str], messages: list[dict[str, Any]]) -> list[str]:
    """What is wrong with a rendered prompt."""
    text = "\n".join(message["content"]["text"] for message in messages)
    problems = [f"{words!r} is not in: {text}" for words in expected if words not in text]
    return problems + ([f"a placeholder is left: {text}"] if "{{" in text else [])
