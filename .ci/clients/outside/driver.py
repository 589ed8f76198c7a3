"""A server's tools and some calls of them, through one framework, as JSON.

A driver is started as `DRIVER BINARY [FLAG…]`, reads calls from standard input, each a tool's name and its arguments, and prints
what a model would be told: of each tool, in the framework's own conversion, and of what came of each call.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

# A tool's name and its arguments.
Call = tuple[str, dict[str, Any]]
# What a model is told of the tools, and of each call.
Told = tuple[list[dict[str, Any]], list[str]]


def main(drive: Callable[[str, list[str], list[Call]], Awaitable[Told]]) -> None:
    """Runs a driver."""
    tools, answers = asyncio.run(drive(sys.argv[1], sys.argv[2:], json.load(sys.stdin)))
    print(json.dumps({"tools": tools, "answers": answers}))


def tool(name: str, convert: Callable[[], tuple[str | None, Any]]) -> dict[str, Any]:
    """What a model is told of a tool, its description and its parameters; or why it can't be told."""
    try:
        description, parameters = convert()
        return {"name": name, "description": description, "parameters": parameters}
    except Exception as error:  # Whatever it is, the tool is lost.
        return {"name": name, "refused": f"{type(error).__name__}: {error}"}


def text(blocks: Any) -> str:
    """The text of blocks of content."""
    as_json = (block if isinstance(block, dict) else block.model_dump() for block in blocks)
    return "".join(block["text"] for block in as_json)
