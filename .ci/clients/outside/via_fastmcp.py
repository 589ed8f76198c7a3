"""FastMCP, as a proxy in front of the server."""

import os
from pathlib import Path

import driver
from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from fastmcp.server import create_proxy


async def drive(binary, flags, calls):
    server = StdioTransport(binary, flags, log_file=Path(os.devnull))
    async with Client(create_proxy(Client(server))) as client:
        listed = await client.list_tools()
        answers = [await client.call_tool(name, arguments, raise_on_error=False) for name, arguments in calls]
    tools = [driver.tool(tool.name, lambda tool=tool: (tool.description, tool.input_schema)) for tool in listed]
    return tools, [driver.text(answer.content) for answer in answers]


driver.main(drive)
