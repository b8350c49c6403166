# SPDX-License-Identifier: MIT
"""Where the test program is, and how patient a test has to be."""

import os
import pathlib

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]

NODE = pathlib.Path(
    os.environ.get("PARLOR_CLUSTER_NODE",
                   REPOSITORY / "build/release/tests/cluster/cluster_node")
).absolute()

# Sanitizers and loaded machines: PARLOR_TEST_SLOWDOWN=3 stretches every limit.
SLOWDOWN = float(os.environ.get("PARLOR_TEST_SLOWDOWN", "1"))

# A sanitizer keeps for a while what is freed.
SANITIZED = bool(os.environ.get("PARLOR_TEST_SANITIZERS"))

# Seconds that one wait may take. It is never waited for where things go well.
DEADLINE = 60 * SLOWDOWN
