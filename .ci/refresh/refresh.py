"""`cargo xtask refresh-schema` against moto, which emulates AppSync's control plane: refresh.py XTASK

moto finds the API by the region and the service that a signature names, and verifies no signature. It knows no
`ListResolvers` and few of AppSync's scalars; in the SDL that it gives back directives are declared and never applied, and
nothing is described.
"""

import os
import re
import sys
import tempfile
from typing import Any

import boto3
from cases import Checks, equal
from running import free_port, running
from xtask import Project

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REGION = "eu-west-1"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLEEXAMPLE00", "AWS_SECRET_ACCESS_KEY": "example-secret"}

API: dict[str, Any] = {
    "name": "library",
    "authenticationType": "AMAZON_COGNITO_USER_POOLS",
    "userPoolConfig": {"userPoolId": "eu-west-1_Pool12345", "awsRegion": REGION, "defaultAction": "ALLOW"},
    "additionalAuthenticationProviders": [
        {"authenticationType": "API_KEY"},
        {"authenticationType": "AWS_IAM"},
        {"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": {"issuer": "https://issuer.example.com"}},
    ],
    "logConfig": {"fieldLogLevel": "ALL", "cloudWatchLogsRoleArn": "arn:aws:iam::123456789012:role/log"},
    "tags": {"team": "quokka"},
}

# What of that is in `schema/api.json`, and what can't be anywhere.
FACTS = """{
  "name": "library",
  "authenticationType": "AMAZON_COGNITO_USER_POOLS",
  "additionalAuthenticationProviders": ["API_KEY", "AWS_IAM", "OPENID_CONNECT"]
}
"""
# What changes since moto does not tell it.
UNTOLD = {"access-lost", "access-restated", "description-changed"}
# Scalars that moto adds to every schema.
ADDED = {"BigInt", "Double"}
PRIVATE = ["arn:", "123456789012", "Pool12345", "issuer.example.com", "quokka"]


def schema(text: str) -> str:
    """Returns the template's schema as moto can take it: it declares the directives itself, and has no `AWSDate`."""
    text = re.sub(r"(?m)^directive @aws_.*\n", "", text)
    return re.sub(r"\bAWSDate\b", "AWSDateTime", text)


def create(appsync: Any, sdl: str) -> str:
    """Creates an API, and returns its id."""
    api_id = appsync.create_graphql_api(**API)["graphqlApi"]["apiId"]
    define(appsync, api_id, sdl)
    return api_id


def define(appsync: Any, api_id: str, sdl: str) -> None:
    """Gives an API a schema."""
    appsync.start_schema_creation(apiId=api_id, definition=sdl.encode())
    status = appsync.get_schema_creation_status(apiId=api_id)
    if status["status"] != "SUCCESS":
        raise RuntimeError(f"moto does not take the schema: {status}")


def run(xtask: str, url: str, work: str, checks: Checks) -> None:
    appsync = boto3.client(
        "appsync", endpoint_url=url, region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x"
    )
    project = Project(xtask, os.path.join(REPOSITORY, "xtask", "template"), os.path.join(work, "project"))
    sdl = schema(project.read("schema/schema.graphql"))
    project.write("schema/schema.graphql", sdl)
    local = project.read("schema/api.local.json")
    api_id = create(appsync, sdl)

    def refresh(*words: str, **more: str) -> Any:
        environment = KEYS | {"AWS_REGION": REGION} | more
        return project.refresh("--api-id", api_id, "--control-plane", url, *words, environment=environment)

    done = refresh("--json")
    checks.check("an API id gives the schema and the facts", equal("exit code", (done.code, done.err), (0, done.err)))
    checks.check("both files are written", equal("wrote", done.json["wrote"], ["schema/schema.graphql", "schema/api.json"]))
    checks.check("the facts are those of the API", equal("api.json", project.read("schema/api.json"), FACTS))
    written = project.read("schema/schema.graphql") + project.read("schema/api.json") + done.out + done.err
    checks.check("nothing private is written or said", [f"{word} is there" for word in PRIVATE if word in written])
    changes = [change for change in done.json["changes"] if not change["coordinate"].startswith("schema/api.json")]
    unmeant = [change for change in changes if change["kind"] not in UNTOLD and change["coordinate"] not in ADDED]
    checks.check("all that moto tells of the schema is as it was", equal("changes", unmeant, []))
    checks.check("`ListResolvers` is missed in one line", equal("lines", done.err.count("`ListResolvers`"), 1))

    before = project.read("schema/schema.graphql")
    done = refresh()
    checks.check("a second time, nothing is to be done", equal("said", (done.code, "nothing to write" in done.out), (0, True)))

    define(appsync, api_id, sdl.replace("  title: String!", "  name: String!"))
    done = refresh("--check", "--json")
    touched = ["get_book", "reserve_book", "search_books"]
    checks.check("a check fails for what tools use", equal("said", (done.code, done.json["touched"]), (1, touched)))
    checks.check("a check writes nothing", equal("schema", project.read("schema/schema.graphql"), before))
    done = refresh()
    checks.check("the change is written", equal("said", (done.code, "written" in done.out), (0, True)))
    checks.check("it is in the schema", equal("name", "  name: String!" in project.read("schema/schema.graphql"), True))

    for about, changed in {"another region": {"AWS_REGION": "us-east-1"}}.items():
        done = refresh("--check", **changed)
        checks.check(f"{about} has no such API", equal("exit code", (done.code, done.out), (3, "")))
    done = refresh("--check", AWS_ACCESS_KEY_ID="")
    checks.check("without credentials nothing is asked", equal("exit code", (done.code, done.out), (2, "")))
    checks.check("what people write is left alone", equal("api.local.json", project.read("schema/api.local.json"), local))


def main(xtask: str) -> int:
    os.environ |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    checks = Checks()
    with tempfile.TemporaryDirectory() as work:
        port = free_port()
        command = [os.path.join(os.path.dirname(sys.executable), "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
        with running(command, port, os.path.join(work, "moto.log")):
            run(xtask, f"http://127.0.0.1:{port}", work, checks)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
