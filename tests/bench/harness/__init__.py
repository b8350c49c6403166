# SPDX-License-Identifier: MIT
"""What tests/bench/run is made of, with parts that other tests have too."""

import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parents[2]

sys.path += [str(TESTS / "support"), str(TESTS / "system")]
