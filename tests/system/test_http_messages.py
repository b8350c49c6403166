# SPDX-License-Identifier: MIT
"""HTTP itself, whatever is asked: methods, framing, types, limits, idling."""

import json
import re

import pytest

from support.client import Client
from support.description import openapi
from support.raw_client import RawSocket
from support.waiting import eventually, unique

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"]
PATHS = openapi().written["paths"]
EXAMPLES = {"{id}": "0000000100000001", "{file}": "chat.js"}


def target(path):
    return re.sub(r"\{\w+\}", lambda name: EXAMPLES.get(name[0], "x"),
                  path.replace("/parlor/{file}", "/parlor/client.js").replace(
                      "/web/admin/{file}", "/web/admin/app.js"))


def methods_of(path):
    return [method.upper() for method in PATHS[path] if method != "parameters"]


# Unless it is switched on, /echo is 404: see test_echo.py.
@pytest.mark.parametrize("path", [path for path in PATHS if path != "/echo"])
def test_other_methods_are_405_and_told_which_there_are(server, path):
    there = methods_of(path)
    is_socket = PATHS[path].get("get", {}).get("tags") == ["sockets"]
    allowed = {*there, *(["HEAD"] if "GET" in there and not is_socket else [])}
    for method in METHODS:
        if method not in there:
            answer = server.http.request(method, target(path))
            assert answer.status == 405 and answer.is_problem
            assert set(answer.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", [
    path for path in PATHS if "get" in PATHS[path]])
def test_head_is_get_without_the_body(server, path):
    get = server.http.get(target(path))
    head = server.http.request("HEAD", target(path))
    assert head.body == b""
    if get.status == 426:
        assert head.status == 405 and head.headers["allow"] == "GET"
        return
    assert head.status == get.status
    if "lag" not in get.body.decode():
        # A second may end between the two.
        assert head.headers.keys() == get.headers.keys()
        assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


@pytest.mark.parametrize("path", [
    "/nowhere", "/admin//", "/admin/nothing", "/api/v1/nothing",
    "/api/v2/publish", "/health", "/parlor", "/parlor/nothing.js",
    "/asyncapi.yml", "/openapi.yaml/", "/.git/config", "/admin/rooms/a/b"])
def test_what_is_not_there_is_404(server, path):
    for method in METHODS:
        answer = server.http.request(method, path)
        assert answer.status == 404 and answer.is_problem


# -- bodies

BODY = b'{"room":"r","content":1}'
CHUNKED = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
NEXT = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"


