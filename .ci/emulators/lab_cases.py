"""What a model must see of the lab's tools, by emulator. Data only.

The emulators have APIs of the same shape over data of their own; where they answer one request differently, the case has
two outcomes and says why.
"""

import dataclasses
import re
from typing import Any

# A result as a whole, or what its JSON holds; or the whole text of an error, without the request id.
Outcome = dict[str, Any] | re.Pattern[str] | str


@dataclasses.dataclass(frozen=True)
class Case:
    """A call. `ministack` is its outcome there, where that differs from the simulator's, and `why`."""

    about: str
    tool: str
    arguments: dict[str, Any]
    simulator: Outcome
    ministack: Outcome | None = None
    why: str = ""
    # How to get in: a name in `apis.py`, which begins with the mode.
    secret: str = "api-key"
    # Whether the API is asked at all.
    sent: bool = True
    # The longest that it may take.
    seconds: float = 10

    def __post_init__(self) -> None:
        if (self.ministack is None) != (not self.why) or self.ministack == self.simulator:
            raise ValueError(f"{self.about}: two outcomes that differ, and why; or one")


NOT_FOUND = "not found: nothing in the API belongs to these arguments"
UNAUTHORIZED = "unauthorized: the API refused the credential or does not allow it this; repeating the call does not help: tell the user"
NO_CREDENTIAL = "unauthorized: there is no valid credential to send; sign in again or renew it, then repeat the call"
UPSTREAM = "upstream error: the API could not carry this out; change the arguments, or tell the user"
CONFLICT = "conflict: something else was stored in the meantime; read it again before trying once more"
THROTTLED = "throttled: the API gets too many requests; wait 5 s and call it again"
BUILT_FOR_ANOTHER = (
    "upstream error: the API does not take what this tool asks for; tell the user that the tool has to be built anew if the "
    "API has changed"
)
GAVE_UP = "timed out: the API gave up before it was done, and nothing was changed; ask for less, or try again later"
NO_ANSWER = "timed out: there was no answer in time, and nothing was changed; ask for less, or try again later"
READ_BACK = "do not repeat it: read back what it would have changed first"

NO_DIRECTIVES = "MiniStack does not go by `@aws_*`."
NO_SCALARS = "MiniStack does not look at the values of AWS's scalars."


def other_mode(modes: str) -> str:
    """The error of a tool that the mode of this start can't call."""
    return f"the API does not open all of this to the authorization mode `api-key`; start with one of: {modes}"


ACME = {"id": "c1", "name": "Acme", "size": "LARGE", "employees": 1200, "createdAt": "2024-01-02T03:04:05.678Z"}
BOLT = {"id": "c2", "name": "Bolt & Co", "size": "SMALL", "employees": 12, "createdAt": "2024-02-03T04:05:06Z"}
CEDAR = {"id": "c3", "name": 'Čedar "Zed" 🚀', "size": "MEDIUM", "employees": 250}
NULLS = dict.fromkeys(
    "revenue site contactEmail phone ip founded opensAt lastSeen metadata tags matrix address head".split()
)
ALL_OF_ACME = ACME | {
    "__typename": "Company",
    "revenue": 1.5e9,
    "site": "https://acme.example/",
    "contactEmail": "info@acme.example",
    "phone": "+12025550143",
    "ip": "192.0.2.7",
    "founded": "1947-05-01",
    "opensAt": "09:00:00.000Z",
    "lastSeen": 1700000000,
    "metadata": '{"tier":"gold","n":1}',
    "tags": ["tools", "anvils"],
    "matrix": [[1, 2], [3, None]],
    "address": {"street": "1 Road", "city": "Tucson", "country": "US"},
    "head": {"id": "p1", "name": "Wile E.", "email": "w@acme.example", "born": "1949-09-17"},
}
NESTED = {
    "or": [
        {"name": {"eq": "Acme"}},
        {"and": [{"size": "SMALL"}, {"not": {"minEmployees": 100}}], "name": {"beginsWith": "Bolt"}},
    ]
}
MADE_AT = "2026-01-01T00:00:00Z"
MADE = {
    "name": "New",
    "size": "SMALL",
    "website": None,
    "contactEmail": None,
    "metadata": None,
    "createdAt": MADE_AT,
    "tags": None,
}
LARGE = {
    "name": "Čedar 🚀",
    "size": "LARGE",
    "website": "https://x.example/?q=1",
    "contactEmail": "info@x.example",
    "metadata": '{"a":[1,"ü"]}',
    "createdAt": MADE_AT,
}
DROPPED = "null was taken as not given; nothing was cleared"
WRONG = """invalid arguments:
- /size: expected one of MICRO, SMALL, MEDIUM, LARGE, ENTERPRISE, got "HUGE"
- /metadata: expected JSON in a string, got "{bad"
- /createdAt: expected a moment with a time zone, such as `2026-01-31T13:45:00.000Z`, got "yesterday\""""

