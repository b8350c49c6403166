# SPDX-License-Identifier: MIT
"""What the kernel takes of what is sent to a client that does not read."""

import pathlib

# Bytes, of one socket of the service, at most: see tcp(7).
SEND_BUFFER = int(pathlib.Path(
    "/proc/sys/net/ipv4/tcp_wmem").read_text().split()[2])


def more_than_it_takes(size):
    """So many messages of that size that most of them wait in the service."""
    return 3 * SEND_BUFFER // size
