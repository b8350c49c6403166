# SPDX-License-Identifier: MIT
"""Shares what the system tests have for reading the descriptions."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "system"))
