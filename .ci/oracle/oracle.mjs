// The GraphQL specification's reference implementation judges what the build judges, and what the server sends:
//
//   oracle.mjs GRAPHQL BINARY     (GRAPHQL: the main module of the package)
//
// 1. Every operation of this repository, and every fixture that the build must accept, is valid.
// 2. Every fixture that the build must refuse is invalid as well, unless the rule that it breaks is one of ours.
// 3. What is sent is valid against the API's schema alone, without any directive of the contract.
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Disagreements, check, end, graphql, read, schemaOf } from "./judge.mjs";

const [, binary] = process.argv.slice(2);
const { parse, validate, validateSchema, visit, Kind } = graphql;

const fixtures = "codegen/tests/fixtures";

// An operation with the shared fragments that it uses, by way of other fragments too.
function withFragments(operation, fragments) {
  const byName = new Map(fragments.map((one) => [one.name.value, one]));
  const own = new Set(operation.definitions.map((one) => one.name?.value));
  const used = new Set();
  const collect = (node) =>
    visit(node, {
      FragmentSpread({ name: { value: name } }) {
        if (own.has(name) || used.has(name) || !byName.has(name)) return;
        used.add(name);
        collect(byName.get(name));
      },
    });
  collect(operation);
  return { kind: Kind.DOCUMENT, definitions: [...operation.definitions, ...[...used].map((name) => byName.get(name))] };
}

// What is wrong by the specification with a project's files: a map from path to text.
function judge(files) {
  const texts = (folder) => [...files].filter(([path]) => path.startsWith(folder) && path.endsWith(".graphql"));
  try {
    const schema = schemaOf(parse(files.get("schema/schema.graphql")), true);
    const broken = validateSchema(schema);
    if (broken.length > 0) return broken.map((error) => `schema: ${error.message}`);
    const fragments = texts("operations/fragments/").flatMap(([, text]) => parse(text).definitions);
    return [...texts("operations/read/"), ...texts("operations/write/")].flatMap(([path, text]) =>
      validate(schema, withFragments(parse(text), fragments)).map((error) => `${path}: ${error.message}`),
    );
  } catch (error) {
    return [error.message];
  }
}

// A project's files, from its folder.
function project(folder) {
  const paths = globSync(["schema/schema.graphql", "operations/{read,write,fragments}/*.graphql"], { cwd: folder });
  if (paths.length < 2) throw new Error(`${folder} has no schema and operations`);
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

// A project's files, from a fixture of the build: `=== path` begins each of them.
function fixture(path) {
  const files = new Map([["schema/schema.graphql", readFileSync(join(fixtures, "schema.graphql"), "utf8")]]);
  for (const section of readFileSync(path, "utf8").split("=== ").slice(1)) {
    const [head, ...lines] = section.split("\n");
    // What is behind the path is about bytes, which matters to positions only.
    files.set(head.split(" (")[0], lines.join("\n"));
  }
  return files;
}

const folders = [".", ...globSync("tests/*/schema").map(dirname)];
for (const folder of folders) check(`the operations of ${folder} are valid`, judge(project(folder)));

const lenient = new Disagreements("fixtures");
for (const path of globSync(join(fixtures, "{ok,warnings}/*.in")).sort()) {
  const problems = judge(fixture(path));
  const name = path.slice(fixtures.length + 1).replace(".in", "");
  check(`${path} is valid`, problems.length === 0 ? [] : lenient.about(name, problems.join("; ")));
}
check("every fixture that graphql-js refuses is explained, and no other", lenient.needless(() => true));
// What the build refuses and the specification allows is a rule of ours: one of `codegen/src/check/`, whose fixtures are
// named after it, or one of these.
const ours = [
  ...globSync("codegen/src/check/*.rs").flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/^pub\(super\) fn (\w+)/gm)].map(([, name]) => name),
  ),
  ...["api_", "prompt_", "verified_lock_", "schema_one_of", "undeclared_scalar", "part_of_a_scalar", "several_errors_of_ours"],
  ...["two_operations_in_a_file", "no_name", "shorthand_query", "operation_among_fragments", "duplicate_shared_fragment"],
  ...["duplicate_fragment_own_and_shared", "range_on_a_string", "cap_below_default", "null_default"],
  // A limit of ours; and a document that nobody sends, which the build judges all the same.
  ...["operation_too_large", "unused_shared_fragment_not_valid"],
];
let refused = 0;
const contested = globSync(join(fixtures, "diagnostics/*.in")).filter((path) => {
  if (judge(fixture(path)).length > 0) {
    refused += 1;
    return false;
  }
  const name = basename(path).replace(/^\d+_/, "");
  return !ours.some((rule) => name.startsWith(rule));
});
check(`${refused} fixtures are refused by graphql-js as well, and the others break rules of ours`, [
  ...(refused >= 60 ? [] : [`it refuses ${refused} only: does it still read them?`]),
  ...contested.map((path) => `${path}: graphql-js accepts it`),
]);

// What is sent: each tool with the arguments that it can't do without, and with all of them.
const catalogue = JSON.parse(execFileSync(binary, ["tools", "--json"], { encoding: "utf8" }));
const plain = schemaOf(read("schema/schema.graphql"), false);
const example = (argument) => argument.example ?? argument.default ?? (argument.type === "String" ? "text" : 1);
for (const tool of catalogue.tools) {
  for (const [which, wanted] of [["required", (argument) => argument.required], ["all", () => true]]) {
    const values = tool.arguments.filter(wanted).map((argument) => [argument.name, example(argument)]);
    const line = ["call", "--sandbox", "--sandbox-companies", "100", "--dry-run", tool.name, JSON.stringify(Object.fromEntries(values))];
    const body = execFileSync(binary, line, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split("\n\n").slice(1).join("\n\n");
    const document = parse(JSON.parse(body).query);
    check(`${tool.name} with ${which} arguments is sent as a valid document`, validate(plain, document).map((error) => error.message));
  }
}

end();
