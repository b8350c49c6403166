# SPDX-License-Identifier: MIT
"""What is said over one WebSocket, checked against docs/asyncapi.yaml when the
test has ended."""

import functools
import json
import re
from urllib.parse import parse_qs, urlsplit

import websockets

from .description import asyncapi, later

SUBPROTOCOL = re.compile(r"parlor\.(typed|action|text)\.v1")

# Frames that are remembered, for each dialect.
KEPT = 10_000

# What administrators said to everyone: lines of dialect `text` that look like
# nothing else.
notices = set()


def dialect_of(target, offered=(), ws_dialect="typed"):
    """What a connection speaks that asks for this."""
    for name in offered:
        if known := SUBPROTOCOL.fullmatch(name.strip()):
            return known[1]
    url = urlsplit(target)
    if url.path == "/echo":
        return "echo"
    if chosen := parse_qs(url.query).get("dialect"):
        return chosen[0]
    return "action" if url.path.startswith("/chat/") else ws_dialect


def constant(schema, name):
    """The values that a member may have, where they are fixed."""
    for part in [schema, *schema.get("allOf", ())]:
        fixed = part.get("properties", {}).get(name, {})
        if "const" in fixed or "enum" in fixed:
            return [fixed["const"]] if "const" in fixed else fixed["enum"]
    return []


class Dialect:
    """The messages of a channel, by who sends them and how they are called."""

    def __init__(self, name):
        self.commands, self.events, self.replies, self.lines = {}, {}, {}, []
        self.good = set()
        written = asyncapi().written["operations"]
        for key, one in asyncapi().root["operations"].items():
            if written[key]["channel"]["$ref"] != f"#/channels/{name}":
                continue
            schemas = [message["payload"] for message in one["messages"]]
            if one["action"] == "receive":
                self._take_commands(schemas, one.get("reply", {}))
            else:
                self._take_events(schemas)

    def _take_commands(self, schemas, reply):
        answers = [one["payload"] for one in reply.get("messages", ())]
        self._take_events(answers)
        for schema in schemas:
            for type in constant(schema, "type"):
                self.commands[type] = schema
                self.replies[type] = [
                    one for one in answers if constant(one, "type") == ["reply"]]

    def _take_events(self, schemas):
        for schema in schemas:
            if schema.get("type") == "string":
                self.lines.append(schema)
            for type in constant(schema, "type"):
                known = self.events.setdefault(type, [])
                if not any(one is schema for one in known):
                    known.append(schema)


    def remember(self, text):
        """Keeps a frame that was found to be good."""
        if len(self.good) >= KEPT:
            self.good.clear()
        self.good.add(text)


dialect_named = functools.cache(Dialect)


@functools.cache
def close_codes():
    known = asyncapi().root["components"]["schemas"]["closeCode"]["oneOf"]
    return {one["const"]: one for one in known}


class Conversation:
    """One connection's."""

    def __init__(self, dialect):
        self._name = dialect
        self._dialect = dialect_named(dialect)
        self._asked = {}
        self._last = None
        self.leaving = False

    def _complain(self, what, value, *differences):
        asyncapi().complain(
            f"{what} in dialect {self._name}", value, differences)

    def sent(self, text):
        later(self._sent, text)

    def received(self, text):
        later(self._received, text)

    def closed(self, code, reason):
        """The server has sent a close frame; not the answer to one."""
        later(self._closed, code, reason)

    # -- the client

    def _sent(self, text):
        """Remembers what has an id."""
        try:
            frame = json.loads(text)
            id = json.dumps(frame["id"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return  # it has none, or is not meant to be understood
        self._asked.setdefault(id, []).append(frame)

    # -- the server

    def _received(self, text):
        if self._name == "echo":
            return  # what the client said
        if self._name == "text":
            return self._line(text)
        try:
            frame = self._last = json.loads(text)
            type = frame["type"]
        except (ValueError, TypeError, KeyError):
            return self._complain("this frame", text, "it is no JSON object "
                                  "with a type")
        schemas = self._dialect.events.get(type, [])
        if type == "reply":
            return self._fits(frame, self._replies(frame) or schemas)
        # What many are told is looked at once.
        if text not in self._dialect.good and self._fits(frame, schemas):
            self._dialect.remember(text)
        if type == "closing":
            self._announced(frame)

    def _fits(self, frame, schemas):
        results = [asyncapi().differences(one, frame) for one in schemas]
        if not results:
            self._complain("this type of frame", frame)
        elif all(results):
            self._complain("this frame", frame, *min(results, key=len))
        return not all(results)

    def _replies(self, frame):
        """The schemas of the reply to what was asked, which must be described
        too."""
        found = []
        asked = self._asked.get(json.dumps(frame.get("id")), [])
        problems = []
        for command in asked:
            type = command.get("type", command.get("action"))
            found += self._dialect.replies.get(type, [])
            problems.append(self._misfits(type, command))
        if asked and all(problems):
            self._complain("this command, which was replied to", asked[-1],
                           *problems[-1])
        return found

    def _misfits(self, type, command):
        schema = self._dialect.commands.get(type)
        return (asyncapi().differences(schema, command) if schema
                else ["it has no such type"])

    def _line(self, text):
        if any(re.search(one["pattern"], text)
               for one in self._dialect.lines if "pattern" in one):
            return
        if text not in notices:
            self._complain("this line", text)

    # -- the end

    def _announced(self, frame):
        known = close_codes().get(frame.get("code"), {})
        if not known.get("x-announced"):
            self._complain("that this close is announced", frame)
        if frame.get("reconnect") is not known.get("x-reconnect", False):
            self._complain("whether to reconnect like this", frame)

    def _closed(self, code, reason):
        known = close_codes().get(code)
        shown = f"{code} {reason!r}"
        if known is None:
            return self._complain("this close", shown)
        if reason not in known.get("x-reasons", [reason]):
            self._complain("this reason of a close", shown)
        if known.get("x-announced") and self._name not in ("text", "echo"):
            before = self._last or {}
            if (before.get("type"), before.get("code"),
                    before.get("reason")) != ("closing", code, reason):
                self._complain("this close without `closing`", shown,
                               f"after {self._last}")


class Listening(websockets.WebSocketClientProtocol):
    """Hears all that comes, whether a test reads it or not."""

    def __init__(self, conversation, *args, **options):
        self._conversation = conversation
        super().__init__(*args, **options)

    async def send(self, message):
        if isinstance(message, str):
            self._conversation.sent(message)
        await super().send(message)

    async def read_message(self):
        message = await super().read_message()
        if isinstance(message, str):
            self._conversation.received(message)
        return message

    def connection_lost(self, error):
        if self.close_rcvd is not None and self.close_rcvd_then_sent:
            self._conversation.closed(
                self.close_rcvd.code, self.close_rcvd.reason)
        super().connection_lost(error)
