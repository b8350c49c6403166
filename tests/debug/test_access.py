# SPDX-License-Identifier: MIT
"""Who may look: callers of this machine, and nobody who only looks like it."""

import asyncio
import subprocess

import pytest
import websockets

from support.environment import DEADLINE
from viewing import Viewer, ask, get

PATHS = ["/debug/actors", "/debug/actors/1", "/debug/overview", "/debug/live",
         "/inspect", "/inspect/", "/web/inspect/app.js"]
TOKEN = "open-sesame, for (tests)/="


@pytest.fixture
def with_token(start_server, tmp_path):
    file = tmp_path / "token"
    # One word: what a header takes, with what a subprotocol does not.
    file.write_text(TOKEN.replace(" ", "_"))
    file.chmod(0o600)
    return start_server(f"admin.token-file={file}")


WORD = TOKEN.replace(" ", "_")


@pytest.mark.parametrize("headers", [
    {"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-Proto": "http"},
    {"X-Forwarded-Host": "localhost"}, {"x-forwarded-anything": ""},
    {"Forwarded": "for=127.0.0.1"},
    {"Host": "evil.example"}, {"Host": "127.0.0.1.evil.example"},
    {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_only_the_loopback_itself_may_look(service, headers):
    for path in PATHS:
        answer = ask(service, path, headers=headers)
        assert answer.status == 403, path
        assert b"actors" not in answer.body


@pytest.mark.parametrize("headers", [
    {"X-Forwarded-For": "127.0.0.1"}, {"Origin": "https://evil.example"},
    {"Forwarded": "for=127.0.0.1"}])
def test_even_who_has_the_token_may_look_from_here_alone(with_token, headers):
    for path in PATHS:
        headers["Authorization"] = f"Bearer {WORD}"
        assert ask(with_token, path, headers=headers).status == 403, path


def test_a_trusted_proxy_changes_nothing(start_server):
    service = start_server("server.trusted-proxies=127.0.0.1")
    assert ask(service, "/debug/actors",
               headers={"X-Forwarded-For": "127.0.0.1"}).status == 403


def test_other_addresses_of_this_machine_are_not_the_loopback(start_server):
    listed = subprocess.run(["hostname", "-I"], capture_output=True, text=True,
                            check=True).stdout.split()
    others = [one for one in listed if ":" not in one]
    if not others:
        pytest.skip("this machine has no other address")
    service = start_server("server.host=0.0.0.0", "server.insecure")
    for path in PATHS:
        answer = ask(service, path, host=others[0],
                     headers={"Host": "localhost"})
        assert answer.status == 403, path


def test_with_a_token_it_is_needed_too(with_token):
    for path in ["/debug/actors", "/debug/overview", "/debug/actors/1"]:
        assert ask(with_token, path).status == 401
        assert ask(with_token, path, headers={
            "Authorization": "Bearer wrong-wrong-wrong-wrong"}).status == 401
    shown = get(with_token, "/debug/actors", Authorization=f"Bearer {WORD}")
    assert shown["total"] > 0
    # The page holds nothing secret: it asks for the token.
    for path in ["/inspect/", "/web/inspect/app.js"]:
        assert ask(with_token, path).status == 200
    assert ask(with_token, "/inspect").status == 301


def escaped(word):
    return "".join(x if x.isalnum() or x in "-_." else f"%{ord(x):02X}"
                   for x in word)


async def test_a_viewer_bears_the_token_as_a_browser_can(with_token):
    offers = ["parlor.typed.v1", f"bearer.{escaped(WORD)}"]
    async with Viewer(with_token, subprotocols=offers) as viewer:
        assert viewer.ws.subprotocol == "parlor.typed.v1"
        await viewer.say({"picture": True})
        assert (await viewer.hear())["picture"]["threads"]


@pytest.mark.parametrize("subprotocols", [
    [], ["parlor.typed.v1"], ["parlor.typed.v1", "bearer.wrong"],
    ["parlor.typed.v1", "bearer.%zz"], ["parlor.typed.v1", "bearer."]])
async def test_a_viewer_without_the_token_is_refused(with_token, subprotocols):
    with pytest.raises(websockets.InvalidStatusCode) as refused:
        await Viewer(with_token, subprotocols=subprotocols or None).__aenter__()
    assert refused.value.status_code == 401


async def test_a_viewer_from_a_foreign_page_is_refused(service):
    with pytest.raises(websockets.InvalidStatusCode) as refused:
        await Viewer(service, origin="https://evil.example").__aenter__()
    assert refused.value.status_code == 403


def test_other_sockets_are_not_for_viewers(service):
    assert ask(service, "/debug/live").status == 426
    for path in ["/debug/actors", "/debug", "/debug/live/x", "/inspect/"]:
        answer = ask(service, path, headers={
            "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="})
        assert answer.status in (200, 404), path


async def test_viewers_are_no_clients(service):
    async with Viewer(service) as viewer:
        await viewer.say({"picture": True})
        await viewer.hear()
        assert service.admin("/admin/stats")["total_connections"] == 0
        service.http.post("/api/v1/broadcast", {"content": "hello"})
        heard = [await viewer.hear() for _ in range(2)]
        assert all(one["type"] == "update" for one in heard)
        await asyncio.wait_for(viewer.ws.ping(), DEADLINE)
