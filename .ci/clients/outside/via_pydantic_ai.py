"""Pydantic AI."""

import json
import os
from pathlib import Path

import driver
from fastmcp.client.transports import StdioTransport
from pydantic_ai import ModelRetry, RunContext
from pydantic_ai.mcp import MCPToolset
from pydantic_ai.models.test import TestModel
from pydantic_ai.usage import RunUsage


async def drive(binary, flags, calls):
    context = RunContext(deps=None, model=TestModel(), usage=RunUsage())
    async with MCPToolset(StdioTransport(binary, flags, log_file=Path(os.devnull))) as toolset:
        tools = await toolset.get_tools(context)
        answers = []
        for name, arguments in calls:
            try:
                answers.append(json.dumps(await toolset.call_tool(name, arguments, context, tools[name])))
            except ModelRetry as error:
                answers.append(error.message)
    definitions = [tool.tool_def for tool in tools.values()]
    return [driver.tool(one.name, lambda one=one: (one.description, one.parameters_json_schema)) for one in definitions], answers


driver.main(drive)