def post(*headers, body=b"", version="1.1",
         content_type="Content-Type: application/json"):
    head = [f"POST /api/v1/publish HTTP/{version}", "Host: localhost",
            content_type, *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def answers(server, data):
    """The statuses of all answers, until the service has closed."""
    with RawSocket(server) as peer:
        peer.send(data)
        peer.end()
        return [int(status) for status
                in re.findall(rb"HTTP/1\.1 (\d{3}) ", peer.rest())]


@pytest.mark.parametrize("status, request_text", [
    # The end of the body cannot be known, or not be agreed on.
    (400, post("Transfer-Encoding: gzip", body=NEXT)),
    (400, post("Transfer-Encoding: chunked, gzip", body=NEXT)),
    (400, post("Transfer-Encoding: chunked, chunked", body=CHUNKED)),
    (400, post("Transfer-Encoding: ,", body=NEXT)),
    (400, post("Transfer-Encoding: chunked", f"Content-Length: {len(BODY)}",
               body=CHUNKED)),
    (400, post("Transfer-Encoding: chunked", "Connection: keep-alive",
               body=CHUNKED, version="1.0")),
    (400, post(f"Content-Length: {len(BODY)}", "Content-Length: 3", body=BODY)),
    (400, post("Content-Length: -1", body=NEXT)),
    (400, post("Content-Length: 1e3", body=NEXT)),
    (400, post("Transfer-Encoding: chunked", body=b"x\r\n")),
    (501, post("Transfer-Encoding: gzip, chunked", body=CHUNKED)),
    (501, b"GET /parlor.js HTTP/1.1\r\nHost: localhost\r\n"
          b"Transfer-Encoding: tea, chunked\r\n\r\n" + CHUNKED)])
def test_nothing_is_heard_behind_a_body_without_a_sure_end(
        server, status, request_text):
    assert answers(server, request_text + NEXT) == [status]


@pytest.mark.parametrize("request_text", [
    post("Transfer-Encoding: chunked", body=CHUNKED),
    post("transfer-encoding:  Chunked ", body=CHUNKED),
    post(f"Content-Length: {len(BODY)}", f"Content-Length: {len(BODY)}",
         body=BODY),
    post(f"Content-Length: {len(BODY)}", "Content-Encoding: identity",
         body=BODY)])
def test_a_body_with_a_sure_end_is_taken(server, request_text):
    assert answers(server, request_text + NEXT) == [200, 200]


@pytest.mark.parametrize("headers", [
    ["Content-Type: application/json; charset=utf-16"],
    ["Content-Type: application/json; charset=latin-1"],
    ["Content-Type: application/json; charset=utf-8x"],
    ["Content-Type: application/json; charset="],
    ["Content-Type: application/json", "Content-Type: text/plain"],
    ["Content-Type: application/json", "Content-Encoding: gzip"],
    ["Content-Type: application/json", "Content-Encoding: identity, br"]])
def test_what_is_not_plain_utf_8_json_is_415(server, headers):
    [type, *more] = headers
    length = f"Content-Length: {len(BODY)}"
    assert answers(server, post(
        *more, length, body=BODY, content_type=type)) == [415]


def test_a_body_that_is_not_wanted_in_its_form_is_told_what_is(server):
    answer = server.http.post("/api/v1/publish", {}, Content_Encoding="gzip")
    assert answer.status == 415 and answer.is_problem
    assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_the_charset_may_be_told(server, charset):
    answer = server.http.request(
        "POST", "/api/v1/publish", json.dumps({"room": "r", "content": 1}),
        {"Content_Type": f"application/json; charset={charset}"})
    assert answer.status == 200


# -- limits

def test_a_header_over_its_limit_is_431(server):
    for text in (f"GET /{'x' * 17000} HTTP/1.1\r\nHost: localhost\r\n\r\n",
                 "GET / HTTP/1.1\r\nHost: localhost\r\n"
                 + "X: y\r\n" * 3000 + "\r\n"):
        assert answers(server, text.encode()) == [431]


@pytest.mark.parametrize("path", [
    f"/api/v1/{call}" for call in ("publish", "send", "broadcast",
                                   "disconnect")])
def test_the_limit_of_a_body_is_everywhere(server, path):
    answer = server.http.request("POST", path, b" " * (1024 * 1024 + 1),
                                 {"Content_Type": "application/json"})
    assert answer.status == 413 and answer.is_problem
    answer = server.http.request("POST", path, b" " * 1024 * 1024,
                                 {"Content_Type": "application/json"})
    assert answer.status == 400 and answer.is_problem


def test_a_kept_connection_is_closed_when_it_idles(start_server):
    service = start_server("limits.http-idle=300ms")
    with RawSocket(service) as peer:
        peer.send(NEXT)
        head = peer.take_head()
        assert b"Connection: keep-alive" in head
        assert peer.rest() == b'{"status":"live"}'


def test_a_connection_that_asks_nothing_is_closed(start_server):
    service = start_server("limits.handshake-timeout=300ms")
    with RawSocket(service) as peer:
        assert peer.rest() == b""


# -- pages of the detail

@pytest.mark.parametrize("query", [
    "limit=0", "limit=1001", "limit=-1", "limit=x", "limit=", "limit=1.0",
    "after=nonsense", "after=00000001", "after=%00", "after=%ff",
    "after=000000010000000g"])
def test_a_page_that_cannot_be_is_400(server, query):
    answer = server.http.get(f"/admin/connections?detail=1&{query}")
    assert answer.status == 400 and answer.is_problem


async def test_pages_go_on_where_a_connection_has_ended(start_server):
    service = start_server()
    path = "/admin/connections?detail=1&limit=1&after="
    async with Client(service, f"/ws/{unique('ann')}"), \
            Client(service, f"/ws/{unique('ann')}"):
        first = service.admin(path)["connections"][0]["id"]
        second = service.admin(path + first)["connections"][0]["id"]
        assert first < second
        assert service.admin(path + second)["connections"] == []
        assert service.admin(path + first[:-1] + "f")["connections"] in (
            [], service.admin(path + first)["connections"])
    await eventually(lambda: service.admin(path + first)["connections"], [])
