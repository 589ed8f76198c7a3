// Two tools that share no code with this project judge the same changes of schemas, breaking or not:
//
//   schema_diff.mjs GRAPHQL INSPECTOR XTASK CORPUS…     (GRAPHQL, INSPECTOR: the main modules of the packages)
//
// 1. Every change of codegen/tests/schema_diff/*.in, forth and back.
// 2. Every API of the corpora against itself with one thing edited, as `edits.mjs` lists them.
import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Disagreements, check, end, graphql, mended, schemaOf, sdlOf } from "../oracle/judge.mjs";
import { edits } from "./edits.mjs";

const [, inspector, xtask, ...corpora] = process.argv.slice(2);
const { diff } = await import(pathToFileURL(inspector));
const { findBreakingChanges, parse, print, validateSchema } = graphql;
const explained = ".ci/schema_diff/disagreements.json";
const work = mkdtempSync(join(tmpdir(), "schema-diff-"));

// What this project says: the breaking changes, or nothing of schemas that it refuses. In a folder without a project,
// since what is breaking does not go by operations.
function ours(old, changed) {
  writeFileSync(join(work, "old.graphql"), old);
  writeFileSync(join(work, "new.graphql"), changed);
  try {
    const line = ["schema-diff", "old.graphql", "new.graphql", "--json"];
    const answer = execFileSync(resolve(xtask), line, { cwd: work, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const { changes } = JSON.parse(answer);
    return changes.filter((change) => change.class === "breaking");
  } catch (error) {
    if (error.status === 1) return undefined;
    throw error;
  }
}

// What the two others say.
async function theirs(old, changed) {
  const schemas = [old, changed].map((sdl) => schemaOf(parse(mended(sdl)), true, true));
  const found = await diff(...schemas);
  return {
    "graphql-js": findBreakingChanges(...schemas).map((change) => change.description),
    inspector: found.filter((change) => change.criticality.level === "BREAKING").map((change) => change.message),
  };
}

const judges = ["graphql-js", "inspector"];
const reasons = Object.fromEntries(judges.map((judge) => [judge, new Disagreements(judge, explained)]));

// Judges a pair, and returns what is wrong.
async function judged(key, old, changed) {
  const mine = ours(old, changed);
  if (mine === undefined) return [`${key}: this project refuses a schema`];
  const verdicts = await theirs(old, changed);
  return judges.flatMap((judge) => {
    const other = verdicts[judge];
    if (mine.length > 0 === other.length > 0) return [];
    if (mine.length === 0) return reasons[judge].about(key, `breaking for ${judge}, not here: ${other[0]}`);
    // What is breaking here alone is explained by its kind, all of it.
    return mine.flatMap(({ kind, message }) =>
      reasons[judge].about(kind, `breaking here, not for ${judge}: ${message}`).map((problem) => `${key}: ${problem}`),
    );
  });
}

// A fixture's schema, and the same after each of its changes.
function fixture(path) {
  const files = new Map();
  const changes = [];
  for (const section of readFileSync(path, "utf8").split("=== ").slice(1)) {
    const [head, ...lines] = section.split("\n");
    if (head.startsWith("change ")) changes.push([head.slice("change ".length), lines]);
    else files.set(head, lines.join("\n"));
  }
  const sdl = files.get("schema/schema.graphql");
  return changes.map(([words, lines]) => [words, sdl, edited(sdl, lines)]);
}

// A text after the edits of a section: what stands behind `- ` becomes what stands behind `+ `. Those of another file are
// passed over.
function edited(text, lines) {
  let at = 0;
  const part = (sign) => {
    const found = [];
    while (lines[at]?.startsWith(sign)) found.push(lines[at++].slice(2));
    return found.join("\n");
  };
  while (at < lines.length && lines[at] !== "") {
    const [from, to] = [part("-"), part("+")];
    if (text.includes(from)) text = text.replace(from, () => to);
  }
  return text;
}

const isValid = (sdl) => {
  try {
    return validateSchema(schemaOf(parse(mended(sdl)), true, true)).length === 0;
  } catch {
    return false;
  }
};

let pairs = 0;
const seen = new Set();
for (const path of globSync("codegen/tests/schema_diff/*.in").sort()) {
  const problems = [];
  let count = 0;
  for (const [words, old, changed] of fixture(path)) {
    // What changes in `schema/api.json` alone is nothing to others, and neither is what nobody can read.
    if (old === changed || !isValid(changed)) continue;
    const name = basename(path, ".in");
    for (const [key, pair] of [[`${name}: ${words}`, [old, changed]], [`${name}: back from: ${words}`, [changed, old]]]) {
      seen.add(key);
      count += 1;
      problems.push(...(await judged(key, ...pair)));
    }
  }
  pairs += count;
  check(`${path}: all agree on ${count} pairs of schemas`, problems);
}
check("there are changes enough in the fixtures", pairs >= 120 ? [] : [`${pairs} pairs only: are they still read?`]);

let made = 0;
for (const corpus of corpora) {
  for (const folder of readdirSync(corpus, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const old = print(parse(mended(sdlOf(join(corpus, folder.name)))));
    const problems = [];
    let count = 0;
    for (const [words, changed] of edits(old, isValid)) {
      const key = `${folder.name}: ${words}`;
      seen.add(key);
      count += 1;
      problems.push(...(await judged(key, old, changed)));
    }
    made += count;
    check(`${folder.name}: all agree on ${count} pairs of schemas`, problems);
  }
}
check("there are edits enough of the corpus", made >= 100 ? [] : [`${made} pairs only: do the edits still find something?`]);
for (const judge of judges) check(`every disagreement with ${judge} that is explained is one`, reasons[judge].needless((key) => !key.includes(": ") || seen.has(key)));
rmSync(work, { recursive: true });
end();
