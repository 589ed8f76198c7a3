"""Google's `google-genai`: tools as the Gemini API is given them."""

import os

import driver
from google.genai import types
from google.genai._adapters import McpToGenAiToolAdapter
from google.genai._mcp_utils import mcp_to_gemini_tool
from mcp import ClientSession, StdioServerParameters, stdio_client


def converted(tool):
    (function,) = mcp_to_gemini_tool(tool).function_declarations
    return function.description, function.parameters.model_dump(mode="json", by_alias=True, exclude_none=True)


async def drive(binary, flags, calls):
    with open(os.devnull, "w") as log:
        server = StdioServerParameters(command=binary, args=flags)
        async with stdio_client(server, errlog=log) as pipes, ClientSession(*pipes) as session:
            await session.initialize()
            listed = await session.list_tools()
            adapter = McpToGenAiToolAdapter(session, listed)
            answers = [await adapter.call_tool(types.FunctionCall(name=name, args=arguments)) for name, arguments in calls]
            tools = [driver.tool(tool.name, lambda tool=tool: converted(tool)) for tool in listed.tools]
            return tools, [driver.text(answer.content) for answer in answers]


driver.main(drive)
