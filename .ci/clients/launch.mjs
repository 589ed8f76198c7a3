// How a desktop client would start a bundle's server, by MCPB's own rules: launch.mjs MCPB FOLDER SETTINGS
//
// MCPB is the folder of npm's `@anthropic-ai/mcpb`, FOLDER an unpacked bundle, SETTINGS what its user has set, as JSON. Prints
// the command, its arguments and its environment as JSON.

import { readFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";

const [mcpb, folder, settings] = process.argv.slice(2);
const { getMcpConfigForManifest } = await import(pathToFileURL(join(resolve(mcpb), "dist/browser.js")));
const config = await getMcpConfigForManifest({
    manifest: JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")),
    extensionPath: resolve(folder),
    systemDirs: {},
    userConfig: JSON.parse(settings),
    pathSeparator: sep,
});
if (!config) throw new Error("a setting that is required is missing");
console.log(JSON.stringify(config));
