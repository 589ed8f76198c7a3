"""The server against AppSync as others have emulated it: emulators.py FOLDER LAB SAMPLE XTASK

FOLDER holds the APIs that come with the emulators, LAB, SAMPLE and XTASK are binaries: of `tests/lab`, and of
this repository.
The packages of `package.json` are where NODE_PATH says, those of `requirements.txt` are this Python's.
"""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from urllib.parse import urlsplit

import apis
import lab
import lab_cases
import reach
import refresh
import signing
import template
from cases import Checks, equal
from lab_cases import Case
from proxy import proxy
from server import Server
from tls import Authority

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAB = os.path.join(REPOSITORY, "tests", "lab")


class Run:
    """All checks, and what they need."""

    def __init__(self, folder: str, lab_binary: str, sample_binary: str, xtask: str, work: str) -> None:
        self.folder, self.work, self.checks, self.authority = folder, work, Checks(), Authority(work)
        self.xtask = xtask
        self.server, self.sample = Server(lab_binary, work, {"APPSYNC_MCP_LOG": "trace"}), Server(sample_binary, work)
        self.secrets: set[str] = set()

    @contextlib.contextmanager
    def part(self, about: str) -> Iterator[None]:
        """Counts it as a failure if a part breaks off, so that the others go on."""
        print(f"\n{about}")
        try:
            yield
        except Exception as error:
            self.checks.check(about, [f"{type(error).__name__}: {error}"])

    def call(self, api: apis.Api, cases: list[Case], server: Server | None = None) -> None:
        """Calls the lab's tools."""
        self.secrets |= {*api.secrets.values(), *api.user.values(), *api.session.values()}
        asyncio.run(lab.run(server or self.server, api, cases, self.checks))

    def simulator(self) -> None:
        """All that the Amplify simulator can show."""
        with self.part("The lab on the simulator, with the API that comes with it"):
            with apis.simulator_of_others(self.folder, self.work) as api:
                self.call(api, lab_cases.OF_OTHERS)
        with self.part("The lab on the simulator, with our own API"):
            with apis.simulator(LAB, self.work) as api:
                self.call(api, lab_cases.OURS)
                refresh.introspection(self.xtask, LAB, api, self.work, self.checks)
        with self.part("The lab on the simulator, over TLS"):
            with apis.simulator(LAB, self.work, self.authority.files("localhost")) as api:
                self.call(api, lab_cases.TRUSTED, self.trusting())
                self.call(api, lab_cases.NOT_TRUSTED)
        with self.part("Who can call what of the lab"):
            reach.run(self.server, LAB, "lab", self.checks)
        with self.part("Who can call what of the sample"):
            reach.run(self.sample, REPOSITORY, "sample", self.checks)

    def ministack(self) -> None:
        """All that MiniStack can show."""
        with self.part("MiniStack"), apis.ministack(self.work) as url:
            with self.part("The lab on MiniStack, with the API that comes with it"):
                self.call(apis.ministack_of_others(self.folder, url), lab_cases.OF_OTHERS)
            with self.part("The lab on MiniStack, with our own API"):
                api = apis.ministack_of_project(LAB, url)
                self.call(api, lab_cases.OURS)
                self.as_on_aws(api)
            with self.part("The schema of the lab on MiniStack"):
                refresh.introspection(self.xtask, LAB, api, self.work, self.checks)
                refresh.control_plane(self.xtask, LAB, api, url, self.work, self.checks)
            with self.part("Signed requests"):
                asyncio.run(signing.run(self.server, api, self.checks, self.authority))
            with self.part("Tokens that a function knows"):
                self.call(apis.ministack_with_authorizer(LAB, url), lab_cases.WITH_AUTHORIZER)

    def as_on_aws(self, api: apis.Api) -> None:
        """Calls tools by the name that the API would have on AWS, through a proxy that is that host."""
        there = apis.as_on_aws(api)
        host = urlsplit(there.url).hostname
        with proxy(urlsplit(api.url).port, self.authority.context(host)) as way:
            self.call(there, lab_cases.TRUSTED, self.trusting(HTTPS_PROXY=f"http://127.0.0.1:{way.server_port}"))
            self.checks.check("all of it went through the proxy", equal("hosts", way.hosts, {f"{host}:443"}))

    def template(self) -> None:
        """A project of its own, from its first day to its first release."""
        with self.part("A new project on the simulator, with its own API"):
            template.run(self.xtask, REPOSITORY, self.work, self.checks)

    def log(self) -> None:
        """Looks for secrets in all that the server has logged."""
        with open(self.server.log) as file:
            log = file.read()
        shown = [f"{secret[:4]}… is shown" for secret in self.secrets if secret in log]
        self.checks.check(f"no secret of {len(self.secrets)} is in {len(log.splitlines())} lines of logs", shown)

    def trusting(self, **environment: str) -> Server:
        """The lab's server on a machine that trusts our certificates."""
        return self.server.given({"SSL_CERT_FILE": self.authority.file} | environment)


def main(folder: str, lab_binary: str, sample_binary: str, xtask: str) -> int:
    # Who is told to end ends its emulators first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    # All of it is on this machine.
    os.environ |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    with tempfile.TemporaryDirectory() as work:
        run = Run(folder, lab_binary, sample_binary, xtask, work)
        run.simulator()
        run.ministack()
        run.log()
        # Last, since it builds in the same target folder.
        run.template()
        print()
        return run.checks.finish()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
