"""What goes over the pipes, byte by byte, and how the program starts and ends: wire.py BINARY

No client library here, so nothing hides what the server writes.
"""

import json
import os
import re
import subprocess
import sys
import threading
from typing import Any

import cases

CLIENT = {"name": "wire", "version": "1"}

# Arguments, exit code, and what standard error must have.
STARTS = [
    ([], 2, r"no endpoint: set `--endpoint`.*--sandbox"),
    (["--sandbox", "--allow-mutations=create_colection"], 2, r"create_colection.*did you mean `create_collection`"),
    (["--sandbox", "--allow-mutations=get_company"], 2, r"`get_company` only reads"),
    (["--sandbox", "--sandbox-fault", "hangs"], 2, r"hang"),
    (["--endpoint", "http://api.example.com/graphql", "--api-key-file", os.devnull], 2, r"https"),
    (["call", "--sandbox", "create_collection", "name=Nothing"], 1, re.escape(cases.DENIED)),
    (["call", "--sandbox", "serch_companies"], 2, r"did you mean `search_companies`"),
    (["--sandbox", "--api-key", "da2-quokka"], 2, r"--api-key-file"),
]


def requests(era: str) -> list[dict[str, Any]]:
    """Everything that a client can ask, right and wrong; without ids and envelope."""
    asked = [
        ("tools/list", {}),
        ("tools/list", {"cursor": "nowhere"}),
        *(("tools/call", {"name": call.tool, "arguments": call.arguments}) for call in cases.READ_CALLS + cases.DENIED_CALLS),
        ("tools/call", {"name": "search_companies", "arguments": {"keywords": cases.SECRET_WORDS, "country": cases.SECRET_WORDS}}),
        ("tools/call", {"name": "search_companies", "arguments": {"keywords": cases.SECRET_WORDS}}),
        ("tools/call", {"name": cases.SECRET_WORDS, "arguments": {}}),
        ("tools/call", {"name": 1}),
        ("tools/call", {"name": "get_company", "arguments": []}),
        ("tools/call", {}),
        ("resources/list", {}),
        ("resources/templates/list", {}),
        *(("resources/read", {"uri": uri}) for uri in cases.RESOURCES),
        ("resources/read", {"uri": "appsync-mcp://nothing"}),
        ("prompts/list", {}),
        *(("prompts/get", {"name": name, "arguments": arguments}) for name, arguments, _ in cases.PROMPTS),
        ("prompts/get", {"name": "find_companies", "arguments": {}}),
        ("no/such/method", {}),
    ]
    if era == "modern":
        asked.insert(0, ("server/discover", {}))
    return [{"method": method, "params": params} for method, params in asked]


def conversation(era: str) -> tuple[list[str], set[int]]:
    """The lines to send, and the ids that must be answered."""
    lines, ids = [], set()

    def send(message: dict[str, Any], answered: bool) -> None:
        if answered:
            ids.add(len(ids) + 1)
            message = {"id": len(ids)} | message
        lines.append(json.dumps({"jsonrpc": "2.0"} | message))

    if era == "legacy":
        hello = {"protocolVersion": cases.ERAS[era], "capabilities": {}, "clientInfo": CLIENT}
        send({"method": "initialize", "params": hello}, True)
        send({"method": "notifications/initialized"}, False)
    for request in requests(era):
        if era == "modern":
            request["params"]["_meta"] = {
                "io.modelcontextprotocol/protocolVersion": cases.ERAS[era],
                "io.modelcontextprotocol/clientCapabilities": {},
                "io.modelcontextprotocol/clientInfo": CLIENT,
            }
        send(request, True)
        if len(ids) == 5:
            lines.append("this is no message")
    return lines, ids


def talk(binary: str, era: str) -> tuple[list[str], str, int, set[int]]:
    """Sends everything, waits until everything is answered, and closes the pipe."""
    lines, ids = conversation(era)
    server = subprocess.Popen(
        [binary, *cases.SANDBOX], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    out, open_ids = [], set(ids)
    # An answer that never comes ends the conversation, and shows below.
    watch = threading.Timer(120, server.kill)
    watch.start()
    try:
        # One after the other, so that no pipe fills up on both ends.
        for line in lines:
            server.stdin.write(line + "\n")
            server.stdin.flush()
            asked = json.loads(line).get("id") if line.startswith("{") else None
            while asked in open_ids and (answer := server.stdout.readline()):
                out.append(answer)
                if answer.startswith("{"):
                    open_ids.discard(json.loads(answer).get("id"))
        server.stdin.close()
        out += server.stdout.readlines()
        log = server.stderr.read()
        return out, log, server.wait(timeout=10), ids
    finally:
        watch.cancel()
        server.kill()


def messages(lines: list[str], ids: set[int]) -> list[str]:
    """What on standard output is not the protocol."""
    problems, answered = [], []
    for line in lines:
        try:
            message = json.loads(line)
        except ValueError:
            problems.append(f"no JSON: {line[:200]}")
            continue
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            problems.append(f"no JSON-RPC: {line[:200]}")
        elif "method" in message:
            problems += [f"a request of the server: {line[:200]}"] if "id" in message else []
        elif ("result" in message) == ("error" in message):
            problems.append(f"neither a result nor an error: {line[:200]}")
        elif message.get("id") is not None:
            answered.append(message["id"])
    return problems + cases.equal("answered ids", sorted(answered), sorted(ids))


def log_lines(log: str) -> list[str]:
    """What is wrong on standard error."""
    problems = []
    start = r"starting appsync-mcp auth=oidc mutations=false tools=6 resources=2 prompts=2 verified=\d/9( sandbox_only=\d)? tools_digest=sha256:[0-9a-f]{64}$"
    if len(re.findall(start, log, re.MULTILINE)) != 1:
        problems.append(f"not one line that ends with `{start}`: {log[:300]}")
    if not re.search(r"call tool=get_company kind=read outcome=ok ms=\d+ request_id=\S+$", log, re.MULTILINE):
        problems.append(f"no line for a call of get_company: {log[:2000]}")
    problems += [f"an argument: {line}" for line in log.splitlines() if any(word in line for word in cases.SECRET_WORDS.split())]
    problems += [f"an escape sequence: {line!r}" for line in log.splitlines() if "\x1b" in line]
    return problems


def start(binary: str, arguments: list[str], code: int, pattern: str) -> list[str]:
    """What is wrong with a start that must fail."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("APPSYNC_MCP_")}
    done = subprocess.run(
        [binary, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env=environment
    )
    problems = cases.equal("exit code", done.returncode, code) + cases.equal("standard output", done.stdout, "")
    problems += [] if re.search(pattern, done.stderr, re.DOTALL) else [f"expected {pattern}, got {done.stderr}"]
    return problems + ([f"the secret is shown: {done.stderr}"] if "da2-quokka" in done.stderr else [])


def main(binary: str) -> int:
    checks = cases.Checks()
    for era in cases.ERAS:
        out, log, code, ids = talk(binary, era)
        checks.check(f"wire, {era}: standard output has protocol messages only, and every request has its answer", messages(out, ids))
        checks.check(f"wire, {era}: standard error has the start, the calls, and no argument", log_lines(log))
        checks.check(f"wire, {era}: the end of standard input is a regular end", cases.equal("exit code", code, 0))
    for arguments, code, pattern in STARTS:
        checks.check(f"start: {' '.join(arguments) or 'nothing'}", start(binary, arguments, code, pattern))
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
