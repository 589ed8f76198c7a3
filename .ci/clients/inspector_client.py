"""MCP Inspector's command line against a binary of the server, over stdio: inspector_client.py BINARY INSPECTOR

Each command starts a server of its own.
"""

import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from typing import Any

import cases


class Inspector:
    """The Inspector, with a server to talk to."""

    def __init__(self, command: str, config: str, server: str, era: str) -> None:
        self.line = [command, "--cli", "--config", config, "--server", server, "--protocol-era", era, "--format", "json", "--quiet"]

    def run(self, method: str, *options: str) -> Any:
        """Returns the result that the Inspector prints."""
        return self.envelope(method, *options)["result"]

    def envelope(self, method: str, *options: str) -> dict[str, Any]:
        """Returns the result with what the Inspector says of it."""
        done = subprocess.run(
            [*self.line, "--method", method, *options], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
        )
        try:
            envelope = json.loads(done.stdout)
            result = envelope["result"]
        except ValueError:
            raise RuntimeError(f"exit code {done.returncode}: {done.stdout[:500]}{done.stderr[:2000]}") from None
        # A tool's error is a result, and has an exit code of its own.
        if done.returncode != 0 and not result.get("isError"):
            raise RuntimeError(f"exit code {done.returncode}: {done.stderr[:2000]}")
        return envelope

    def tools(self, writes: bool) -> list[str]:
        # `--strict` fails where some client can't read a schema at all; where one may lose something of it, it says so only.
        envelope = self.envelope("tools/list", "--strict")
        findings = [
            f"{tool['toolName']}: {finding['schema']} {finding['path']}: {finding['issue']}"
            for tool in envelope.get("schemaFindings", [])
            for finding in tool["findings"]
        ]
        return findings + cases.tool_list(envelope["result"]["tools"], writes)

    def call(self, call: cases.Call, output_schema: Any) -> list[str]:
        result = self.run("tools/call", "--tool-name", call.tool, "--tool-args-json", json.dumps(call.arguments))
        return cases.call_result(call, result, output_schema)

    def hidden(self, tool: str) -> list[str]:
        # The Inspector calls only what is listed.
        try:
            self.run("tools/call", "--tool-name", tool)
        except RuntimeError as error:
            return [] if "tool_not_found" in str(error) else [str(error)]
        return ["it can be called"]

    def resources(self) -> list[str]:
        resources = self.run("resources/list")["resources"]
        return cases.equal("URIs", [resource["uri"] for resource in resources], list(cases.RESOURCES))

    def resource(self, uri: str) -> list[str]:
        return cases.resource_text(uri, self.run("resources/read", "--uri", uri)["contents"])

    def prompts(self) -> list[str]:
        prompts = self.run("prompts/list")["prompts"]
        return cases.equal("names", [prompt["name"] for prompt in prompts], sorted({name for name, *_ in cases.PROMPTS}))

    def prompt(self, name: str, arguments: dict[str, str], expected: list[str]) -> list[str]:
        pairs = [f"{key}={value}" for key, value in arguments.items()]
        return cases.prompt_text(expected, self.run("prompts/get", "--prompt-name", name, "--prompt-args", *pairs)["messages"])


def plan(reads: Inspector, writes: Inspector, output_schemas: dict[str, Any]) -> list[tuple[str, Callable[[], list[str]]]]:
    """What to check, each with its name."""
    todo: list[tuple[str, Callable[[], list[str]]]] = [
        ("tools/list, reads", lambda: reads.tools(False)),
        ("tools/list, writes", lambda: writes.tools(True)),
        ("resources/list", reads.resources),
        ("prompts/list", reads.prompts),
    ]
    for tool in cases.WRITES:
        todo.append((f"{tool} is not there", lambda tool=tool: reads.hidden(tool)))
    for on, calls in (reads, cases.READ_CALLS), (writes, cases.WRITE_CALLS):
        for call in calls:
            todo.append((f"{call.tool}: {call.about}", lambda on=on, call=call: on.call(call, output_schemas.get(call.tool))))
    for uri in cases.RESOURCES:
        todo.append((f"resources/read {uri}", lambda uri=uri: reads.resource(uri)))
    for prompt in cases.PROMPTS:
        todo.append((f"prompts/get {prompt[0]} {sorted(prompt[1])}", lambda prompt=prompt: reads.prompt(*prompt)))
    return todo


def outcome(check: Callable[[], list[str]]) -> list[str]:
    """What is wrong; that the check broke off is as well."""
    try:
        return check()
    except Exception as error:  # Whatever it is, the other checks go on.
        return [f"{type(error).__name__}: {error}"]


def check(servers: dict[str, Any], command: str, eras: Iterable[str] = cases.ERAS) -> int:
    """Checks a server that reads and one that writes, each as a client's configuration has it."""
    checks = cases.Checks()
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        config = os.path.join(folder, "servers.json")
        with open(config, "w", encoding="utf-8") as file:
            json.dump({"mcpServers": servers}, file)
        for era in eras:
            reads, writes = (Inspector(command, config, server, era) for server in servers)
            output_schemas = {tool["name"]: tool["outputSchema"] for tool in writes.run("tools/list")["tools"]}
            todo = plan(reads, writes, output_schemas)
            for (about, _), problems in zip(todo, pool.map(lambda item: outcome(item[1]), todo), strict=True):
                checks.check(f"inspector, {era}: {about}", problems)
    return checks.finish()


def main(binary: str, command: str) -> int:
    servers = {
        "reads": {"command": binary, "args": cases.SANDBOX},
        "writes": {"command": binary, "args": [*cases.SANDBOX, cases.ALLOW]},
    }
    return check(servers, command)


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), sys.argv[2]))
