"""A project's copy in a folder of its own, and `cargo xtask refresh-schema` in it."""

import dataclasses
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True)
class Done:
    """What the program has done."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it has printed for machines."""
        return json.loads(self.out)


class Project:
    """A copy of a project's schema and operations; what happens to it happens to nobody else."""

    def __init__(self, xtask: str, project: str, folder: str) -> None:
        self.xtask, self.folder = os.path.abspath(xtask), folder
        for part in "schema", "operations":
            shutil.copytree(os.path.join(project, part), os.path.join(folder, part))

    def refresh(self, *words: str, environment: Mapping[str, str] = {}) -> Done:
        """Refreshes the schema, without what this machine's environment says of APIs."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("APPSYNC_MCP_", "AWS_"))}
        done = subprocess.run(
            [self.xtask, "refresh-schema", *words],
            cwd=self.folder,
            env=own | {"AWS_EC2_METADATA_DISABLED": "true"} | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def read(self, path: str) -> str:
        with open(os.path.join(self.folder, path)) as file:
            return file.read()

    def write(self, path: str, text: str) -> None:
        with open(os.path.join(self.folder, path), "w") as file:
            file.write(text)