# Companies come in this order, in pages of so many.
PAGES = {
    "Amplify simulator": (20, [f"c{number}" for number in range(1, 58)]),
    "MiniStack": (2, ["c1", "c2", "c3"]),
}

# Against the API that comes with the emulators.
OF_OTHERS = [
    Case(
        "a page of so many",
        "search_companies",
        {"limit": 2},
        {"items": [ACME, BOLT], "nextToken": "Mg==", "total": 57},
        {"items": [ACME, BOLT], "nextToken": "2", "total": 3},
        "There are fewer companies, and its tokens are plain.",
    ),
    Case(
        "a limit beyond its bound",
        "search_companies",
        {"name": "Acme", "limit": 1000},
        {
            "items": [ACME],
            "nextToken": None,
            "total": 1,
            "__notes": ["`limit` was 1000; the most is 100, so 100 was used"],
        },
    ),
    Case(
        "by a part of the name, the size and the least number of employees",
        "search_companies",
        {"name": "Bolt", "size": "SMALL", "employeesMin": 1},
        {"items": [BOLT], "nextToken": None, "total": 1},
    ),
    Case(
        "null is as good as absent",
        "search_companies",
        {"name": "Acme", "size": None, "employeesMin": None, "nextToken": None},
        {"items": [ACME], "nextToken": None, "total": 1},
    ),
    Case(
        "filters in filters, and lists of them",
        "filter_companies",
        {"filter": NESTED},
        {"items": [{"id": "c1", "name": "Acme"}, {"id": "c2", "name": "Bolt & Co"}], "total": 2},
        {"items": [{"id": company["id"], "name": company["name"]} for company in (ACME, BOLT, CEDAR)], "total": 3},
        "Its resolver takes `or` and does not look at it.",
    ),
    Case(
        "every scalar, lists in lists, aliases",
        "get_company",
        {"id": "c1"},
        ALL_OF_ACME,
        ALL_OF_ACME | {"opensAt": "09:00:00Z"},
        "Its resolver says the time without fractions.",
    ),
    Case(
        "nulls, and an empty list", "get_company", {"id": "c2"}, {"__typename": "Company"} | BOLT | NULLS | {"tags": []}
    ),
    Case(
        "text beyond ASCII",
        "get_company",
        {"id": "c3"},
        {"__typename": "Company"} | CEDAR | NULLS | {"createdAt": "2025-12-31T23:59:59Z"},
        {"__typename": "Company"} | CEDAR | NULLS | {"createdAt": "2025-12-31T23:59:59+02:00"},
        "Its data has another time zone.",
    ),
    Case("an id of nothing", "get_company", {"id": "zz"}, NOT_FOUND),
    Case(
        "an interface, one type",
        "get_node",
        {"id": "c1"},
        {"value": {"__typename": "Company", "id": "c1", "name": "Acme", "tags": ["tools", "anvils"]}},
    ),
    Case(
        "an interface, the other type",
        "get_node",
        {"id": "p1"},
        {"value": {"__typename": "Person", "id": "p1", "name": "Wile E.", "born": "1949-09-17"}},
    ),
    Case("an interface, no value", "get_node", {"id": "zz"}, NOT_FOUND),
    Case(
        "a list of a union",
        "search_all",
        {"term": "a"},
        {
            "items": [
                {"__typename": "Company", "id": "c1", "name": "Acme"},
                {"__typename": "Person", "id": "p1", "born": "1949-09-17"},
            ]
        },
    ),
    Case(
        "by a key",
        "who_am_i",
        {},
        re.compile(r'"authType":"API Key Authorization".*"user-agent":"appsync-mcp/'),
        {"value": '{"identity":null}'},
        "Its resolver tells the identity only.",
    ),
    Case(
        "by a token",
        "who_am_i",
        {},
        re.compile(r'"authType":"Open ID Connect Authorization".*"sub":"user-1"'),
        {"value": '{"identity":null}'},
        "It does not read tokens.",
        secret="oidc",
    ),
    Case(
        "by a token of a user pool",
        "who_am_i",
        {},
        re.compile(r'"authType":"User Pool Authorization".*"username":"ann".*"cognito:groups":\["Admin"\]'),
        {"value": '{"identity":null}'},
        "It does not read tokens.",
        secret="cognito-user-pools Admin",
    ),
    Case(
        "by a signature",
        "who_am_i",
        {},
        re.compile(r'"authType":"IAM Authorization".*"username":"auth-user"'),
        {"value": '{"identity":null}'},
        "Its resolver tells the identity only, and that of tokens only.",
        secret="iam",
    ),
    Case(
        "in the mode that it is for",
        "iam_only",
        {},
        {"value": "iam"},
        UNAUTHORIZED,
        "There, a policy says that this caller may not.",
        secret="iam",
    ),
    Case("in the mode that it is for", "oidc_only", {}, {"value": "oidc"}, secret="oidc"),
    Case("in another mode", "oidc_only", {}, other_mode("oidc"), sent=False),
    Case("in the group that it is for", "admin_only", {}, {"value": "admin"}, secret="cognito-user-pools Admin"),
    Case("in no group", "admin_only", {}, UNAUTHORIZED, {"value": "admin"}, NO_DIRECTIVES, secret="cognito-user-pools"),
    Case("with a field of one mode", "secret_notes", {"id": "c1"}, {"id": "c1", "secretNotes": "s1"}, secret="oidc"),
    Case("an error of a resolver, with data and errorInfo", "fail", {"kind": "custom"}, "conflict: Company is locked"),
    Case(
        "an error beside data",
        "fail",
        {"kind": "append"},
        {
            "id": "c1",
            "name": "Acme",
            "__notes": ["incomplete: the API failed at the whole result (upstream error: soft)"],
        },
        {
            "id": "c1",
            "name": "Acme",
            "__notes": ["incomplete: the API failed at a field that it does not name (upstream error: soft)"],
        },
        "Its errors of `appendError` have no path.",
    ),
    Case("a resolver that refuses", "fail", {"kind": "unauthorized"}, UNAUTHORIZED),
    Case(
        "a resolver that finds arguments invalid",
        "fail",
        {"kind": "validate"},
        # The simulator takes the error's data for the result, and then misses the id in it: that error comes first.
        UPSTREAM,
    ),
    Case("a resolver that breaks", "fail", {"kind": "boom"}, UPSTREAM),
    Case(
        "one root of two fails",
        "fail_beside",
        {"kind": "custom"},
        {
            "bad": None,
            "good": {"id": "c2", "name": "Bolt & Co"},
            "__notes": ["incomplete: the API failed at /bad (conflict: Company is locked)"],
        },
    ),
    Case(
        "one root of two refuses",
        "fail_beside",
        {"kind": "unauthorized"},
        {
            "bad": None,
            "good": {"id": "c2", "name": "Bolt & Co"},
            "__notes": ["incomplete: the API failed at /bad (unauthorized)"],
        },
    ),
    Case("null where there must be something", "must_exist", {"id": "zz"}, UPSTREAM),
    Case("something where there must be", "must_exist", {"id": "c2"}, {"id": "c2", "name": "Bolt & Co"}),
    Case("late, in time", "slow", {"ms": 200}, {"value": "slept 200"}, {"value": "slow"}, "Its resolvers can't wait."),
    Case(
        "too late",
        "slow",
        {"ms": 4000},
        NO_ANSWER,
        {"value": "slow"},
        "Its resolvers can't wait.",
        sent=False,
        seconds=2,
    ),
    Case(
        "no name",
        "create_company",
        {"name": " "},
        "invalid argument: /name: expected 1 to 100 characters, got 0 characters",
        sent=False,
    ),
    Case("what is absent is not null", "create_company", {"name": " New ", "createdAt": MADE_AT}, MADE),
    Case(
        "null is as good as absent, and is told",
        "create_company",
        MADE,
        MADE | {"__notes": [f"`website`, `contactEmail`, `metadata`, `tags`: {DROPPED}"]},
    ),
    Case(
        "every scalar that goes in",
        "create_company",
        LARGE | {"tags": ["a", "b", "a"]},
        LARGE | {"tags": ["a", "b"]},
    ),
    Case(
        "a day that there is not",
        "create_company",
        {"name": "New", "createdAt": "2026-02-31T00:00:00Z"},
        UPSTREAM,
        MADE | {"createdAt": "2026-02-31T00:00:00Z"},
        NO_SCALARS,
    ),
    Case(
        "everything that is wrong",
        "create_company",
        {"name": "New", "size": "HUGE", "metadata": "{bad", "createdAt": "yesterday"},
        WRONG,
        sent=False,
    ),
    Case(
        "an input object",
        "import_company",
        {"input": {"id": "n1", "name": "Old", "size": "MICRO", "metadata": "[]", "tags": ["a"], "createdAt": MADE_AT}},
        {"id": "n1", "name": "Old", "size": "MICRO", "metadata": "[]", "tags": ["a"]},
    ),
    Case(
        "an input object's defaults",
        "import_company",
        {"input": {"id": "n2", "name": "Old", "createdAt": MADE_AT}},
        {"id": "n2", "name": "Old", "size": "SMALL", "metadata": None, "tags": None},
    ),
    Case("in a mode that may", "delete_company", {"id": "c3"}, {"id": "c3"}, secret="oidc"),
    Case(
        "an id of nothing",
        "delete_company",
        {"id": "zz"},
        f"outcome unknown: this write may have been carried out, but the API answered null; {READ_BACK}",
        secret="oidc",
    ),
    Case("in another mode", "delete_company", {"id": "c3"}, other_mode("iam, oidc"), sent=False),
    Case("a wrong key", "get_company", {"id": "c1"}, UNAUTHORIZED, secret="api-key wrong"),
    Case(
        "a token of another issuer",
        "oidc_only",
        {},
        UNAUTHORIZED,
        {"value": "oidc"},
        "It does not read tokens.",
        secret="oidc of another",
    ),
    Case("an expired token", "oidc_only", {}, NO_CREDENTIAL, secret="oidc expired", sent=False),
]

