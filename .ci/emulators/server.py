"""A server's binary, and the flags with which it gets into an API."""

import json
import os
import subprocess
from typing import Any

from apis import Api


class Server:
    """A binary. Secrets go into files of the folder `work`."""

    def __init__(self, binary: str, work: str) -> None:
        self.binary, self.work, self.log = os.path.abspath(binary), work, os.path.join(work, "server.log")

    def flags(self, api: Api, secret: str) -> list[str]:
        """Returns the flags for an endpoint and a way to get in, whose name begins with the mode's."""
        mode = secret.split()[0]
        flags = ["--endpoint", api.url, "--auth", mode]
        if mode == "iam":
            return [*flags, "--region", "us-east-1"]
        path = os.path.join(self.work, "secret")
        with open(path, "w", opener=lambda name, how: os.open(name, how, 0o600)) as file:
            file.write(api.secrets[secret])
        flag = {"api-key": "--api-key-file", "lambda": "--token-file"}.get(mode, "--bearer-file")
        return [*flags, flag, path]

    def environment(self, api: Api, secret: str) -> dict[str, str]:
        return {}

    def tools(self) -> list[dict[str, Any]]:
        """Returns the contract's tools with all that is said of them."""
        return json.loads(self.run("tools", "--json").stdout)["tools"]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        return subprocess.run(
            [self.binary, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True
        )
