"""Signed requests, and what becomes of them at MiniStack. Data only.

MiniStack checks signatures, keys, dates and IAM policies.
"""

import dataclasses
from typing import Any

from lab_cases import NULLS, UNAUTHORIZED, Outcome

# Status and error type.
Answer = tuple[int, str | None]


@dataclasses.dataclass(frozen=True)
class Signed:
    """A call. Cases in a row with the same keys and region are of one session."""

    about: str
    tool: str
    arguments: dict[str, Any]
    # What is answered, one for each request that is made.
    answers: list[Answer]
    outcome: Outcome
    # Whose keys, and what happens to the request on its way: names in `signing.py`.
    keys: str = "user"
    region: str = "us-east-1"
    change: str = "nothing"
    # Whether the first answer is none of MiniStack's, but one by a clock that is behind.
    lie: bool = False
    # Whether AWS's client has nothing to do with it.
    only_ours: bool = False


OK: Answer = (200, None)
MISMATCH = (400, "BadRequestException")
UNKNOWN = (403, "UnrecognizedClientException")
SKEWED = (403, "RequestTimeTooSkewed")
NOT_ALLOWED = (401, "UnauthorizedException")

NOT_THE_API = (
    "upstream error: what answers is not the API; tell the user that whoever runs this server has to check its endpoint"
)

TEXT = {"text": 'Ünï "code" \\ 🚀'}
ECHOED = {"value": '{"text":"Ünï \\"code\\" \\\\ 🚀","count":7}'}
COMPANY = {
    "__typename": "Company",
    "id": "c1",
    "name": "Acme",
    "size": None,
    "employees": None,
    "createdAt": "2026-01-31T13:45:00.000Z",
} | NULLS
OTHER_ROOT = {
    "bad": None,
    "good": {"id": "c2", "name": "Acme"},
    "__notes": ["incomplete: the API failed at /bad (unauthorized)"],
}

MINUTES_BACK = 20

SIGNED = [
    Signed("a read", "echo", TEXT, [OK], ECHOED),
    Signed("a write", "echo_input", {"name": "New"}, [OK], {"value": '{"name":"New","size":"SMALL"}'}),
    Signed("another byte in the body", "echo", TEXT, [MISMATCH], UNAUTHORIZED, change="body"),
    Signed("another byte in a write's body", "echo_input", {"name": "New"}, [MISMATCH], UNAUTHORIZED, change="body"),
    Signed("a byte more in the body", "echo", TEXT, [MISMATCH], UNAUTHORIZED, change="longer"),
    Signed("another signature", "echo", TEXT, [MISMATCH], UNAUTHORIZED, change="signature"),
    Signed("another host than the one that was signed", "echo", TEXT, [MISMATCH], UNAUTHORIZED, change="host"),
    Signed("another date than the one that was signed", "echo", TEXT, [SKEWED], UNAUTHORIZED, change="date"),
    Signed("a field that the policy does not name", "get_node", {"id": "p1"}, [NOT_ALLOWED], UNAUTHORIZED),
    Signed("one field of two that the policy does not name", "fail_beside", {"kind": "x"}, [OK], OTHER_ROOT),
    Signed("after all of that, a read", "echo", TEXT, [OK], ECHOED),
    # A client that is told that its clock is wrong signs by another one. That shows what becomes of an old date, and that
    # the next answer puts it right.
    Signed(
        "an old date", "echo", TEXT, [SKEWED, SKEWED], UNAUTHORIZED, "user with another clock", lie=True, only_ours=True
    ),
    Signed("an old date, once", "echo", TEXT, [SKEWED, OK], ECHOED, "user with another clock", only_ours=True),
    Signed("and then the right one", "echo", TEXT, [OK], ECHOED, "user with another clock"),
    Signed("another region", "echo", TEXT, [(404, "ResourceNotFoundException")], NOT_THE_API, region="eu-west-1"),
    Signed("another secret", "echo", TEXT, [MISMATCH], UNAUTHORIZED, "wrong secret"),
    Signed("a key that nobody knows", "echo", TEXT, [UNKNOWN], UNAUTHORIZED, "unknown"),
    Signed("with a session token", "get_company", {"id": "c1"}, [OK], COMPANY, "session"),
    Signed("a field that the session's policy does not name", "echo", TEXT, [NOT_ALLOWED], UNAUTHORIZED, "session"),
    Signed("no session token", "get_company", {"id": "c1"}, [UNKNOWN], UNAUTHORIZED, "session without token"),
    Signed(
        "another session token",
        "get_company",
        {"id": "c1"},
        [(403, "InvalidToken")],
        UNAUTHORIZED,
        "session of another",
    ),
]

# How far the clock of AWS's own client is off, in minutes, and what it is answered: an old date is refused for itself, and
# not for its signature.
BY_AWS = {-20: SKEWED, -6: SKEWED, -4: OK, 0: OK, 4: OK, 6: SKEWED}
