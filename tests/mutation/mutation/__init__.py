# SPDX-License-Identifier: MIT
"""Mutation testing of Parlor: see tests/mutation/run."""
