# SPDX-License-Identifier: MIT
"""docs/protocol.md says what is true: its examples, played frame by frame."""

import contextlib

import pytest

from support.environment import REPOSITORY
from support.examples import Visitor, examples, parsed, same

DOCUMENT = REPOSITORY / "docs" / "protocol.md"
EXAMPLES = examples(DOCUMENT.read_text()) if DOCUMENT.exists() else []


@pytest.mark.skipif(not DOCUMENT.exists(), reason="no docs/protocol.md yet")
def test_the_document_has_examples():
    assert EXAMPLES


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=[f"line {one.line}" for one in EXAMPLES])
async def test_an_example_of_the_document_is_true(start_server, example):
    service = start_server()
    visitors = {}
    async with contextlib.AsyncExitStack() as stack:
        for name, sign, text in example.steps():
            if sign == "#":
                visitors[name] = await stack.enter_async_context(
                    Visitor(service, text))
            elif sign == ">":
                await visitors[name].send_raw(text)
            else:
                await visitors[name].compare(parsed(text))


def test_a_star_stands_for_any_value_and_for_nothing_missing():
    assert same({"a": "*", "b": [1, "*"]}, {"a": {"c": 2}, "b": [1, None]})
    assert not same({"a": "*"}, {})
    assert not same({"a": 1}, {"a": 1, "b": 2})
    assert not same({"a": 1}, {"a": True})


def test_steps_are_read_with_and_without_names():
    [one, two] = examples(
        "text\n```parlor\n# /ws/ann?room=tea\n> {}\n< {\"a\": 1}\n```\n"
        "```parlor\n# ann /ws/ann\nann> x\nann < y\n```\n")
    assert one.steps() == [
        ("", "#", "/ws/ann?room=tea"), ("", ">", "{}"), ("", "<", '{"a": 1}')]
    assert two.steps() == [
        ("ann", "#", "/ws/ann"), ("ann", ">", "x"), ("ann", "<", "y")]
