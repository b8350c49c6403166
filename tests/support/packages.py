# SPDX-License-Identifier: MIT
"""Folders of Python files that have the same name, `support`, side by side."""

import importlib.util
import sys


def import_as(name, folder):
    """Makes a folder a package by a name that no other has."""
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py",
        submodule_search_locations=[str(folder)])
    sys.modules[name] = importlib.util.module_from_spec(spec)
