"""AWS's Strands Agents."""

import os

import driver
from mcp import StdioServerParameters, stdio_client
from strands.tools.mcp import MCPClient


def converted(tool):
    return tool.tool_spec["description"], tool.tool_spec["inputSchema"]["json"]


async def drive(binary, flags, calls):
    with open(os.devnull, "w") as log:
        server = StdioServerParameters(command=binary, args=flags)
        with MCPClient(lambda: stdio_client(server, errlog=log)) as client:
            tools = [driver.tool(tool.tool_name, lambda tool=tool: converted(tool)) for tool in client.list_tools_sync()]
            answers = [await client.call_tool_async("1", name, arguments) for name, arguments in calls]
    return tools, [driver.text(answer["content"]) for answer in answers]


driver.main(drive)
