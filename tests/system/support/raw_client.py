# SPDX-License-Identifier: MIT
"""A socket and RFC 6455 by hand, for what no library would let one do."""

import contextlib
import json
import os
import socket
import ssl
import struct
import zlib
from dataclasses import dataclass

from .conversation import Conversation, dialect_of
from .described_http import check_head
from .description import later
from .environment import DEADLINE

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def upgrade_request(target, **changes):
    """An upgrade's text. A header changed to None is left out, a list is
    repeated."""
    headers = {"Host": "127.0.0.1", "Upgrade": "websocket",
               "Connection": "Upgrade", "Sec_WebSocket_Version": "13",
               "Sec_WebSocket_Key": KEY, **changes}
    lines = [f"GET {target} HTTP/1.1"]
    for name, value in headers.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                lines.append(f"{name.replace('_', '-')}: {one}")
    return "\r\n".join(lines) + "\r\n\r\n"


def exchange(server, data):
    """Sends bytes on a new connection; answers the status, None where the
    service only closed."""
    with RawSocket(server) as peer:
        peer.send(data if isinstance(data, bytes) else data.encode())
        return peer.read_head()


@dataclass
class Frame:
    opcode: int
    payload: bytes
    # The payload's size on the wire where that was compressed.
    packed_size: int = None

    @property
    def json(self):
        return json.loads(self.payload)

    @property
    def code(self):
        if not self.payload:
            return 1005
        return struct.unpack("!H", self.payload[:2])[0]

    @property
    def reason(self):
        return self.payload[2:].decode()


def frame_bytes(opcode, payload=b"", *, fin=True, masked=True, rsv=0):
    """A frame as a client sends it."""
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    bit = 0x80 if masked else 0
    if len(payload) < 126:
        head += bytes([bit | len(payload)])
    elif len(payload) < 65536:
        head += struct.pack("!BH", bit | 126, len(payload))
    else:
        head += struct.pack("!BQ", bit | 127, len(payload))
    if masked:
        mask = os.urandom(4)
        stream = (mask * (len(payload) // 4 + 1))[:len(payload)]
        payload = mask + (int.from_bytes(payload, "big")
                          ^ int.from_bytes(stream, "big")
                          ).to_bytes(len(payload), "big")
    return head + payload


class RawSocket:
    """A TCP connection with a buffer."""

    def __init__(self, server, receive_buffer=None, segment=None):
        """Segments as on Ethernet make the service's kernel hold less."""
        self.socket = socket.socket()
        if segment:
            self.socket.setsockopt(
                socket.IPPROTO_TCP, socket.TCP_MAXSEG, segment)
        if receive_buffer:
            self.socket.setsockopt(
                socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(DEADLINE)
        self.socket.connect(("127.0.0.1", server.port))
        if server.tls:
            # An end without close_notify is an error then.
            self.socket = server.tls.wrap_socket(
                self.socket, server_hostname="127.0.0.1",
                suppress_ragged_eofs=False)
        self._buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            pass  # what matters is what the service said before

    def _more(self):
        """False at the end of the stream."""
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            return False
        self._buffer += data
        return bool(data)

    def listen(self, seconds):
        """Keeps what comes in that time; False where the stream ended."""
        self.socket.settimeout(seconds)
        try:
            while self._more():
                pass
            return False
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(DEADLINE)

    def heard(self, data):
        """Whether what came and was not taken yet has these bytes."""
        return data in self._buffer

    def take(self, count):
        """That many bytes, or None where the stream ended before."""
        while len(self._buffer) < count:
            if not self._more():
                return None
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def read_head(self):
        """An HTTP answer's status; its headers are dropped."""
        head = self.take_head()
        return int(head.split()[1]) if head else None

    def take_head(self):
        """An HTTP answer's head, or None where the stream ended before."""
        while b"\r\n\r\n" not in self._buffer:
            if not self._more():
                return None
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        later(check_head, head)
        return head

    def rest(self):
        """Everything up to the end of the stream."""
        while self._more():
            pass
        data, self._buffer = self._buffer, b""
        return data

    def end(self):
        """Nothing more will be sent; what comes can still be read."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_WR)

    def reset(self):
        """RST instead of FIN."""
        self.socket.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def inflated(payload):
    """What a compressed message says (RFC 7692)."""
    return zlib.decompressobj(-15).decompress(payload + b"\x00\x00\xff\xff")


class RawClient(RawSocket):
    """A WebSocket client that answers no ping and no close by itself."""

    def __init__(self, server, target, receive_buffer=None, segment=None,
                 **headers):
        # First of all: what is described is read for it, and that takes a while.
        offered = headers.get("Sec_WebSocket_Protocol") or ""
        self._conversation = Conversation(dialect_of(
            target, offered.split(","), server.ws_dialect))
        super().__init__(server, receive_buffer, segment)
        headers.setdefault("Host", f"127.0.0.1:{server.port}")
        self.send(upgrade_request(target, **headers).encode())
        status = self.read_head()
        assert status == 101, status

    def send_frame(self, opcode, payload=b"", **how):
        self._conversation.leaving |= opcode == CLOSE
        if opcode == TEXT:
            self._conversation.sent(payload)
        self.send(frame_bytes(opcode, payload, **how))

    def leaves(self):
        """The close frame that comes is an answer, to bytes of the test's."""
        self._conversation.leaving = True

    def send_json(self, **fields):
        self.send_frame(TEXT, json.dumps(fields).encode())

    def send_close(self, code=1000, reason=""):
        self.send_frame(CLOSE, struct.pack("!H", code) + reason.encode())

    def answer_close(self, close):
        """Ends the connection as a good client does; answers what followed."""
        self.send_close(close.code)
        rest = self.rest()
        self.socket.close()
        return rest

    def read_frame(self):
        """The next frame, None at the stream's end."""
        frame = self._read_frame()
        if frame is not None and frame.opcode == TEXT:
            self._conversation.received(frame.payload.decode())
        elif (frame is not None and frame.opcode == CLOSE
                and not self._conversation.leaving):
            self._conversation.closed(frame.code, frame.reason)
        return frame

    def _read_frame(self):
        head = self.take(2)
        if head is None:
            return None
        assert not head[1] & 0x80, "the service masked a frame"
        assert head[0] & 0xB0 == 0x80, "a fragment, or reserved bits"
        size = head[1] & 0x7F
        if size == 126:
            size = struct.unpack("!H", self.take(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", self.take(8))[0]
        payload = self.take(size) if size else b""
        if head[0] & 0x40:
            return Frame(head[0] & 0x0F, inflated(payload), size)
        return Frame(head[0] & 0x0F, payload)

    def until(self, type, **fields):
        """The first JSON frame that fits; others are dropped."""
        while (frame := self.read_frame()) is not None:
            if frame.opcode == TEXT and {
                    "type": type, **fields}.items() <= frame.json.items():
                return frame.json
        raise AssertionError(f"the stream ended before {type} {fields}")

    def until_close(self):
        """Answers the text frames before the close frame, and that frame."""
        texts = []
        while (frame := self.read_frame()) is not None:
            if frame.opcode == CLOSE:
                return texts, frame
            if frame.opcode == TEXT:
                texts.append(frame.json)
        raise AssertionError(f"the stream ended without a close frame: {texts}")
