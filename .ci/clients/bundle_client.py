"""MCP Inspector against the program in an unpacked bundle, started as a desktop client would, in front of a sandbox:

    bundle_client.py FOLDER MCPB INSPECTOR SANDBOX

FOLDER is the unpacked bundle, MCPB the folder of npm's `@anthropic-ai/mcpb`, SANDBOX the sandbox's own program. The user has
set the endpoint and a token, and has left open whatever else can be.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import cases
import inspector_client


@contextlib.contextmanager
def sandbox(program: str, credentials: str) -> Iterator[str]:
    """Runs a sandbox while the block runs, and returns its endpoint."""
    words = [program, "--companies", cases.COMPANIES, "--write-credentials", credentials]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin and running.stdout
        yield json.loads(running.stdout.readline())["endpoint"]
        # It ends with its input.
        running.stdin.close()


def server(mcpb: str, folder: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Returns how the server is started."""
    script = os.path.join(os.path.dirname(__file__), "launch.mjs")
    done = subprocess.run(
        ["node", script, mcpb, folder, json.dumps(settings)], stdout=subprocess.PIPE, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)


def main(folder: str, mcpb: str, inspector: str, program: str) -> int:
    failed = 0
    for era in cases.ERAS:
        # Each has a sandbox of its own, as where the server brings one: what is written stays there.
        with contextlib.ExitStack() as stack:
            servers = {}
            for name, chosen in ("reads", {}), ("writes", {"allow_mutations": True}):
                credentials = stack.enter_context(tempfile.TemporaryDirectory())
                endpoint = stack.enter_context(sandbox(program, credentials))
                with open(os.path.join(credentials, "bearer"), encoding="utf-8") as file:
                    settings = {"endpoint": endpoint, "token": file.read().strip()}
                servers[name] = server(mcpb, folder, settings | chosen)
            environment = servers["reads"]["env"]
            left_open = [name for name, value in environment.items() if value.startswith("${user_config.")]
            print(f"left open: {', '.join(left_open)}")
            assert "APPSYNC_MCP_API_KEY" in left_open and environment["APPSYNC_MCP_ALLOW_MUTATIONS"] == "false"
            failed |= inspector_client.check(servers, inspector, [era])
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
