# SPDX-License-Identifier: MIT
"""Whatever the code sends, takes and answers is in the descriptions, and
nothing else is. Names are taken from the sources, where they stand in tables."""

import re

from support.conversation import close_codes, constant, dialect_named
from support.description import asyncapi, openapi
from support.described_http import all_responses, path_item
from support.environment import REPOSITORY


def source(path):
    return (REPOSITORY / path).read_text()


def sources(folder):
    return "".join(one.read_text() for one
                   in sorted((REPOSITORY / folder).glob("*.cpp")))


def table(path, name):
    """The rows of an array, as text."""
    match = re.search(rf"\b{name}\s*\{{(.*?)\}};", source(path), re.S)
    assert match, f"{path} has no table {name}"
    return match[1]


def rows(path, name, pattern):
    found = re.findall(pattern, table(path, name))
    assert found, f"no row in the table {name} of {path}"
    return found


def same(described, coded):
    """Both ways, with a message of what is where."""
    described, coded = set(described), set(coded)
    assert described == coded, (
        f"only described: {sorted(described - coded)}, "
        f"only in the code: {sorted(coded - described)}")


def test_commands():
    coded = rows("messages/wire/decode.cpp", "frame_types", r'\{"(\w+)", \w')
    size = re.search(r"array<frame_type, (\d+)> frame_types",
                     source("messages/wire/decode.cpp"))
    assert len(coded) == int(size[1])
    for dialect in ("typed", "action", "anonymous", "text"):
        same(dialect_named(dialect).commands, coded)


def members_of(schema):
    for part in [schema, *schema.get("allOf", ())]:
        yield from part.get("properties", {})


def test_members_of_commands():
    coded = rows("messages/wire/decode.cpp", r"frame_members \{\s*"
                 r"std::array<json::member, \d+> all", r'\{"(\w+)", \{\}\}')
    described = [name for schema in dialect_named("typed").commands.values()
                 for name in members_of(schema)]
    same(described, coded)


def test_events():
    # What debug builds tell their own page is not described.
    written = sources("messages/wire").replace('{"type":"update"', "")
    coded = re.findall(r'\{"type":"(\w+)"', written)
    assert len(coded) == len(re.findall(r'"type":"(?!about:)', written)) > 10
    described = set()
    for dialect in ("typed", "action", "anonymous"):
        described |= dialect_named(dialect).events.keys()
    same(described, coded)


def test_nobody_else_writes_frames():
    for folder in ("actors", "auth", "transport", "app"):
        assert '"type":' not in sources(folder).replace("\\", ""), folder


def test_every_message_of_the_document_is_said_somewhere():
    operations = asyncapi().written["operations"].values()
    said = {one["$ref"] for operation in operations
            for one in [*operation["messages"],
                        *operation.get("reply", {}).get("messages", ())]}
    for name, channel in asyncapi().written["channels"].items():
        for key in channel["messages"]:
            assert f"#/channels/{name}/messages/{key}" in said


def test_error_codes():
    coded = rows("messages/error.cpp", "ec_names", r'"(\w+)"')
    known = asyncapi().root["components"]["schemas"]["errorCode"]["oneOf"]
    same([one["const"] for one in known], set(coded) - {"none"})


def in_function(path, signature):
    body = source(path).split(signature)[1].split("\n}\n")[0]
    return body.split("return true")[0]


def test_which_errors_are_retryable():
    coded = re.findall(r"case ec::(\w+):", in_function(
        "messages/error.cpp", "bool retryable(ec x)"))
    payload = asyncapi().root["components"]["messages"]["event.error"]["payload"]
    [rule] = [one for one in payload["allOf"]
              if constant(one["then"], "retryable") == [True]]
    same(constant(rule["if"], "code"), coded)


def coded_closes():
    found = re.findall(r"^  (\w+) = (\d{4}),$", source("messages/error.hpp"),
                       re.M)
    assert len(found) > 15
    return {name: int(number) for name, number in found}


def test_close_codes():
    same(close_codes(), coded_closes().values())


def test_which_closes_reconnect():
    numbers = coded_closes()
    coded = re.findall(r"case close_code::(\w+):", in_function(
        "messages/error.cpp", "bool reconnects(close_code x)"))
    same((number for number, one in close_codes().items()
          if one.get("x-reconnect")), (numbers[name] for name in coded))


def test_reasons_of_closes():
    """All that is wrong with a token; elsewhere there is one for each code."""
    coded = re.findall(r'token_refusal\{\s*"([^"]+)"(, true)?', "".join(
        sources(folder) for folder in ("actors", "auth", "messages/wire")))
    same(close_codes()[4001]["x-reasons"],
         {reason for reason, renewable in coded if not renewable})
    same(close_codes()[4002]["x-reasons"], ["Token expired"] + [
        reason for reason, renewable in coded if renewable])
    written = "".join(sources(folder) for folder in ("actors", "transport"))
    for code, one in close_codes().items():
        for reason in one.get("x-reasons", []):
            assert (code in (4001, 4002)
                    or f'"{reason}"' in written), (code, reason)


def test_reasons_of_departure():
    known = asyncapi().root["components"]["schemas"]["departure"]["enum"]
    same(known, rows("messages/error.cpp", "departure_names", r'"(\w+)"'))


def labels_of(path, name):
    """The texts of a table of labels."""
    return rows(path, name, r'"(\w+)"')


def test_labels_of_metrics():
    """Every command, event and close is counted, under its own name."""
    received = labels_of("messages/counts.hpp", "received_types")
    commands = dialect_named("typed").commands.keys()
    same(received, {*commands, "unknown", "malformed"} - {"message"})
    sent = labels_of("messages/frame_kind.hpp", "frame_kind_names")
    same(set(sent) - {"unnamed"}, dialect_named("typed").events)
    closes = rows("messages/counts.hpp", "counted_closes",
                  r"close_code::(\w+)")
    same(closes, coded_closes())


