# SPDX-License-Identifier: MIT
"""Texts that are no good frame, by kind, with the error that the documents
promise for each."""

import itertools

# Each gets a longer form of what is wrong.
DEPTHS = [33, 100, 1000, 20_000, 100_000]

LITERALS = [
    "nul", "nulll", "NULL", "None", "nil", "undefined", "tru", "True", "TRUE",
    "yes", "fals", "False", "NaN", "-NaN", "nan", "Infinity", "-Infinity",
    "inf", "0x10", "0b1", "0o7", "1_000", "x", "'x'", "`x`", "/x/", "(1)",
    "<1>", "$1", "@", "#", "\\", "\\u0031", "\u00e9", "\U0001f389", "\ufeff1"]

NUMBERS = [
    "01", "-01", "00", "+1", "--1", "-", "+", ".5", "-.5", "5.", "-5.", "1.e1",
    "1e", "1e+", "1e-", "1E", "1.2.3", "1e1e1", "1e1.5", "1 2", "1-1", "0x",
    "1,", "1'", "1L", "1f", "٣"]

STRINGS = [
    '"', '"x', '"\\', '"\\"', '"\\x"', '"\\a"', '"\\0"', '"\\\'"', '"\\u"',
    '"\\u1"', '"\\u12"', '"\\u123"', '"\\u123g"', '"\\U00000031"', '"\\ux041"',
    '"\\u 123"', '"\\u+123"', '"\\u-123"', '"a" "b"', '"a"b', "\"a'", '""a""',
    '"\\ud800"', '"\\udbff"', '"\\udc00"', '"\\udfff"', '"\\ud800x"',
    '"\\ud800\\n"', '"\\udc00\\ud800"', '"\\ud800\\ud800"', '"\\ud83d"',
    '"x\\udc00"', *(f'"{chr(code)}"' for code in range(0x20))]

STRUCTURES = [
    "[", "]", "[[", "]]", "[]]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]",
    "[1 2]", "[1:2]", "[1}", "[(]", "{", "}", "{{", "}}", "{}}", "{]", "{1}",
    "{,}", '{"a"}', '{"a":}', '{"a":,}', '{"a":1', '{"a":1,', '{"a":1,}',
    '{,"a":1}', '{"a":1,,"b":2}', '{"a":1 "b":2}', '{"a" 1}', '{"a"=1}',
    '{"a":1;"b":2}', '{"a"::1}', '{"a":1:2}', "{a:1}", "{'a':1}", "{1:1}",
    "{null:1}", "{[]:1}", "{{}:1}", '{"a:1}', '{"a":"b}', "{/**/}", "{}//",
    "/**/{}", "{} #", "{}{}", "{},{}", "{}\n{}", "[]{}", "1 1", ",", ":", ";"]

BLANKS = ["", " ", "\t", "\n", "\r\n", "  \n\t ", "\v{}", "\f{}", "\xa0{}",
          "\u2003{}", "\u2028{}", "\ufeff{}", "{}\ufeff", "\x00", "{}\x00",
          "\x00{}", "{\x00}", '{"type":"ping"}\x00', '{"type"\x00:"ping"}']

NO_OBJECTS = ["null", "true", "false", "0", "-0", "-1.5e-9", "1e400", '""',
              '"ping"', "[]", "[[]]", "[{}]", '["type","ping"]',
              "9" * 5000, "-" + "9" * 5000 + "." + "9" * 5000,
              "1" + "0" * 300 + "e" + "9" * 300]

GOOD = '{"type":"chat","room":"r","content":{"a":[1,"x",null]},"id":17}'


def deep(depth):
    yield "[" * depth + "]" * depth
    yield '{"a":' * depth + "1" + "}" * depth
    yield '{"type":"ping","a":' + "[" * depth + "]" * depth + "}"
    yield '{"type":"ping","a":' + '[{"b":' * depth + "1" + "}]" * depth + "}"
    yield "[" * depth
    yield '{"a":' * depth


def no_json(most):
    """As what it is, and as a member of a frame that is good otherwise."""
    for wrong in itertools.chain(LITERALS, NUMBERS, STRINGS):
        yield wrong
        yield f'{{"type":"ping","a":{wrong}}}'
    yield from STRUCTURES
    yield from BLANKS
    yield from (GOOD[:length] for length in range(2, len(GOOD)))
    yield from (GOOD + more for more in ("}", "]", ",", '"', "x", "0", "{"))
    for depth in DEPTHS:
        yield from (text for text in deep(depth) if len(text) <= most)


def no_command():
    """JSON that says nothing, as a frame."""
    yield from NO_OBJECTS
    yield "{}"
    for name in ("type", "action"):
        for value in ("null", "1", "true", "[]", "{}", '["ping"]', "1e999"):
            yield f'{{"{name}":{value}}}'
    yield '{"Type":"ping"}'
    yield '{"type\\u0000":"ping"}'


def wrong_members():
    """Commands with a member that is not as it has to be."""
    for id in ("1.0", "1e2", "-0.5", "null", "true", "[]", "{}",
               '"' + "x" * 63 + '"', "1" * 65):
        yield f'{{"type":"ping","id":{id}}}'
    yield '{"type":"ping","action":"rooms"}'
    yield '{"type":"ping","action":"Ping"}'
    yield '{"type":"ping","type":"rooms","action":"ping"}'
    for room in ("null", "1", "true", "[]", "{}", '""', '"\\u0000"',
                 '"a\\nb"', '"\\u007f"', '"\\u0085"', '"' + "x" * 256 + '"'):
        for type in ("join", "leave", "members", "history"):
            yield f'{{"type":"{type}","room":{room}}}'
        yield f'{{"type":"private","to":{room},"content":1}}'
        yield f'{{"type":"chat","room":{room},"content":1}}'
    yield '{"type":"join"}'
    yield '{"type":"chat","room":"r"}'
    yield '{"type":"private","to":"x"}'
    yield '{"type":"signal","room":"r"}'
    yield '{"type":"presence","room":"r"}'
    for since in ("1", "[]", '"x"', "{}", '{"epoch":1,"seq":1}',
                  '{"epoch":"e","seq":-1}', '{"epoch":"e","seq":1.5}',
                  '{"epoch":"e","seq":"1"}'):
        yield f'{{"type":"join","room":"r","since":{since}}}'


def unknown_types():
    for type in ('""', '" "', '"PING"', '"ping "', '"\\u0000"',
                 '"p\\u0131ng"', '"' + "x" * 60_000 + '"', '"__proto__"',
                 '"constructor"', '"../join"', '"join\\u0000"', '"\\"}"'):
        yield f'{{"type":{type}}}'
        yield f'{{"action":{type}}}'
    yield '{"type":"ping","type":"dance"}'


def all_kinds(most=65536):
    """(text, code of the error), for the JSON dialects."""
    for code, texts in (("bad_json", no_json(most)),
                        ("bad_request", no_command()),
                        ("bad_request", wrong_members()),
                        ("unknown_type", unknown_types())):
        yield from ((text, code) for text in texts)
