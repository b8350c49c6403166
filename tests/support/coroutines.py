# SPDX-License-Identifier: MIT
"""Tests that are coroutines, for pytest."""

import asyncio
import inspect

import pytest


def within(deadline):
    """The hook of a conftest.py: each has that many seconds."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(pyfuncitem):
        test = pyfuncitem.obj
        if not inspect.iscoroutinefunction(test):
            return None
        arguments = {name: pyfuncitem.funcargs[name]
                     for name in pyfuncitem._fixtureinfo.argnames}
        asyncio.run(asyncio.wait_for(test(**arguments), deadline))
        return True

    return pytest_pyfunc_call
