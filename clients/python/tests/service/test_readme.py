# SPDX-License-Identifier: MIT
"""The examples do what they say: of this package's README, and of the
repository's."""

import asyncio
import os
import pathlib
import re
import sys

from fakes.visitor import online, url_of
from parlor_client import Message

HERE = pathlib.Path(__file__)
PACKAGE = HERE.parents[2]
REPOSITORY = HERE.parents[4]


def examples(path):
    return re.findall(r"```python\n(.*?)```", path.read_text(), re.S)


async def run(example, service):
    """A process of this example."""
    assert "http://127.0.0.1:8080" in example
    return await asyncio.create_subprocess_exec(
        sys.executable, "-u", "-B", "-c", example.replace(
            "http://127.0.0.1:8080", url_of(service)),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(PACKAGE)})


async def test_the_first_example_talks_until_it_is_sent_away(service):
    first, *_ = examples(PACKAGE / "README.md")
    async with online(service, "ann", "lobby") as ann:
        await ann.rooms["lobby"].publish("before")
        bot = await run(first, service)
        await ann.records["lobby"].heard(
            Message, lambda x: x.sender == "bot")
        await ann.rooms["lobby"].publish("bye, bot")
        said, _ = await bot.communicate()
        assert said.decode().splitlines() == [
            "ann: before", "bot: hello", "ann: bye, bot"]
        assert bot.returncode == 0


async def test_the_example_of_the_api_publishes_and_lists(service):
    _, second = examples(PACKAGE / "README.md")
    async with online(service, "ann", "lobby") as ann:
        process = await run(second, service)
        said, _ = await process.communicate()
        message = await ann.records["lobby"].heard(Message)
        assert (message.sender, message.content) == (
            "ci", "the build is green")
        assert said.decode().splitlines() == [
            str(message.seq), "lobby 1 1"]


async def test_the_quick_start_of_the_repository_talks(service):
    example, = examples(REPOSITORY / "README.md")
    process = await run(example, service)
    line = await process.stdout.readline()
    assert line.decode() == "bob: hello\n"
    process.kill()
    await process.communicate()


async def test_an_example_without_a_service_says_why_and_fails():
    first, *_ = examples(PACKAGE / "README.md")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-B", "-c", first.replace(
            "http://127.0.0.1:8080", "http://parlor.invalid").replace(
            'user="bot"', 'user="bot", open_timeout=1'),
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(PACKAGE)})
    _, said = await process.communicate()
    assert process.returncode == 1
    assert said.decode().splitlines()[-1].startswith(
        "parlor_client.errors.ParlorError: unreachable: ")
