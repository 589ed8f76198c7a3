// The official TypeScript client.
import { drive, load, server, text } from "./driver.mjs";

const { Client } = await load("@modelcontextprotocol/client");
const { StdioClientTransport } = await load("@modelcontextprotocol/client/stdio");

const client = new Client({ name: "outside", version: "1" });
await client.connect(new StdioClientTransport(server));
const { tools } = await client.listTools();
await drive({
  tools: tools.map(({ name, description, inputSchema }) => ({ name, description, parameters: inputSchema })),
  call: async (name, given) => text((await client.callTool({ name, arguments: given })).content),
  close: () => client.close(),
});
