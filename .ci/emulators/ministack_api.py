"""The lab's own schema in a running MiniStack: APIs, and how to get in; by IAM, that is to some fields only.

Invariant: MiniStack is told everything through AWS's own control plane, by AWS's own client.
"""

import io
import json
import time
import zipfile
from typing import Any

import boto3

REGION = "us-east-1"
TOKEN = "let-me-in"

# The resolvers that the lab's cases need; what has none is null.
FAILS = 'util.error("made up", ctx.args.errorType, { id: "x" }, { more: 1 })'
RESPONSES = {
    ("Query", "echo"): "return JSON.stringify(ctx.args)",
    ("Query", "failsAs"): FAILS,
    ("Query", "whoami"): "return JSON.stringify(ctx.identity)",
    ("Query", "getCompany"): 'return { id: ctx.args.id, name: "Acme", createdAt: "2026-01-31T13:45:00.000Z" }',
    ("Query", "node"): 'return { __typename: "Person", id: ctx.args.id, name: "Ann" }',
    ("Mutation", "echoInput"): "return JSON.stringify(ctx.args.input)",
    ("Mutation", "failsAs"): FAILS,
}
CODE = "export function request(ctx) { return { payload: null } }\nexport function response(ctx) { %s }\n"

AUTHORIZER = f"""
def handler(event, context):
    return {{"isAuthorized": event["authorizationToken"] == "{TOKEN}", "resolverContext": {{"who": "somebody"}}}}
"""


def client(service: str, url: str) -> Any:
    """Returns AWS's client for MiniStack."""
    return boto3.client(
        service, endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
    )


def create(url: str, schema: str) -> dict[str, Any]:
    """Creates an API for keys and IAM, and returns its URL and credentials."""
    made = api(url, schema, "API_KEY", additionalAuthenticationProviders=[{"authenticationType": "AWS_IAM"}])
    key = client("appsync", url).create_api_key(apiId=made["apiId"])["apiKey"]["id"]
    return {"url": made["url"], "apiId": made["apiId"], "apiKey": key} | user(url, made["arn"])


def create_with_authorizer(url: str, schema: str) -> str:
    """Creates an API for tokens of our own, and returns its URL. MiniStack asks the function for the default mode only."""
    return api(url, schema, "AWS_LAMBDA", lambdaAuthorizerConfig={"authorizerUri": authorizer(url)})["url"]


def api(url: str, schema: str, mode: str, **settings: Any) -> dict[str, str]:
    """Creates an API with the resolvers, and returns its URL, id and ARN."""
    appsync = client("appsync", url)
    made = appsync.create_graphql_api(name="lab", authenticationType=mode, **settings)["graphqlApi"]
    api_id = made["apiId"]
    appsync.start_schema_creation(apiId=api_id, definition=schema.encode())
    for _ in range(100):
        status = appsync.get_schema_creation_status(apiId=api_id)
        if status["status"] != "PROCESSING":
            break
        time.sleep(0.1)
    if status["status"] not in ("ACTIVE", "SUCCESS"):
        raise RuntimeError(f"MiniStack does not take the schema: {status}")
    appsync.create_data_source(apiId=api_id, name="none", type="NONE")
    for (type_name, field), response in RESPONSES.items():
        appsync.create_resolver(
            apiId=api_id,
            typeName=type_name,
            fieldName=field,
            dataSourceName="none",
            runtime={"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"},
            code=CODE % response,
        )
    return {"url": f"{url}/v1/apis/{api_id}/graphql", "apiId": api_id, "arn": made["arn"]}


def role(url: str, name: str, trusted: dict[str, str]) -> str:
    """Creates a role that somebody may take, and returns its ARN."""
    statement = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return client("iam", url).create_role(RoleName=name, AssumeRolePolicyDocument=policy)["Role"]["Arn"]


def authorizer(url: str) -> str:
    """Creates the function that an API with the mode `AWS_LAMBDA` asks about tokens, and returns its ARN."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", AUTHORIZER)
    return client("lambda", url).create_function(
        FunctionName="authorizer",
        Runtime="python3.11",
        Role=role(url, "authorizer", {"Service": "lambda.amazonaws.com"}),
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
    )["FunctionArn"]


def allowing(arn: str, fields: list[str]) -> str:
    """Returns a policy that allows some fields of an API."""
    resources = [f"{arn}/types/{field.replace('.', '/fields/')}" for field in fields]
    statement = {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": resources}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def user(url: str, arn: str) -> dict[str, Any]:
    """Creates an IAM user and a role with a policy each, and returns their keys."""
    iam, sts = client("iam", url), client("sts", url)
    iam.create_user(UserName="reader")
    iam.put_user_policy(
        UserName="reader",
        PolicyName="read",
        PolicyDocument=allowing(arn, ["Query.getCompany", "Query.echo", "Mutation.echoInput"]),
    )
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    taken = role(url, "reader-for-an-hour", {"AWS": "*"})
    iam.put_role_policy(
        RoleName="reader-for-an-hour", PolicyName="read", PolicyDocument=allowing(arn, ["Query.getCompany"])
    )
    session = sts.assume_role(RoleArn=taken, RoleSessionName="lab")["Credentials"]
    return {
        "user": {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]},
        "session": {
            "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"],
            "AWS_SESSION_TOKEN": session["SessionToken"],
        },
    }
