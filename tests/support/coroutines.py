# SPDX-License-Identifier: MIT
"""Tests that are coroutines, for pytest."""

import asyncio
import inspect

import pytest


def patience(seconds):
    """A mark for a test that takes longer than others."""
    return pytest.mark.patience(seconds)


def within(deadline):
    """The hook of a conftest.py: each has that many seconds, or those of its
    `patience`."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(pyfuncitem):
        test = pyfuncitem.obj
        if not inspect.iscoroutinefunction(test):
            return None
        arguments = {name: pyfuncitem.funcargs[name]
                     for name in pyfuncitem._fixtureinfo.argnames}
        mark = pyfuncitem.get_closest_marker("patience")
        asyncio.run(asyncio.wait_for(
            test(**arguments), mark.args[0] if mark else deadline))
        return True

    return pytest_pyfunc_call
