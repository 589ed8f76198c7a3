"""LangChain for Python: tools as a model of OpenAI's form is given them."""

import driver
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_mcp_adapters.tools import load_mcp_tools


def converted(tool):
    function = convert_to_openai_tool(tool)["function"]
    return function["description"], function["parameters"]


async def drive(binary, flags, calls):
    client = MultiServerMCPClient({"server": {"transport": "stdio", "command": binary, "args": flags}})
    async with client.session("server") as session:
        tools = {tool.name: tool for tool in await load_mcp_tools(session)}
        # As an agent's graph calls them.
        asked = [tools[name].ainvoke({"type": "tool_call", "id": "1", "name": name, "args": args}) for name, args in calls]
        answers = [driver.text((await answer).content) for answer in asked]
    return [driver.tool(name, lambda tool=tool: converted(tool)) for name, tool in tools.items()], answers


driver.main(drive)
