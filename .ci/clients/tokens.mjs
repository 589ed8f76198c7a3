// What the list of tools and a call's result cost a model: tokens.mjs GPT_TOKENIZER <MESSAGES
//
// GPT_TOKENIZER is the folder of npm's `gpt-tokenizer`, MESSAGES what the server has written: JSON-RPC, a message a line, with
// an answer to `tools/list` and answers to `tools/call`. Prints a table of tokens of `o200k_base`, over the compact JSON as it
// came, and fails where one of the goals is not met.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { encode } = await import(pathToFileURL(join(resolve(process.argv[2]), "esm/encoding/o200k_base.js")));
const tokens = (value) => encode(JSON.stringify(value)).length;
const sum = (values, of) => values.reduce((total, value) => total + of(value), 0);

const lines = readFileSync(0, "utf8").split("\n").filter(Boolean);
const results = lines.map((line) => JSON.parse(line).result).filter(Boolean);
const list = results.find((result) => result.tools);
const called = results.filter((result) => result.content);
if (!list || called.length === 0) throw new Error("there has to be an answer to tools/list, and one to tools/call");

const without = (tool, ...keys) => Object.fromEntries(Object.entries(tool).filter(([key]) => !keys.includes(key)));
const rows = list.tools.map((tool) => {
  const [input, output] = [tokens(tool.inputSchema), tokens(tool.outputSchema)];
  const rest = tokens(without(tool, "inputSchema", "outputSchema"));
  return { tool: tool.name, all: tokens(tool), input, output, rest };
});
console.table(rows);

const goals = [
  ["the whole list", tokens(list), 4600],
  ["the tools without output schemas", tokens(list.tools.map((tool) => without(tool, "outputSchema"))), 1350],
  ["`_meta` of a call's result", Math.max(...called.map((result) => (result._meta ? tokens(result._meta) : 0))), 25],
];
for (const [what, count, most] of goals) console.log(`${count <= most ? "ok    " : "FAILED"} ${what}: ${count} of ${most}`);

const bytes = sum(list.tools, (tool) => Buffer.byteLength(JSON.stringify(tool)));
console.log(`${(bytes / sum(rows, (row) => row.all)).toFixed(2)} bytes a token`);
process.exitCode = goals.some(([, count, most]) => count > most) ? 1 : 0;
