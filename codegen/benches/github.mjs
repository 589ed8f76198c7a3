// Writes a project of 100 operations over GitHub's public schema, for `cargo bench --bench generate`:
//
//   github.mjs GRAPHQL SCHEMA FOLDER     (GRAPHQL: the main module of the package `graphql`;
//                                         SCHEMA: `schema.graphql` of the package `@octokit/graphql-schema`)
//
// Queries that go two levels deep into what `repository`, `organization`, `user` … return, and mutations.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [graphqlModule, schemaPath, folder] = process.argv.slice(2);
const graphql = await import(pathToFileURL(graphqlModule));
const { buildASTSchema, getNamedType, getNullableType, isInputObjectType, isLeafType, isListType, isObjectType, isRequiredArgument } = graphql;

// The published file gives some types the same field twice: the first one stays.
const document = graphql.visit(graphql.parse(readFileSync(schemaPath, "utf8")), {
  enter(node) {
    if (!node.fields) return undefined;
    const seen = new Set();
    return { ...node, fields: node.fields.filter((field) => !seen.has(field.name.value) && seen.add(field.name.value)) };
  },
});
const schema = buildASTSchema(document, { assumeValidSDL: true });

const write = (path, text) => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const snake = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();

// What can be selected of a type without arguments: leaves, and objects down to a depth. Each list is bounded.
function selection(type, depth, indent) {
  const lines = [];
  for (const field of Object.values(type.getFields())) {
    if (field.args.some(isRequiredArgument) || field.deprecationReason) continue;
    const named = getNamedType(field.type);
    const isList = isListType(getNullableType(field.type));
    if (isLeafType(named)) lines.push(`${indent}${field.name}`);
    else if (isObjectType(named) && depth > 1 && lines.length < 20 && !isList) {
      const inner = selection(named, depth - 1, `${indent}  `);
      if (inner.length > 0) lines.push(`${indent}${field.name} {`, ...inner, `${indent}}`);
    }
    if (lines.length > 30) break;
  }
  return lines;
}

function operation(kind, field) {
  const name = field.name[0].toUpperCase() + field.name.slice(1);
  const used = field.args.filter((argument) => isRequiredArgument(argument) || kind === "query").slice(0, 6);
  const variables = used.map((argument) => `  "${argument.name}."\n  $${argument.name}: ${argument.type}`);
  const given = used.map((argument) => `${argument.name}: $${argument.name}`);
  const lines = selection(getNamedType(field.type), 2, "    ");
  const head = variables.length > 0 ? `(\n${variables.join("\n")}\n)` : "";
  const call = given.length > 0 ? `(${given.join(", ")})` : "";
  const tool = snake(name);
  const text = `"Calls ${field.name}."\n${kind} ${name}${head} @tool(title: "${name}") {\n  ${field.name}${call} {\n${lines.join("\n")}\n  }\n}\n`;
  write(`operations/${kind === "query" ? "read" : "write"}/${tool}.graphql`, text);
}

const takes = (field) => {
  const named = getNamedType(field.type);
  return isObjectType(named) && !isListType(getNullableType(field.type)) && selection(named, 1, "").length > 0 && snake(field.name).length <= 64;
};
const isName = (field) => /^[a-z0-9]+(_[a-z0-9]+)*$/.test(snake(field.name)) && !/[0-9]/.test(field.name);
const some = (type, count) => Object.values(type.getFields()).filter((field) => takes(field) && isName(field)).slice(0, count);
const queries = some(schema.getQueryType(), 40);
const mutations = some(schema.getMutationType(), 100 - queries.length).filter((field) => field.args.every((argument) => isInputObjectType(getNamedType(argument.type))));
for (const field of queries) operation("query", field);
for (const field of mutations) operation("mutation", field);

const own = ["ID", "Int", "Float", "String", "Boolean"];
const scalars = Object.values(schema.getTypeMap()).filter((type) => graphql.isScalarType(type) && !own.includes(type.name));
write("schema/schema.graphql", `${graphql.print(document)}\n`);
write("schema/api.local.json", `${JSON.stringify({ scalars: Object.fromEntries(scalars.map((type) => [type.name, "String"])) }, null, 2)}\n`);
console.log(`${queries.length} queries and ${mutations.length} mutations`);
