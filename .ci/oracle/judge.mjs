// What the oracles share: graphql-js, and the schema as AppSync means it. The first argument of the program is the main
// module of the npm package `graphql`.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export const graphql = await import(pathToFileURL(process.argv[2]));
const { buildASTSchema, buildClientSchema, concatAST, parse, printSchema, visit, Kind } = graphql;

export const read = (path) => parse(readFileSync(path, "utf8"));
const prelude = read("codegen/src/prelude.graphql");

// The schema, and whatever of the prelude it does not declare itself; `isTrusted` one is not validated.
export function schemaOf(document, withPrelude, isTrusted = false) {
  const own = new Set(document.definitions.map((definition) => definition.kind + definition.name?.value));
  const more = prelude.definitions.filter((definition) => {
    if (own.has(definition.kind + definition.name.value)) return false;
    return withPrelude || definition.kind === Kind.SCALAR_TYPE_DEFINITION;
  });
  return buildASTSchema(concatAST([document, { kind: Kind.DOCUMENT, definitions: more }]), {
    assumeValidSDL: isTrusted || !withPrelude,
    assumeValid: isTrusted,
  });
}

// The schema of a folder of a corpus, as text.
export function sdlOf(folder) {
  const sdl = join(folder, "schema.graphql");
  if (existsSync(sdl)) return readFileSync(sdl, "utf8");
  const answer = JSON.parse(readFileSync(join(folder, "schema.json"), "utf8").replace(/^\ufeff/, ""));
  return printSchema(buildClientSchema(answer.data ?? answer));
}

// What AppSync takes and the specification does not, mended; the build does the same.
export function mended(sdl) {
  return sdl.replace(/;/g, " ").replace(/\bimplements\s+\w+(\s*[,&]\s*\w+)*/g, (all) => all.replaceAll(",", " &"));
}

// The names of the fragments that something spreads itself.
export function spreads(node) {
  const names = new Set();
  visit(node, { FragmentSpread: ({ name }) => void names.add(name.value) });
  return [...names];
}

// Where the build and graphql-js may disagree, and why: by what is judged. One that is not needed any more is a mistake.
export class Disagreements {
  constructor(kind, path = ".ci/oracle/disagreements.json") {
    this.path = path;
    this.why = new Map(Object.entries(JSON.parse(readFileSync(path, "utf8"))[kind] ?? {}));
    this.needed = new Set();
  }

  // Returns what is wrong with a disagreement: nothing, if it is explained.
  about(key, what) {
    this.needed.add(key);
    return this.why.has(key) ? [] : [`${key}: ${what}`];
  }

  // Returns the explanations that explain nothing, of the keys that were judged.
  needless(isJudged) {
    const keys = [...this.why.keys()].filter((key) => isJudged(key) && !this.needed.has(key));
    return keys.map((key) => `${key}: both agree, and ${this.path} explains why they don't`);
  }
}

let passed = 0;
let failed = 0;
export function check(about, problems) {
  if (problems.length === 0) {
    passed += 1;
    console.log(`ok     ${about}`);
  } else {
    failed += 1;
    console.log([`FAILED ${about}`, ...problems.map((problem) => `  ${problem}`)].join("\n"));
  }
}

export function end() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
