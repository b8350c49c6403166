# SPDX-License-Identifier: MIT
"""Where to connect."""

from __future__ import annotations

import re
from typing import Dict, Optional
from urllib.parse import quote, urlsplit, urlunsplit

#: The dialect that this client speaks.
SUBPROTOCOL = "parlor.typed.v1"

#: What administrators see of a connection.
USER_AGENT = "parlor-client (Python)"

# Names that are the same on any way, however a proxy writes its paths.
_PLAIN = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9_.~-]+")
_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
_WORD = re.compile(r"[!-~]+")


def endpoint_url(base: str, user: Optional[str]) -> str:
    """`base` is the service's URL, whose path and query are kept. Proxies decode
    paths and leave queries alone: a name that would not survive that is in the
    query. Raises ValueError for what is no such URL."""
    url = urlsplit(base)
    scheme = _SCHEMES.get(url.scheme)
    if scheme is None or not url.hostname:
        raise ValueError(f"not an http or ws URL: {base!r}")
    if url.username is not None or url.password is not None:
        raise ValueError("a URL with a password: use get_token")
    url.port  # raises ValueError where it is none
    path = url.path.rstrip("/")
    query = url.query
    if user is None:
        path += "/ws"
    elif _PLAIN.fullmatch(user):
        path += f"/ws/{user}"
    else:
        path += "/ws"
        query = (query + "&" if query else "") + "user=" + quote(user, safe="")
    return urlunsplit((scheme, url.netloc, path, query, ""))


def headers_for(token: Optional[str]) -> Dict[str, str]:
    """What an upgrade has besides its own. Raises ValueError for a token that no
    header can hold."""
    headers = {"User-Agent": USER_AGENT}
    if token is None:
        return headers
    if not _WORD.fullmatch(token):
        raise ValueError("a token has characters that no header can have")
    return {**headers, "Authorization": f"Bearer {token}"}
