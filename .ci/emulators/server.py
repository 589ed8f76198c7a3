"""A server's binary, and the flags with which it gets into an API."""

import json
import os
import subprocess
from collections.abc import Mapping
from typing import Any

from apis import Api
from ministack_api import REGION


class Server:
    """A binary, with more variables in its environment. Secrets go into files of the folder `work`."""

    def __init__(self, binary: str, work: str, environment: Mapping[str, str] = {}) -> None:
        self.environment = dict(environment)
        self.binary, self.work, self.log = os.path.abspath(binary), work, os.path.join(work, "server.log")

    def flags(self, api: Api, secret: str) -> list[str]:
        """Returns the flags for an endpoint and a way to get in, whose name begins with the mode's."""
        mode = secret.split()[0]
        flags = ["--endpoint", api.url, "--auth", mode]
        if mode == "iam":
            return [*flags, "--region", REGION]
        path = os.path.join(self.work, "secret")
        with open(path, "w", opener=lambda name, how: os.open(name, how, 0o600)) as file:
            file.write(api.secrets[secret])
        if secret.endswith(" by command"):
            return [*flags, "--token-command", f"cat {path}"]
        return [*flags, "--api-key-file" if mode == "api-key" else "--bearer-file", path]

    def tools(self) -> list[dict[str, Any]]:
        """Returns the contract's tools with all that is said of them."""
        return json.loads(self.run("tools", "--json"))["tools"]

    def run(self, *words: str) -> str:
        """Runs a command, and returns what it prints."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("APPSYNC_MCP_")}
        done = subprocess.run(
            [self.binary, *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            env=environment | self.environment,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
        return done.stdout

    def given(self, environment: Mapping[str, str]) -> "Server":
        """Returns the same server with more variables."""
        return Server(self.binary, self.work, self.environment | environment)
