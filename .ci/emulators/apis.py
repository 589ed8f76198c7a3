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

NODE = "node"


@dataclasses.dataclass(frozen=True)
class Api:
    """An API of an emulator. `secrets`: API key and tokens, by the name that a case gives them."""

    emulator: str
    url: str
    secrets: dict[str, str]
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)


def jwt(issuer: str, seconds: int = 3600, **claims: Any) -> str:
    """Returns a token that nobody has signed; neither emulator looks at a signature."""
    now = int(time.time())
    claims = {"iss": issuer, "sub": "user-1", "aud": "client-1", "iat": now, "exp": now + seconds} | claims
    parts = json.dumps({"alg": "RS256", "kid": "k1"}), json.dumps(claims), "no signature"
    return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts)


def pool_token(*groups: str) -> str:
    """Returns a token of the user pool for somebody in these groups."""
    return jwt(USER_POOL, token_use="id", **{"cognito:username": "ann"} | ({"cognito:groups": groups} if groups else {}))


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


@contextlib.contextmanager
def simulator_of_others(folder: str, work: str) -> Iterator[Api]:
    """The Amplify simulator as the folder's own script starts it."""
    port = free_port()
    command = [NODE, os.path.join(folder, "amplify", "start.js"), str(port)]
    settings = {"API_KEY": API_KEY, "OIDC_ISSUER": ISSUER}
    with running(command, port, os.path.join(work, "simulator.log"), settings):
        yield Api(SIMULATOR, f"http://127.0.0.1:{port}/graphql", secrets())


@contextlib.contextmanager
def simulator(project: str, work: str, tls: tuple[str, str] | None = None) -> Iterator[Api]:
    """The Amplify simulator with a project's schema and made-up values."""
    port, here = free_port(), os.path.dirname(os.path.abspath(__file__))
    settings = {"apiKey": API_KEY, "issuer": ISSUER} | ({"key": tls[0], "certificate": tls[1]} if tls else {})
    schema = os.path.join(project, "schema")
    command = [NODE, f"{here}/simulator.cjs", f"{schema}/schema.graphql", f"{schema}/api.json", str(port), json.dumps(settings)]
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
    return Api(MINISTACK, facts["url"], secrets(facts["apiKey"]) | {"cognito-user-pools": facts["cognitoIdToken"]}, facts)


def ministack_of_project(project: str, url: str) -> Api:
    """The API that a project's schema makes in MiniStack."""
    with open(os.path.join(project, "schema", "schema.graphql")) as schema:
        facts = ministack_api.create(url, schema.read())
    return Api(MINISTACK, facts["url"], secrets(facts["apiKey"]) | {"lambda": facts["lambdaToken"]}, facts)
