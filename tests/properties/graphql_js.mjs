// Says of each request what the GraphQL specification's reference implementation finds wrong with it:
//
//   graphql_js.mjs GRAPHQL SCHEMA     (GRAPHQL: the main module of the package)
//
// A line of standard input is the body of a request, a line of standard output the list of what is wrong.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [graphqlModule, schemaFile] = process.argv.slice(2);
const { buildASTSchema, concatAST, getVariableValues, parse, validate } = await import(pathToFileURL(graphqlModule));

// AppSync's scalars are there without being declared.
const scalars = ["AWSDate", "AWSTime", "AWSDateTime", "AWSTimestamp", "AWSEmail", "AWSJSON", "AWSURL", "AWSPhone", "AWSIPAddress"];
const document = parse(readFileSync(schemaFile, "utf8"));
const declared = new Set(document.definitions.map((definition) => definition.name?.value));
const missing = scalars.filter((name) => !declared.has(name)).map((name) => `scalar ${name}\n`);
const schema = buildASTSchema(concatAST([document, parse(["type _Unused { _: Int }", ...missing].join("\n"))]), {
  assumeValidSDL: true,
});
for (const name of scalars) {
  const scalar = schema.getType(name);
  if (scalar) scalar.coerceInputValue = (value) => read(name, value);
}

function read(name, value) {
  const fits = name === "AWSTimestamp" ? Number.isSafeInteger(value) : typeof value === "string";
  if (!fits) throw new TypeError(`${JSON.stringify(value)} is no ${name}`);
  return value;
}

function problems(body) {
  const request = parse(body.query);
  const found = validate(schema, request).map((error) => error.message);
  const operation = request.definitions.find((definition) => definition.name?.value === body.operationName);
  if (!operation) return [...found, `there is no operation ${body.operationName}`];
  const known = new Set(operation.variableDefinitions?.map((definition) => definition.variable.name.value));
  const unknown = Object.keys(body.variables ?? {}).filter((name) => !known.has(name));
  const { errors = [] } = getVariableValues(schema, operation.variableDefinitions ?? [], body.variables ?? {});
  return [...found, ...errors.map((error) => error.message), ...unknown.map((name) => `$${name} is not declared`)];
}

// Not by `readline`, to which U+2028 ends a line as well.
let rest = "";
for await (const chunk of process.stdin.setEncoding("utf8")) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  for (const line of lines) {
    let found;
    try {
      found = problems(JSON.parse(line));
    } catch (error) {
      found = [error.message];
    }
    process.stdout.write(`${JSON.stringify(found)}\n`);
  }
}
