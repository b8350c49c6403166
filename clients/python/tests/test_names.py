# SPDX-License-Identifier: MIT
"""The README has every public name, and nothing else that looks like one."""

import dataclasses
import inspect
import pathlib
import re
import typing

import parlor_client
import parlor_client.api
import pytest

README = (pathlib.Path(__file__).parents[1] / "README.md").read_text()

# Words in backticks, and the parameters of calls in them.
NAMES = {word for quoted in re.findall(r"`([^`\n]+)`", README)
         for word in re.findall(r"[A-Za-z_]+", quoted)}

MODULES = [parlor_client, parlor_client.api]
CLASSES = [getattr(module, name) for module in MODULES
           for name in module.__all__
           if inspect.isclass(getattr(module, name))]


def public_names(cls):
    """Members that are its own, and the parameters of its functions."""
    if dataclasses.is_dataclass(cls):
        yield from (x.name for x in dataclasses.fields(cls))
        return
    for name, member in vars(cls).items():
        if name.startswith("_"):
            continue
        yield name
        if inspect.isfunction(member):
            yield from parameters(member)


def parameters(function):
    return [x for x in inspect.signature(function).parameters if x != "self"]


# For the connector, not for applications.
WITHIN = {"turned", "frame", "lost", "problem", "change", "connection",
          "error", "copy", "of_frame"}


@pytest.mark.parametrize("module", MODULES, ids=lambda x: x.__name__)
def test_every_public_name_is_in_the_readme(module):
    assert [x for x in module.__all__ if x not in NAMES] == []


@pytest.mark.parametrize("cls", CLASSES, ids=lambda x: x.__name__)
def test_every_member_and_parameter_is_in_the_readme(cls):
    assert [x for x in public_names(cls)
            if x not in NAMES and x not in WITHIN] == []


def test_every_option_is_in_the_readme_with_its_default():
    for name, option in inspect.signature(
            parlor_client.connect).parameters.items():
        assert name in NAMES
    table = README.split("| Option of `connect`")[1].split("\n\n")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.M))
    for name, option in inspect.signature(
            parlor_client.connect).parameters.items():
        if name in rows and isinstance(option.default, (int, float)) \
                and name not in ("max_size", "backoff_base"):
            assert float(rows[name]) == option.default, name


def test_every_error_code_is_in_the_readme():
    sources = "".join(
        x.read_text() for x in pathlib.Path(
            parlor_client.__file__).parent.rglob("*.py"))
    codes = set(re.findall(r'ParlorError\(\s*"(\w+)"', sources))
    assert len(codes) > 10
    assert codes <= NAMES, codes - NAMES


def test_what_looks_like_a_class_of_ours_is_one():
    ours = {name for module in MODULES for name in module.__all__}
    others = {"JSON", "ValueError", "Authorization", "SSLContext", "None",
              "True", "False", "URL"}
    classes = {x for x in NAMES if re.fullmatch(r"([A-Z][a-z]+)+", x)}
    assert classes - ours - others == set()


def test_no_public_name_is_without_a_sentence():
    for cls in CLASSES:
        assert inspect.getdoc(cls)
        if dataclasses.is_dataclass(cls):
            continue
        for name, member in vars(cls).items():
            if not name.startswith("_") and (
                    callable(member) or isinstance(member, property)):
                assert inspect.getdoc(member), f"{cls.__name__}.{name}"


def test_all_that_is_public_has_types():
    for cls in CLASSES:
        for name, member in vars(cls).items():
            if inspect.isfunction(member) and not name.startswith("_"):
                hints = member.__annotations__
                assert "return" in hints, f"{cls.__name__}.{name}"
                assert set(parameters(member)) <= set(hints)
    assert typing.get_type_hints(parlor_client.Message)["seq"] is int
