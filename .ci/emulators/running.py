"""A command → a program that answers on a port of this machine, for as long as it is needed.

Whatever happens, it is ended by its own process id, with all that it has started.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping

READY_SECONDS = 60
END_SECONDS = 5


def free_port() -> int:
    """Returns a port of the loopback interface that nobody uses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextlib.contextmanager
def running(command: list[str], port: int, log: str, environment: Mapping[str, str] = {}) -> Iterator[None]:
    """Runs a program while the block runs; what it prints goes to the file `log`."""
    with open(log, "wb") as out:
        # A session of its own, so that its children can be told from others.
        program = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, **environment},
            start_new_session=True,
        )
    try:
        wait(program, port, log)
        yield
    finally:
        end(program)


def wait(program: subprocess.Popen[bytes], port: int, log: str) -> None:
    """Returns once something listens on the port."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and program.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    state = "has ended" if program.poll() is not None else f"is not ready after {READY_SECONDS} s"
    with open(log, errors="replace") as lines:
        raise RuntimeError(f"{program.args[0]} {state}:\n{lines.read()[-3000:]}")


def end(program: subprocess.Popen[bytes]) -> None:
    """Ends a program and its children."""
    for number in signal.SIGTERM, signal.SIGKILL:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(END_SECONDS)
