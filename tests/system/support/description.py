# SPDX-License-Identifier: MIT
"""docs/asyncapi.yaml and docs/openapi.yaml, ready to check against."""

import functools
import json

import jsonschema
import yaml

from .environment import REPOSITORY

FORMATS = jsonschema.FormatChecker(["ipv4", "ipv6"])
SHOWN = 300

# What is to be checked when the test has ended: a client that checks while it
# listens is a slow one.
_checks = []
_complaints = []


def later(check, *arguments):
    _checks.append((check, arguments))


def take_complaints():
    """What differs from the descriptions in all that was heard up to now."""
    for check, arguments in _checks:
        check(*arguments)
    found = "\n".join(_complaints)
    _checks.clear()
    _complaints.clear()
    return found


class Document:
    """A description whose references are followed."""

    def __init__(self, name, validator):
        self.name = name
        text = (REPOSITORY / "docs" / name).read_text()
        self.written = yaml.load(text, yaml.CSafeLoader)
        self._validator = validator
        self._targets = {}
        self._validators = {}
        self.root = self._resolved(self.written)

    def written_at(self, reference):
        """What `#/a/b` points to, as it is written."""
        node = self.written
        for part in reference.removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        return node

    def _resolved(self, node):
        if isinstance(node, list):
            return [self._resolved(one) for one in node]
        if not isinstance(node, dict):
            return node
        beside = {key: self._resolved(value)
                  for key, value in node.items() if key != "$ref"}
        if "$ref" not in node:
            return beside
        target = self._target(node["$ref"])
        return {"allOf": [target], **beside} if beside else target

    def _target(self, reference):
        """Each only once: who is the same in the text is the same object."""
        if reference not in self._targets:
            self._targets[reference] = self._resolved(
                self.written_at(reference))
        return self._targets[reference]

    def differences(self, schema, value):
        """Sentences; none where the value fits."""
        found = []
        for error in self._validator_of(schema).iter_errors(value):
            place = "".join(f"[{part!r}]" for part in error.absolute_path)
            found.append(f"at ${place}: {shortened(error.message)}")
        return found

    def _validator_of(self, schema):
        """Made once: that takes longer than to check a frame."""
        if id(schema) not in self._validators:
            # The schema is kept with it, so that its id stays its own.
            self._validators[id(schema)] = self._validator(
                schema, format_checker=FORMATS)
        return self._validators[id(schema)]

    def complain(self, what, value, differences):
        _complaints.append("\n    ".join([
            f"docs/{self.name} does not describe {what}:",
            shortened(value if isinstance(value, str) else json.dumps(value)),
            *differences]))


def shortened(text):
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(text)})"


@functools.cache
def asyncapi():
    return Document("asyncapi.yaml", jsonschema.Draft7Validator)


@functools.cache
def openapi():
    return Document("openapi.yaml", jsonschema.Draft202012Validator)
