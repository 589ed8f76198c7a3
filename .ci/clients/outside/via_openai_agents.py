"""OpenAI's Agents SDK, with strict schemas."""

import json

import driver
from agents import Agent, RunContextWrapper
from agents.mcp import MCPServerStdio, MCPUtil
from agents.tool_context import ToolContext


async def invoked(tool, arguments):
    text = json.dumps(arguments)
    context = ToolContext(context=None, tool_name=tool.name, tool_call_id="1", tool_arguments=text)
    answer = await tool.on_invoke_tool(context, text)
    return answer if isinstance(answer, str) else driver.text(answer if isinstance(answer, list) else [answer])


def converted(tool):
    if not tool.strict_json_schema:
        raise ValueError("its schema can't be strict")
    return tool.description, tool.params_json_schema


async def drive(binary, flags, calls):
    async with MCPServerStdio(params={"command": binary, "args": flags}) as server:
        functions = await MCPUtil.get_function_tools(server, True, RunContextWrapper(None), Agent(name="outside"))
        tools = {tool.name: tool for tool in functions}
        answers = [await invoked(tools[name], arguments) for name, arguments in calls]
    return [driver.tool(name, lambda tool=tool: converted(tool)) for name, tool in tools.items()], answers


driver.main(drive)
