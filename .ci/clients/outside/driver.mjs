// What `driver.py` is for Python: a server's tools and some calls of them, through one framework, as JSON.
//
// A driver is started as `DRIVER PACKAGES BINARY [FLAG…]`; PACKAGES is the folder that has the frameworks in its `node_modules`.
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { text as read } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const [packages, command, ...args] = process.argv.slice(2);
const { resolve: find } = createRequire(join(resolve(packages), "package.json"));

// The server, as clients' settings have it.
export const server = { command, args, stderr: "ignore" };

// Loads a module of the frameworks.
export const load = (name) => import(pathToFileURL(find(name)));

// The text of blocks of content.
export const text = (blocks) => [blocks].flat().map((block) => block.text ?? block).join("");

// Runs a driver, which returns what a model is told of the tools, and how one of them is called.
export async function drive({ tools, call, close }) {
  const answers = [];
  for (const [name, given] of JSON.parse(await read(process.stdin))) answers.push(await call(name, given));
  await close();
  console.log(JSON.stringify({ tools, answers }));
}
