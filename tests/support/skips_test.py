#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is skipped is seen: unlisted_skips fails a run, and nothing else skips."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from unlisted_skips import TESTS, is_listed, listed

SKIPPING = """
import pytest

@pytest.fixture
def machine():
    pytest.skip("this machine has none")

def test_a(machine):
    pass

@pytest.mark.skipif(True, reason="it is Monday")
def test_b():
    pass

def test_c():
    pytest.skip("later")

@pytest.mark.xfail
def test_d():
    assert False
"""


def outcome(source, **environment):
    """The last line of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "test_it.py").write_text(source)
        done = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", "-q", "-p",
             "no:cacheprovider", "-p", "unlisted_skips", folder],
            env={**os.environ, "PYTHONPATH": str(TESTS / "support"),
                 "CI": "", **environment},
            text=True, capture_output=True, check=False)
        return done.returncode, done.stdout


class Skips(unittest.TestCase):
    def test_they_are_allowed_by_hand(self):
        code, said = outcome(SKIPPING)
        self.assertEqual(code, 0)
        self.assertIn("3 skipped, 1 xfailed", said)

    def test_they_fail_in_continuous_integration(self):
        code, said = outcome(SKIPPING, CI="true")
        self.assertEqual(code, 1)
        self.assertIn("1 failed, 1 xfailed, 2 errors", said)
        for reason in ("this machine has none", "it is Monday", "later"):
            self.assertIn(f"skipped ({reason}), and not in tests/skips.txt",
                          said)

    def test_a_whole_file_fails_too(self):
        code, said = outcome("import pytest\npytest.importorskip('nowhere')\n",
                             CI="true")
        self.assertNotEqual(code, 0)
        self.assertIn("and not in tests/skips.txt", said)

    def test_what_is_listed_needs_a_reason(self):
        text = "a/b.py: none is there\n    Since.\n# and\nc.py: no\n    Why.\n"
        allowed = listed(text)
        self.assertTrue(is_listed("a/b.py", "none is there: ENOENT", allowed))
        self.assertFalse(is_listed("a/b.py", "no", allowed))
        self.assertFalse(is_listed("c.py", "later", allowed))
        for without in ("a.py: no\n", "a.py: no\nb.py: no\n    Why.\n"):
            with self.assertRaises(ValueError):
                listed(without)

    def test_the_list_is_well_formed_and_of_files_that_there_are(self):
        for file, _ in listed((TESTS / "skips.txt").read_text()):
            self.assertTrue((TESTS / file).is_file(), file)

    def test_what_ctest_would_leave_out_is_not_used(self):
        for file in TESTS.rglob("CMakeLists.txt"):
            text = re.sub(r"#.*", "", file.read_text())
            self.assertIsNone(
                re.search(r"\bSKIP_|\bDISABLED\b", text), file)

    def test_what_catch2_would_leave_out_is_not_used(self):
        hidden = re.compile(
            r'TEST_CASE[^{;]*"[^"]*\[(\.|!mayfail|!shouldfail|!hide)', re.S)
        for file in TESTS.rglob("test_*.cpp"):
            self.assertIsNone(hidden.search(file.read_text()), file)


if __name__ == "__main__":
    unittest.main()
