// Vercel's AI SDK.
import { drive, load, server, text } from "./driver.mjs";

const { createMCPClient } = await load("@ai-sdk/mcp");
const { Experimental_StdioMCPTransport } = await load("@ai-sdk/mcp/mcp-stdio");

const client = await createMCPClient({ transport: new Experimental_StdioMCPTransport(server) });
const tools = await client.tools();
await drive({
  tools: await Promise.all(
    Object.entries(tools).map(async ([name, { description, inputSchema }]) => ({
      name,
      description,
      parameters: await inputSchema.jsonSchema,
    })),
  ),
  call: async (name, given) => text((await tools[name].execute(given, { toolCallId: "1", messages: [] })).content),
  close: () => client.close(),
});
