"""The server against AppSync as others have emulated it: emulators.py FOLDER LAB SAMPLE

FOLDER holds the APIs that come with the emulators, LAB and SAMPLE are binaries: of `tests/lab`, and of this repository.
The packages of `package.json` are where NODE_PATH says, those of `requirements.txt` are this Python's.
"""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Iterator

import apis
import lab
import lab_cases
import reach
from cases import Checks
from server import Server

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAB = os.path.join(REPOSITORY, "tests", "lab")


@contextlib.contextmanager
def part(about: str, checks: Checks) -> Iterator[None]:
    """Counts it as a failure if a part breaks off, so that the others go on."""
    print(f"\n{about}")
    try:
        yield
    except Exception as error:
        checks.check(about, [f"{type(error).__name__}: {error}"])


def main(folder: str, lab_binary: str, sample_binary: str) -> int:
    # Who is told to end ends its emulators first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    checks = Checks()
    with tempfile.TemporaryDirectory() as work:
        server = Server(lab_binary, work)
        with part("The lab on the simulator, with the API that comes with it", checks):
            with apis.simulator_of_others(folder, work) as api:
                asyncio.run(lab.run(server, api, lab_cases.OF_OTHERS, checks))
        with part("The lab on the simulator, with our own API", checks):
            with apis.simulator(LAB, work) as api:
                asyncio.run(lab.run(server, api, lab_cases.OURS, checks))
        with part("The lab on MiniStack", checks):
            with apis.ministack(work) as url:
                asyncio.run(lab.run(server, apis.ministack_of_others(folder, url), lab_cases.OF_OTHERS, checks))
                asyncio.run(lab.run(server, apis.ministack_of_project(LAB, url), lab_cases.OURS, checks))
        with part("Who can call what of the lab", checks):
            reach.run(server, LAB, "lab", checks)
        with part("Who can call what of the sample", checks):
            reach.run(Server(sample_binary, work), REPOSITORY, "sample", checks)
    print()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
