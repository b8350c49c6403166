# SPDX-License-Identifier: MIT
"""What a client can be told."""

from __future__ import annotations

import random as random_module
import ssl as ssl_module
from dataclasses import dataclass
from typing import Callable, Optional

from .clock import Clock
from .token_source import GetToken
from .transport import Transport


@dataclass(frozen=True)
class Options:
    """As `connect` has them; times are seconds."""

    user: Optional[str] = None
    get_token: Optional[GetToken] = None
    ssl: Optional[ssl_module.SSLContext] = None
    max_queued: int = 1000
    max_buffered: int = 1000
    max_size: int = 16 * 1024 * 1024
    request_timeout: float = 15.0
    connect_timeout: float = 10.0
    open_timeout: Optional[float] = 30.0
    close_timeout: float = 5.0
    backoff_base: float = 0.5
    backoff_cap: float = 20.0
    # For tests.
    random: Callable[[], float] = random_module.random
    clock: Optional[Clock] = None
    transport: Optional[Transport] = None
