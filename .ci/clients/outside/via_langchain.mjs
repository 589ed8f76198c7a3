// LangChain for JavaScript: tools as a model of OpenAI's form is given them.
import { drive, load, server, text } from "./driver.mjs";

const { MultiServerMCPClient } = await load("@langchain/mcp-adapters");
const { convertToOpenAITool } = await load("@langchain/core/utils/function_calling");

const client = new MultiServerMCPClient({ mcpServers: { server: { transport: "stdio", ...server } } });
const tools = await client.getTools();
await drive({
  tools: tools.map((tool) => convertToOpenAITool(tool).function),
  call: async (name, given) => {
    try {
      return text(await tools.find((tool) => tool.name === name).invoke(given));
    } catch (error) {
      // The graph of an agent tells the model of it.
      return String(error);
    }
  },
  close: () => client.close(),
});
