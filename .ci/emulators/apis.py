"""The emulators' packages → running APIs, each with the ways to get in that the server's flags name."""

import base64
import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import ministack_api
from running import free_port, running

SIMULATOR, MINISTACK = "Amplify simulator", "MiniStack"

API_KEY = "da2-fakeApiId123456"
ISSUER = "https://issuer.example"
USER_POOL = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE"


@dataclasses.dataclass(frozen=True)
class Api:
    """An API of an emulator."""

    emulator: str
    url: str
    # API key and tokens, by the name that a case gives them.
    secrets: dict[str, str] = dataclasses.field(default_factory=dict)
    # AWS's variables with the keys of an IAM user, and with those of a session.
    user: dict[str, str] = dataclasses.field(default_factory=dict)
    session: dict[str, str] = dataclasses.field(default_factory=dict)
    api_id: str = ""
    # The way there, if it is not the straight one.
    how: str = ""

    @property
    def about(self) -> str:
        """What a line of the checks begins with."""
        return f"{self.emulator}{self.how}"


def jwt(issuer: str, seconds: int = 3600, **claims: Any) -> str:
    """Returns a token that nobody has signed; neither emulator looks at a signature."""
    now = int(time.time())
    claims = {"iss": issuer, "sub": "user-1", "aud": "client-1", "iat": now, "exp": now + seconds} | claims
    parts = json.dumps({"alg": "RS256", "kid": "k1"}), json.dumps(claims), "no signature"
    return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts)


def pool_token(*groups: str) -> str:
    """Returns a token of the user pool for somebody in these groups."""
    claims = {"token_use": "id", "cognito:username": "ann"} | ({"cognito:groups": groups} if groups else {})
    return jwt(USER_POOL, **claims)


def secrets(api_key: str = API_KEY) -> dict[str, str]:
    """Returns what gets in, and what does not."""
    return {
        "api-key": api_key,
        "api-key wrong": "da2-wrong",
        "oidc": jwt(ISSUER),
        "oidc of another": jwt("https://other.example"),
        "oidc expired": jwt(ISSUER, seconds=-60),
        "cognito-user-pools": pool_token(),
        "cognito-user-pools Admin": pool_token("Admin"),
        "cognito-user-pools Editors": pool_token("Editors"),
    }


def aws_keys(key_id: str, secret: str) -> dict[str, str]:
    """Returns the variables that AWS's own clients read."""
    return {"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret}


@contextlib.contextmanager
def simulator_of_others(folder: str, work: str) -> Iterator[Api]:
    """The Amplify simulator as the folder's own script starts it."""
    port = free_port()
    command = ["node", os.path.join(folder, "amplify", "start.js"), str(port)]
    settings = {"API_KEY": API_KEY, "OIDC_ISSUER": ISSUER}
    with running(command, port, os.path.join(work, "simulator.log"), settings):
        # It takes whatever looks like a signature.
        yield Api(
            SIMULATOR, f"http://127.0.0.1:{port}/graphql", secrets(), aws_keys("AKIAAUTHROLEEXAMPLE0", "whatever-it-is")
        )


@contextlib.contextmanager
def simulator(
    project: str,
    work: str,
    tls: tuple[str, str] | None = None,
    variants: int | None = None,
    is_last_page: bool = False,
) -> Iterator[Api]:
    """The Amplify simulator with a project's schema and made-up values; one alone is of one of so many types at most.

    If a page is the last one, it has no token of a next page, where it can be without.
    """
    port, here = free_port(), os.path.dirname(os.path.abspath(__file__))
    settings = {"apiKey": API_KEY, "issuer": ISSUER} | ({"variants": variants} if variants else {})
    settings |= {"isLastPage": True} if is_last_page else {}
    settings |= {"key": tls[0], "certificate": tls[1]} if tls else {}
    schema = os.path.join(project, "schema")
    command = [
        "node",
        f"{here}/simulator.cjs",
        f"{schema}/schema.graphql",
        f"{schema}/api.json",
        str(port),
        json.dumps(settings),
    ]
    with running(command, port, os.path.join(work, f"simulator-{port}.log")):
        yield Api(SIMULATOR, f"{'https://localhost' if tls else 'http://127.0.0.1'}:{port}/graphql", secrets())


@contextlib.contextmanager
def ministack(work: str) -> Iterator[str]:
    """MiniStack with all checks of credentials; its URL."""
    port = free_port()
    settings = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "AUTH": "true",
        "SERVICES": "appsync,appsync-events,iam,sts,cognito-idp,lambda",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    command = [os.path.join(os.path.dirname(sys.executable), "ministack")]
    with running(command, port, os.path.join(work, "ministack.log"), settings):
        yield f"http://127.0.0.1:{port}"


def ministack_of_others(folder: str, url: str) -> Api:
    """The API that the folder's own script makes in MiniStack."""
    script, schema = os.path.join(folder, "ministack", "setup_ministack.py"), os.path.join(folder, "schema.graphql")
    made = subprocess.run([sys.executable, script, url, schema], capture_output=True, text=True, timeout=120)
    if made.returncode != 0:
        raise RuntimeError(f"{script}: {made.stderr[-3000:]}")
    facts = json.loads(made.stdout)
    tokens = secrets(facts["apiKey"]) | {"cognito-user-pools": facts["cognitoIdToken"]}
    return Api(MINISTACK, facts["url"], tokens, aws_keys(facts["accessKeyId"], facts["secretAccessKey"]))


def ministack_of_project(project: str, url: str) -> Api:
    """The API that a project's schema makes in MiniStack, for keys and IAM."""
    made = ministack_api.create(url, schema(project))
    return Api(MINISTACK, made["url"], secrets(made["apiKey"]), made["user"], made["session"], made["apiId"])


def as_on_aws(api: Api) -> Api:
    """The same API by the name that it would have on AWS; only a proxy finds it there."""
    url = f"https://{api.api_id}.appsync-api.{ministack_api.REGION}.amazonaws.com/graphql"
    return dataclasses.replace(api, url=url, how=", as on AWS")


def ministack_with_authorizer(project: str, url: str) -> Api:
    """The same for tokens that a function of ours knows."""
    tokens = {"lambda": ministack_api.TOKEN, "lambda by command": ministack_api.TOKEN, "lambda wrong": "let-nobody-in"}
    return Api(MINISTACK, ministack_api.create_with_authorizer(url, schema(project)), tokens)


def schema(project: str) -> str:
    with open(os.path.join(project, "schema", "schema.graphql")) as file:
        return file.read()
