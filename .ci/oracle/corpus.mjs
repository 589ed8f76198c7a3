// The GraphQL specification's reference implementation judges the operations of other people's APIs, and agrees with the
// build on which are valid:
//
//   corpus.mjs GRAPHQL CORPUS     (GRAPHQL: the main module of the package)
//
// Standard input is what `cargo xtask check-corpus --json CORPUS` prints.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Disagreements, check, end, graphql, mended, schemaOf, sdlOf, spreads } from "./judge.mjs";

const { Kind, parse, print, validate, validateSchema, visit } = graphql;
const corpus = process.argv[3];
const decided = JSON.parse(readFileSync(0, "utf8"));

// A fragment as it is compared with others of its name.
const plain = (fragment) =>
  print(visit(fragment, { Field: ({ name, alias }) => (name.value === "__typename" && !alias ? null : undefined) }));

// The fragments that an operation uses: its file's, or else those of the file that the spread stands in, or else any.
function used(definition, path, files) {
  const found = new Map();
  const wanted = spreads(definition).map((name) => [name, path]);
  const named = (name, where) =>
    (files.get(where)?.definitions ?? []).filter((one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name);
  while (wanted.length > 0) {
    const [name, from] = wanted.pop();
    let fragments = named(name, path).map((one) => [one, path]);
    if (fragments.length === 0) fragments = named(name, from).map((one) => [one, from]);
    if (fragments.length === 0) {
      const all = [...files.keys()].flatMap((where) => named(name, where).map((one) => [one, where]));
      fragments = [...new Map(all.reverse().map((one) => [plain(one[0]), one])).values()];
    }
    for (const [fragment, where] of fragments) {
      if (found.has(fragment)) continue;
      found.set(fragment, true);
      wanted.push(...spreads(fragment).map((next) => [next, where]));
    }
  }
  return [...found.keys()];
}

const schemas = new Disagreements("schemas");
const operations = new Disagreements("operations");
for (const api of decided.apis) {
  const folder = existsSync(join(corpus, api.name)) ? join(corpus, api.name) : corpus;
  const problems = api.failure ? [`the build refuses the schema: ${api.failure}`] : [];
  const sdl = sdlOf(folder);
  let schema;
  try {
    schema = schemaOf(parse(sdl), true);
    const broken = validateSchema(schema);
    if (broken.length > 0) throw broken[0];
  } catch (error) {
    problems.push(...schemas.about(api.name, `graphql-js refuses the schema: ${error.message}`));
    schema = schemaOf(parse(mended(sdl)), true, true);
  }
  const files = new Map();
  for (const path of api.files) {
    try {
      files.set(path, parse(readFileSync(join(folder, path), "utf8")));
    } catch {
      files.set(path, undefined);
    }
  }
  for (const [path, document] of files) {
    const ours = new Map(api.operations.filter((one) => one.path === path).map((one) => [one.position, one]));
    const isValid = (position) => !["invalid", undefined].includes(ours.get(position)?.verdict);
    if (!document) {
      const isRefused = ours.get(null)?.verdict === "invalid";
      if (!isRefused) problems.push(...operations.about(`${api.name}/${path}`, "graphql-js can't parse it"));
      continue;
    }
    if (ours.has(null)) problems.push(...operations.about(`${api.name}/${path}`, `the build can't parse it: ${ours.get(null).messages}`));
    for (const [position, definition] of document.definitions.entries()) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION || ours.has(null)) continue;
      const definitions = [definition, ...used(definition, path, files)];
      const errors = validate(schema, { kind: Kind.DOCUMENT, definitions });
      if ((errors.length === 0) === isValid(position)) continue;
      const key = `${api.name}/${path}#${position}`;
      const theirs = errors.length === 0 ? "valid" : `invalid (${errors[0].message})`;
      const mine = isValid(position) ? "valid" : `invalid (${ours.get(position)?.messages?.[0]})`;
      problems.push(...operations.about(key, `${theirs} for graphql-js, ${mine} for the build`));
    }
  }
  check(`${api.name}: both agree on ${api.operations.length} operations`, problems);
}
const names = new Set(decided.apis.map((api) => api.name));
const isJudged = (key) => names.has(key.split("/")[0]);
check("every disagreement that is explained is one", [...schemas.needless(isJudged), ...operations.needless(isJudged)]);
end();
