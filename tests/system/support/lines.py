# SPDX-License-Identifier: MIT
"""Values as dialect `text` shows them."""

SHORT = {"\n": r"\n", "\r": r"\r"}


def in_line(text):
    """What would end a line, or control a terminal, is escaped."""
    def is_escaped(c):
        return (c < "\t" or "\n" <= c < " " or "\x7f" <= c <= "\x9f"
                or "\u2028" <= c <= "\u202e" or "\u2066" <= c <= "\u2069")
    return "".join(SHORT.get(c, f"\\u{ord(c):04x}") if is_escaped(c) else c
                   for c in text)
