"""The official Python client against a binary of the server, over stdio: python_client.py BINARY"""

import asyncio
import os
import re
import sys
from collections.abc import Awaitable
from typing import Any

import cases
from mcp import Client, MCPError, StdioServerParameters, stdio_client


def as_json(model: Any) -> Any:
    """A model as the JSON that came."""
    return model.model_dump(by_alias=True, mode="json", exclude_unset=True)


class Session:
    """A server of its own, with one client."""

    def __init__(self, client: Client, checks: cases.Checks, name: str) -> None:
        self.client, self.checks, self.name = client, checks, name
        self.output_schemas: dict[str, Any] = {}

    async def check(self, about: str, problems: Awaitable[list[str]]) -> None:
        """Counts a check; that it broke off is a failure as well."""
        try:
            found = await problems
        except Exception as error:  # Whatever it is, the other checks go on.
            found = [f"{type(error).__name__}: {error}"]
        self.checks.check(f"{self.name}: {about}", found)

    async def version(self, expected: str) -> list[str]:
        server = self.client.server_info
        return cases.equal("protocol", self.client.protocol_version, expected) + cases.equal(
            "server", server and server.name, "appsync-mcp"
        )

    async def tools(self, writes: bool) -> list[str]:
        tools = as_json(await self.client.list_tools())["tools"]
        self.output_schemas = {tool["name"]: tool["outputSchema"] for tool in tools}
        return cases.tool_list(tools, writes)

    async def call(self, call: cases.Call) -> list[str]:
        result = as_json(await self.client.call_tool(call.tool, call.arguments))
        return cases.call_result(call, result, self.output_schemas.get(call.tool))

    async def unknown_tool(self) -> list[str]:
        try:
            await self.client.call_tool("serch_companies", {})
        except MCPError as error:
            expected = "unknown tool `serch_companies`; did you mean `search_companies`?"
            return cases.equal("error", (error.error.code, error.error.message), (-32602, expected))
        return ["no error"]

    async def pages(self) -> list[str]:
        """Every company of a collection comes once, also behind an empty page."""
        ids: list[str] = []
        pages, token = 0, None
        while pages == 0 or token:
            arguments = {"collectionId": "col-1", "limit": 7} | ({"nextToken": token} if token else {})
            page = (await self.client.call_tool("get_collection_items", arguments)).structured_content
            ids += [item["company"]["id"] for item in page["items"]]
            pages, token = pages + 1, page["nextToken"]
            if pages > 30:
                return ["there is no last page"]
        return cases.equal("companies", ids, [f"c-{number:05}" for number in range(1, 31)])

    async def rate(self) -> list[str]:
        """Of six questions within a minute, one of which was put before, the sixth is refused."""
        outcomes = []
        for _ in range(5):
            result = as_json(await self.client.call_tool("ai_search", {"question": "Who makes wind turbines?"}))
            outcomes.append(result["content"][0]["text"] if result.get("isError") else "ok")
        problems = cases.equal("the first calls", outcomes[:4], ["ok"] * 4)
        pattern = r"rate limited: this tool takes 5 calls a minute; wait ([1-9]|1[0-2]) s and call it again"
        return problems + ([] if re.fullmatch(pattern, outcomes[4]) else [f"the sixth call: {outcomes[4]}"])

    async def resources(self) -> list[str]:
        resources = as_json(await self.client.list_resources())["resources"]
        return cases.equal("URIs", [resource["uri"] for resource in resources], list(cases.RESOURCES))

    async def resource(self, uri: str) -> list[str]:
        return cases.resource_text(uri, as_json(await self.client.read_resource(uri))["contents"])

    async def prompts(self) -> list[str]:
        prompts = as_json(await self.client.list_prompts())["prompts"]
        return cases.equal("names", [prompt["name"] for prompt in prompts], sorted({name for name, *_ in cases.PROMPTS}))

    async def prompt(self, name: str, arguments: dict[str, str], expected: list[str]) -> list[str]:
        return cases.prompt_text(expected, as_json(await self.client.get_prompt(name, arguments))["messages"])


async def session(binary: str, checks: cases.Checks, era: str, version: str, writes: bool) -> None:
    name = f"python, {era}, {'writes' if writes else 'reads'}"
    args = cases.SANDBOX + ([cases.ALLOW] if writes else [])
    # `auto` asks the server for the newest generation that both know.
    mode = "legacy" if era == "legacy" else "auto"
    with open(os.devnull, "w") as log:
        server = stdio_client(StdioServerParameters(command=binary, args=args), errlog=log)
        async with Client(server, mode=mode, read_timeout_seconds=60) as client:
            on = Session(client, checks, name)
            await on.check("version", on.version(version))
            await on.check("tools/list", on.tools(writes))
            await on.check("get_collection_items: page by page", on.pages())
            for call in cases.READ_CALLS + (cases.WRITE_CALLS if writes else cases.DENIED_CALLS):
                await on.check(f"{call.tool}: {call.about}", on.call(call))
            await on.check("an unknown tool is a protocol error", on.unknown_tool())
            await on.check("ai_search: five calls a minute", on.rate())
            await on.check("resources/list", on.resources())
            for uri in cases.RESOURCES:
                await on.check(f"resources/read {uri}", on.resource(uri))
            await on.check("prompts/list", on.prompts())
            for prompt, arguments, expected in cases.PROMPTS:
                await on.check(f"prompts/get {prompt} {sorted(arguments)}", on.prompt(prompt, arguments, expected))


async def main(binary: str) -> int:
    checks = cases.Checks()
    for era, version in cases.ERAS.items():
        for writes in False, True:
            try:
                await session(binary, checks, era, version, writes)
            except Exception as error:  # The server did not start, or broke off.
                checks.check(f"python, {era}: a session", [f"{type(error).__name__}: {error}"])
    return checks.finish()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(os.path.abspath(sys.argv[1]))))