# Against our own API: what a resolver gets, and what becomes of its errors. AppSync itself would not give a resolver the
# defaults that the schema has for `count`, `minEmployees` and `size`; both emulators do, as GraphQL says.
OURS = [
    Case("nothing", "echo", {}, {"value": '{"count":7}'}),
    Case(
        "everything",
        "echo",
        {"text": "ü", "count": -1, "name": "a", "size": "SMALL", "grid": [[1, 2], [], [3]]},
        {
            "value": '{"text":"ü","count":-1,"filter":{"size":"SMALL","minEmployees":0,"not":{"name":{"contains":"a"},'
            '"minEmployees":0}},"grid":[[1,2],[],[3]]}'
        },
    ),
    Case(
        "null that means something",
        "echo",
        {"size": None},
        {"value": '{"count":7,"filter":{"size":null,"minEmployees":0}}'},
    ),
    Case(
        "null that means nothing",
        "echo",
        {"text": None, "count": None, "name": None, "grid": None},
        {"value": '{"count":7}'},
    ),
    Case("only what is required", "echo_input", {"name": "New"}, {"value": '{"name":"New","size":"SMALL"}'}),
    Case(
        "everything",
        "echo_input",
        {"name": "New", "website": "https://x.example/", "metadata": '{"a": 1}', "tags": []},
        {"value": '{"name":"New","size":"SMALL","website":"https://x.example/","metadata":{"a":1},"tags":[]}'},
        {"value": '{"name":"New","size":"SMALL","website":"https://x.example/","metadata":"{\\"a\\": 1}","tags":[]}'},
        "It hands an AWSJSON to a resolver as text.",
    ),
    Case(
        "null that clears, and null that means nothing",
        "echo_input",
        {"name": "New", "website": None, "metadata": None},
        {"value": '{"name":"New","size":"SMALL","metadata":null}', "__notes": [f"`website`: {DROPPED}"]},
    ),
    Case("throttled", "fail_as", {"errorType": "ThrottlingException"}, THROTTLED),
    Case(
        "throttled behind the API",
        "fail_as",
        {"errorType": "DynamoDB:ProvisionedThroughputExceededException"},
        THROTTLED,
    ),
    Case("a conflict", "fail_as", {"errorType": "DynamoDB:ConditionalCheckFailedException"}, CONFLICT),
    Case("nothing there", "fail_as", {"errorType": "NotFound"}, NOT_FOUND),
    Case("too deep", "fail_as", {"errorType": "QueryDepthLimitReached"}, BUILT_FOR_ANOTHER),
    Case("too long", "fail_as", {"errorType": "ExecutionTimeout"}, GAVE_UP),
    Case("broken", "fail_as", {"errorType": "Lambda:Unhandled"}, UPSTREAM),
    Case("refused", "fail_as", {"errorType": "Unauthorized"}, UNAUTHORIZED),
    Case("words that may be shown", "fail_as", {"errorType": "CompanyLocked"}, "conflict: made up"),
    Case(
        "throttled",
        "fail_to_write",
        {"errorType": "ThrottlingException"},
        f"outcome unknown: this write may have been carried out, at least in part, before the API got too many requests; {READ_BACK}",
    ),
    Case(
        "a conflict",
        "fail_to_write",
        {"errorType": "DynamoDB:ConditionalCheckFailedException"},
        f"outcome unknown: this write may have been carried out, at least in part, before it met a conflict; {READ_BACK}",
    ),
    Case(
        "a conflict in words that may be shown",
        "fail_to_write",
        {"errorType": "CompanyLocked"},
        f"outcome unknown: this write may have been carried out, at least in part, before it met a conflict (made up); {READ_BACK}",
    ),
    Case(
        "nothing there",
        "fail_to_write",
        {"errorType": "NotFound"},
        f"outcome unknown: this write may have been carried out, at least in part, before something was not found; {READ_BACK}",
    ),
    Case("nothing was done", "fail_to_write", {"errorType": "ValidationException"}, "upstream error: made up"),
    Case(
        "refused in other words than AppSync's",
        "fail_to_write",
        {"errorType": "Unauthorized"},
        f"outcome unknown: this write may have been carried out, at least in part, before it was refused something; {READ_BACK}",
    ),
    Case(
        "broken",
        "fail_to_write",
        {"errorType": "Lambda:Unhandled"},
        f"outcome unknown: this write may have been carried out, at least in part, before the API failed; {READ_BACK}",
    ),
    Case(
        "too long",
        "fail_to_write",
        {"errorType": "ExecutionTimeout"},
        f"outcome unknown: this write may have been carried out, but its answer did not come in time; {READ_BACK}",
    ),
]

# Over TLS, by a certificate that the machine trusts, and by one that it does not.
TRUSTED = OURS[:8]
NOT_TRUSTED = [
    Case(
        "a certificate that nobody trusts",
        "echo",
        {},
        "unreachable: this machine does not trust the certificate that it was shown in place of the API's (it trusts the "
        "authorities in its own store, or those that `SSL_CERT_FILE` or `SSL_CERT_DIR` names); nothing was sent, and repeating "
        "the call does not help: tell the user that whoever runs this server has to mend that",
        sent=False,
    )
]

# Through a function that knows tokens.
WITH_AUTHORIZER = [
    Case("a token that it knows", "who_am_i", {}, {"value": '{"resolverContext":{"who":"somebody"}}'}, secret="lambda"),
    Case(
        "a token of a command", "echo", {"text": "a"}, {"value": '{"text":"a","count":7}'}, secret="lambda by command"
    ),
    Case("a token that it does not know", "who_am_i", {}, UNAUTHORIZED, secret="lambda wrong"),
]