def operations():
    """(method, path, operationId, tag) of all that is described."""
    for path, item in openapi().root["paths"].items():
        for method, one in item.items():
            if method != "parameters":
                yield method.upper(), path, one["operationId"], one["tags"][0]


def test_routes():
    """Their names are those of the calls in the code."""
    coded = {(method, "/" + re.sub(r"\bany\b", "*", re.sub(r'[" ]', "", path))
              .replace(",", "/"), call)
             for method, path, call in rows(
                 "transport/routes.cpp", r"std::array rules",
                 r'rule\{"(\w+)", \{(.*?)\}, api_call::(\w+)\}')}
    described = {(method, re.sub(r"\{\w+\}", "*", path),
                  re.sub(r"(?=[A-Z])", "_", name).lower())
                 for method, path, name, tag in operations()
                 if tag in ("admin", "api", "health")}
    assert len(coded) == table("transport/routes.cpp", "std::array rules"
                               ).count("rule{")
    same(described, coded)


def test_calls():
    """`detail=1` is a call of its own."""
    coded = re.findall(r"\b(\w+),", source("messages/to_admin.hpp").split(
        "enum class api_call : uint8_t {")[1].split("}")[0])
    described = [re.sub(r"(?=[A-Z])", "_", name).lower()
                 for _, _, name, tag in operations()
                 if tag in ("admin", "api", "health")]
    same([*described, "connections_detail"], coded)


def test_endpoints_of_websockets():
    described = {path.split("/")[1] for _, path, _, tag in operations()
                 if tag == "sockets"}
    same(described, re.findall(r'endpoint [!=]= "(\w+)"',
                               source("transport/upgrade.cpp")))
    same({one["address"].replace("{user}", "*") for one
          in asyncapi().root["channels"].values()},
         {re.sub(r"\{\w+\}", "*", path) for _, path, _, tag in operations()
          if tag == "sockets"})


def test_pages():
    web, client = REPOSITORY / "web", REPOSITORY / "clients" / "js"
    files = {f"/web/{one.name}" for one in web.iterdir()
             if one.suffix in (".css", ".js", ".svg")}
    files |= {f"/parlor/{one.name}" for one in client.glob("parlor/*.js")}
    files |= {f"/{one.name}" for one in (REPOSITORY / "docs").glob("*.yaml")}
    files |= {f"/web/admin/{one.name}" for one in (web / "admin").iterdir()
              if one.suffix in (".css", ".js")}
    files |= {"/", "/admin", "/admin/", "/parlor.js"}
    for file in files:
        item = path_item(file)
        assert item and item["get"]["tags"] == ["pages"], file
    for _, path, name, tag in operations():
        if tag == "pages":
            item = openapi().root["paths"][path]
            assert any(path_item(file) is item for file in files), name


def test_members_of_bodies():
    coded = rows("messages/wire/api_bodies.cpp", r"body_members \{\s*"
                 r"std::array<json::member, \d+> all", r'\{"(\w+)", \{\}\}')
    described = {name for item in openapi().root["paths"].values()
                 if "post" in item
                 for name in item["post"]["requestBody"]["content"][
                     "application/json"]["schema"]["properties"]}
    same(described, coded)


def test_statuses():
    """Of refusals, of admin's answers, of pages and upgrades."""
    refused = re.findall(
        r"\b(?:refusal|refuse|problem|bad|return)\s*[({]+\s*(\d{3})\b",
        sources("transport"))
    admins = re.findall(r"= (\d{3}),", source("actors/admin_ask.hpp"))
    pages = re.findall(r"known \? (\d{3}) : (\d{3})",
                       source("transport/pages.cpp"))
    upgrades = re.findall(r"HTTP/1.1 (\d{3}) ",
                          source("transport/ws_answer.cpp"))
    assert refused and admins and pages and upgrades
    same((status for status, _ in all_responses()),
         [*refused, *admins, *pages[0], *upgrades])


def test_defaults_of_limits():
    """Those of the commented configuration."""
    limits = asyncapi().written["x-limits"]
    section, coded = "", {}
    for line in source("deploy/parlor.ini").splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line):
            section = match[1]
        elif match := re.match(r"([\w-]+)\s*=\s*(\S+)", line):
            coded[f"{section}.{match[1]}"] = match[2].strip('"')
    for key, one in limits.items():
        assert coded.get(key) == str(one["default"]), key


def constant_of(name):
    headers = source("messages/limits.hpp") + source("messages/token.hpp")
    return int(re.search(rf"\b{name} = (\d+);", headers)[1])


def test_fixed_limits():
    ours, theirs = openapi().root["components"], asyncapi().root["components"]
    page = ours["parameters"]["limit"]["schema"]
    assert page["maximum"] == constant_of("max_page")
    assert page["default"] == constant_of("default_page")
    for name in (ours["schemas"]["Name"], theirs["schemas"]["name"]):
        assert name["maxLength"] == constant_of("max_name_bytes")
    # Its quotes count.
    assert theirs["schemas"]["id"]["maxLength"] + 2 == constant_of(
        "max_request_id_bytes")
    assert theirs["schemas"]["token"]["maxLength"] == constant_of(
        "max_token_bytes")
    greeting = theirs["messages"]["event.connected"]["payload"]["properties"]
    assert greeting["rooms"]["maxItems"] == constant_of("max_rooms_listed")


def test_the_version():
    version = re.search(r"project\(parlor VERSION (\S+)",
                        source("CMakeLists.txt"))[1]
    for document in (asyncapi(), openapi()):
        assert document.written["info"]["version"] == version
