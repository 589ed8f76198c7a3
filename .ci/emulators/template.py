"""A project as a new user makes it, in front of the Amplify simulator with the project's own API: `cargo xtask` there.

It goes the way that its README tells: the schema comes from the API, every tool is called, and only then a build that asks
for verified tools takes them. What answers on this machine is no API, so that the gate only opens once an API has answered.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tomllib

import apis
from cases import Checks, equal
from xtask import Done

TOOLS = ["get_book", "reserve_book", "search_books"]
# A field that a tool selects, and what stands before it.
FIELD = re.compile(r'  "[^"]*"\n  website: AWSURL\n')
NEVER = re.compile(r"the tool `(\w+)` was never verified$", re.MULTILINE)
SANDBOX_ONLY = re.compile(r"the tool `(\w+)` was verified in a sandbox only, and never in the API$", re.MULTILINE)


class New:
    """A project of its own, built in the target folder of this repository, with the same versions."""

    def __init__(self, xtask: str, repository: str, folder: str) -> None:
        self.folder = folder
        own = {name: value for name, value in os.environ.items() if not name.startswith(("APPSYNC_MCP_", "AWS_"))}
        target = os.path.dirname(os.path.dirname(os.path.abspath(xtask)))
        self.environment = own | {"CARGO_TARGET_DIR": target, "CARGO_TERM_COLOR": "never"}
        self.program = os.path.join(target, "debug", os.path.basename(folder))
        made = self.run(os.path.abspath(xtask), "new", folder, where=repository)
        if made.code != 0:
            raise RuntimeError(f"xtask new: {made.err}")
        shutil.copy(os.path.join(repository, "Cargo.lock"), folder)

    def run(self, *words: str, where: str = "", **variables: str) -> Done:
        done = subprocess.run(
            words,
            cwd=where or self.folder,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=1200,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def gated(self) -> Done:
        """Builds it as what is shipped."""
        return self.run("cargo", "build", "--quiet", APPSYNC_MCP_REQUIRE_VERIFIED="1")

    def path(self, path: str) -> str:
        return os.path.join(self.folder, path)

    def read(self, path: str) -> str:
        with open(self.path(path)) as file:
            return file.read()


def run(xtask: str, repository: str, work: str, checks: Checks) -> None:
    project = New(xtask, repository, os.path.join(work, "new-books"))
    with apis.simulator(project.folder, work, is_last_page=True) as api:
        token = os.path.join(work, "new-books.token")
        with open(token, "w", opener=lambda name, how: os.open(name, how, 0o600)) as file:
            file.write(api.secrets["cognito-user-pools"])
        connection = ["--endpoint", api.url, "--auth", "cognito-user-pools", "--bearer-file", token]
        refresh(project, connection, checks)
        verify(project, api.url, connection, checks)


def refresh(project: New, connection: list[str], checks: Checks) -> None:
    """The API says what the file does; what is missing in the file comes back, with the directives of what it belongs to."""
    command = ["cargo", "xtask", "refresh-schema", *connection]
    schema = project.read("schema/schema.graphql")
    done = project.run(*command, "--check")
    checks.check("new project: the API has its schema", equal("said", (done.code, "up to date" in done.out), (0, True)))

    without = FIELD.sub("", schema)
    checks.check("new project: a field is taken out", equal("differs", without != schema, True))
    with open(project.path("schema/schema.graphql"), "w") as file:
        file.write(without)
    done = project.run("cargo", "xtask", "check")
    checks.check("new project: nothing builds without it", equal("said", (done.code, "website" in done.err), (1, True)))
    done = project.run(*command)
    untold = "note: introspection does not tell which directives are applied"
    checks.check("new project: it is refreshed", equal("said", (done.code, done.err.startswith(untold)), (0, True)))
    checks.check("new project: all is back", equal("schema", project.read("schema/schema.graphql"), schema))


def verify(project: New, url: str, connection: list[str], checks: Checks) -> None:
    """Every tool is called, the write too; what is noted says of which contract, and nothing of the API."""
    done = project.gated()
    seen = (done.code, sorted(set(NEVER.findall(done.err))))
    checks.check("new project: a build refuses tools that are not verified", equal("said", seen, (101, TOOLS)))

    done = project.run("cargo", "xtask", "verify", "--include-writes", "--staging", "--", *connection)
    checks.check("new project: every tool passes", [] if done.code == 0 else [done.out, done.err])
    text = project.read("schema/verified.lock") if os.path.exists(project.path("schema/verified.lock")) else ""
    noted = tomllib.loads(text)
    checks.check("new project: every tool is noted", equal("tools", sorted(noted), TOOLS) and [done.out])
    endpoints = {entry["endpoint"] for entry in noted.values()}
    checks.check("new project: an API of this machine is a sandbox", equal("endpoints", endpoints, {"sandbox"}))
    checks.check("new project: more than one case each", [name for name in noted if noted[name]["cases"] < 2])

    done = project.gated()
    seen = (done.code, sorted(set(SANDBOX_ONLY.findall(done.err))))
    checks.check("new project: a sandbox is no API", equal("said", seen, (101, TOOLS)))
    done = project.run("cargo", "build", "--quiet")
    version = project.run(project.program, "--version").out
    told = (done.code, "3 of 3 verified in the sandbox only)" in version)
    checks.check("new project: the program says so, too", equal("said", told, (0, True)))

    # As if the same had answered under a name of its own.
    fingerprint = f"sha256:{hashlib.sha256(url.encode()).hexdigest()}"
    with open(project.path("schema/verified.lock"), "w") as file:
        file.write(text.replace('"sandbox"', f'"{fingerprint}"'))
    done = project.gated()
    checks.check("new project: the build takes them", equal("exit code", (done.code, done.err), (0, "")))
    version = project.run(project.program, "--version").out
    checks.check("new project: the program says so", equal("said", "3 of 3 verified)" in version, True))
