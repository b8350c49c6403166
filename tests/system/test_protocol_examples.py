# SPDX-License-Identifier: MIT
"""docs/protocol.md says what is true: its examples, played frame by frame."""

import contextlib

import pytest

from support.environment import REPOSITORY
from support.examples import Visitor, examples, filled_in, parsed, same

DOCUMENT = REPOSITORY / "docs" / "protocol.md"
EXAMPLES = examples(DOCUMENT.read_text())


def test_the_document_has_examples():
    assert EXAMPLES


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=[f"line {one.line}" for one in EXAMPLES])
async def test_an_example_of_the_document_is_true(start_server, example):
    service = start_server()
    visitors, known = {}, {}
    async with contextlib.AsyncExitStack() as stack:
        for name, sign, text in example.steps():
            if text == "closes":
                await visitors[name].close()
            elif sign == "#":
                visitors[name] = await stack.enter_async_context(
                    Visitor(service, text))
            elif sign == ">":
                await visitors[name].send_raw(filled_in(text, known))
            else:
                await visitors[name].compare(parsed(text), known)


def test_a_star_stands_for_any_value_and_for_nothing_missing():
    assert same({"a": "*", "b": [1, "*"]}, {"a": {"c": 2}, "b": [1, None]})
    assert not same({"a": "*"}, {})
    assert not same({"a": 1}, {"a": 1, "b": 2})
    assert not same({"a": 1}, {"a": True})


def test_a_name_stands_for_the_same_value_everywhere():
    known = {}
    assert same({"a": "$E", "b": [1, "$F"]}, {"a": "x", "b": [1, 2]}, known)
    assert known == {"$E": "x", "$F": 2}
    assert same("$E", "x", known) and not same("$E", "y", known)
    assert filled_in('{"a":"$E","b":$F,"c":"$G"}', known) == \
        '{"a":"x","b":2,"c":"$G"}'


def test_steps_are_read_with_and_without_names():
    [one, two] = examples(
        "text\n```parlor\n# /ws/ann?room=tea\n> {}\n< {\"a\": 1}\n```\n"
        "```parlor\n# ann /ws/ann\nann> x\nann < y\n```\n")
    assert one.steps() == [
        ("", "#", "/ws/ann?room=tea"), ("", ">", "{}"), ("", "<", '{"a": 1}')]
    assert two.steps() == [
        ("ann", "#", "/ws/ann"), ("ann", ">", "x"), ("ann", "<", "y")]
