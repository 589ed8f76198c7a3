"""`cargo xtask refresh-schema` against the emulators: by introspection, and by MiniStack's control plane.

Both have the lab's own schema, so that nothing of what it means may change.
"""

import os

import ministack_api
from apis import Api
from cases import Checks, equal
from xtask import Done, Project

SAME = "nothing changes: the schema means what it did\n"
NOTE = "note: introspection does not tell which directives are applied"
# What the API of `ministack_api` is, and which fields it has resolvers for.
FACTS = ['"name": "lab"', '"authenticationType": "API_KEY"', '"additionalAuthenticationProviders": ["AWS_IAM"]']


def introspection(xtask: str, lab: str, api: Api, work: str, checks: Checks) -> None:
    """Asks the API itself."""
    project = Project(xtask, lab, os.path.join(work, f"introspected-{api.emulator}"))
    schema, facts = project.read("schema/schema.graphql"), project.read("schema/api.json")
    key = os.path.join(work, f"refresh-{api.emulator}.key")
    with open(key, "w") as file:
        file.write(api.secrets["api-key"])
    about, words = f"{api.about}, refresh by introspection", ("--endpoint", api.url, "--api-key-file", key)
    done = project.refresh(*words)
    checks.check(f"{about}: the schema is told", equal("exit code", (done.code, done.err.startswith(NOTE)), (0, True)))
    checks.check(f"{about}: it means the same, with the directives", equal("said", SAME in done.out, True))
    checks.check(f"{about}: api.json stays", equal("api.json", project.read("schema/api.json"), facts))
    project.write("schema/schema.graphql", schema.replace("  name: String!", "  title: String!"))
    done = project.refresh(*words, "--check", "--json")
    checks.check(f"{about}: a check finds drift", equal("exit code and tools", *drift(done)))


def drift(done: Done) -> tuple[object, object]:
    """What a check of a schema says that the API has changed under all tools, and what it has to say."""
    return (done.code, bool(done.json["touched"]), done.json["wrote"]), (1, True, [])


def control_plane(xtask: str, lab: str, api: Api, url: str, work: str, checks: Checks) -> None:
    """Asks MiniStack's control plane, which tells applied directives and lists resolvers."""
    project = Project(xtask, lab, os.path.join(work, "by-id"))
    about, words = f"{api.about}, refresh by API id", ("--api-id", api.api_id, "--control-plane", url)
    root = {"AWS_REGION": ministack_api.REGION, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    done = project.refresh(*words, "--json", environment=root)
    checks.check(f"{about}: the API is told", equal("exit code", (done.code, done.json["directivesTold"]), (0, True)))
    of_schema = [
        change for change in done.json["changes"] if not change["coordinate"].startswith("schema/api.json")
    ]
    checks.check(f"{about}: the schema means the same", equal("changes", of_schema, []))
    facts = project.read("schema/api.json")
    resolvers = [f'"{type_name}.{field}"' for type_name, field in ministack_api.RESPONSES]
    missing = [text for text in FACTS + resolvers if text not in facts]
    checks.check(f"{about}: api.json has the facts and the resolvers", equal("missing", missing, []))
    private = [text for text in ("arn:", "000000000000", api.api_id) if text in facts]
    checks.check(f"{about}: api.json has nothing else", equal("there", private, []))
    done = project.refresh(*words, environment=root)
    checks.check(f"{about}: again, nothing is to be done", equal("said", "nothing to write" in done.out, True))
    # Who is refused for what they may do has signed as they should.
    for who, keys, why in [
        ("an unknown key", {"AWS_ACCESS_KEY_ID": "AKIANOBODYKNOWSTHIS0"}, "(UnrecognizedClientException)"),
        ("a wrong secret", api.user | {"AWS_SECRET_ACCESS_KEY": "wrong"}, "(InvalidSignatureException)"),
        ("a user who may not", api.user, "(AccessDeniedException)"),
    ]:
        done = project.refresh(*words, "--check", environment=root | keys)
        checks.check(f"{about}: {who} gets nothing", equal("said", (done.code, done.out, why in done.err), (3, "", True)))
