# SPDX-License-Identifier: MIT
"""PROTOCOL §1, §8.8: clients that show who they are, by tokens that PyJWT made."""

import asyncio
import base64
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding, NoEncryption, PrivateFormat, PublicFormat)

from support.client import Client, TextClient
from support.raw_client import (
    CLOSE, TEXT, RawSocket, frame_bytes, upgrade_request)
from support.waiting import eventually

SECRET = "a secret of the tests that is long enough"
OTHER = "another secret of the tests that is long enough"


def claims(sub="ann", lasts=600, **more):
    return {"sub": sub, "exp": int(time.time()) + lasts, **more}


def token(sub="ann", lasts=600, key=SECRET, algorithm="HS256", headers=None,
          **more):
    return jwt.encode(claims(sub, lasts, **more), key, algorithm, headers)


def by_hand(header, payload, signature=b""):
    def encoded(x):
        raw = x if isinstance(x, bytes) else json.dumps(x).encode()
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return ".".join(map(encoded, (header, payload, signature)))


def pem(public_key):
    return public_key.public_bytes(Encoding.PEM,
                                   PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def guarded(start_server, tmp_path):
    """Starts a service that wants tokens."""
    def start(*options, algorithm="HS256", key=SECRET.encode()):
        file = tmp_path / "key"
        file.write_bytes(key)
        file.chmod(0o600)
        return start_server(f"auth.algorithm={algorithm}",
                            f"auth.key-file={file}", *options)
    return start


def bearer(text):
    return {"extra_headers": {"Authorization": f"Bearer {text}"}}


def subprotocols(text):
    return {"subprotocols": ["parlor.typed.v1", f"bearer.{text}"]}


async def refused(service, text, target="/ws", way=bearer, code=4001):
    """The reason of the close that this token is answered with."""
    async with Client(service, target, greeted=False, **way(text)) as client:
        closing = await client.expect("closing")
        assert closing["code"] == code
        assert closing["reconnect"] is (code == 4002)
        await client.expect_close(code, reason=closing["reason"])
        return closing["reason"]


@pytest.mark.parametrize("way", [bearer, subprotocols])
async def test_the_token_names_the_user(guarded, way):
    service = guarded()
    async with Client(service, "/ws", **way(token())) as ann:
        assert ann.user == "ann"
        assert ann.ws.subprotocol == (
            "parlor.typed.v1" if way is subprotocols else None)
        await ann.join("tea")
        async with Client(service, "/chat/bob", **way(token("bob"))) as bob:
            assert bob.user == "bob"
            await bob.request("private", to="ann", content="hi")
            assert (await ann.until("private"))["sender"] == "bob"


async def test_a_hello_may_bring_the_token(guarded):
    service = guarded()
    async with Client(service, "/ws?room=tea", greeted=False) as ann:
        await ann.send("hello", token=token(), id=1)
        # Behind it, before anybody could have let her in.
        await ann.send("chat", room="tea", content="x", id=2)
        assert (await ann.expect("connected"))["user_id"] == "ann"
        reply = await ann.expect("reply")
        assert reply["user_id"] == "ann"
        assert 590_000 < reply["expires_in_ms"] <= 600_000
        assert (await ann.until("reply", id=2))["seq"] == 2


async def test_before_the_hello_nothing_else_is_heard_or_said(guarded):
    service = guarded()
    async with Client(service, "/ws/ann", greeted=False) as ann:
        for text in ('{"type":"ping","id":7}', "{", '{"type":"hello","id":7}',
                     '{"type":"join","room":"tea","id":7}'):
            await ann.send_raw(text)
            error = await ann.expect("error")
            assert error["code"] == "unauthorized"
        answer = service.http.post("/api/v1/broadcast", {"content": "all"})
        assert answer.status == 200
        assert service.total() == 0
        await ann.send("hello", token=token())
        await ann.expect("connected")


async def test_a_wrong_hello_closes(guarded):
    service = guarded()
    async with Client(service, "/ws/ann", greeted=False) as ann:
        await ann.send("hello", token=token("bob"))
        assert (await ann.expect("closing"))["code"] == 4001
        await ann.expect_close(4001, reason="token is another user's")


async def test_who_says_no_hello_is_closed(guarded):
    service = guarded("auth.hello-timeout=5s")
    async with Client(service, "/ws", greeted=False) as ann:
        await ann.send("ping")
        await ann.expect("error")
        closing = await ann.expect("closing")
        assert closing["code"] == 4009 and closing["reconnect"] is True
        await ann.expect_close(4009, reason="No hello in time")


async def test_hello_in_the_dialect_text(guarded):
    service = guarded()
    async with TextClient(service, "/ws?dialect=text") as ann:
        await ann.send_raw("hi all")
        await ann.expect("error: Say hello with a token first")
        await ann.send_raw(json.dumps({"type": "hello", "token": token()}))
        await ann.send_raw("hi all")
        await ann.expect("ann: hi all")


@pytest.mark.parametrize("wrong, reason", [
    (token(algorithm="HS512"), "token is not ours"),
    (jwt.encode(claims(), None, "none"), "token is not ours"),
    (by_hand({"alg": "none"}, claims()), "token is not ours"),
    (by_hand({"alg": "None"}, claims()), "token is not ours"),
    (by_hand({"typ": "JWT"}, claims()), "token is not ours"),
    (token() + ".x", "token is not ours"),
    (token(headers={"crit": ["exp"]}), "token is not ours"),
    ("x", "token is not ours"),
    (".", "token is not ours"),
    ("..", "token is not ours"),
    (jwt.encode({"exp": int(time.time()) + 600}, SECRET), "token names no user"),
    (token(sub=""), "token names no user"),
    (token(sub="a\nb"), "token names no user"),
    (token(sub="a" * 256), "token names no user"),
    (jwt.encode({"sub": "ann", "exp": "soon"}, SECRET), "token has a wrong exp"),
    (token(rooms="tea"), "token has wrong rooms"),
    (token(rooms=[1]), "token has wrong rooms"),
    (token(publish="no"), "token has a wrong publish"),
    *[(token(**{claim: None}), f"token has {article}wrong {claim}")
      for claim, article in (("exp", "a "), ("nbf", "a "), ("rooms", ""),
                             ("publish", "a "), ("iss", "a "), ("aud", "a "))],
    (token(pad="x" * 8192), "token is too long"),
])
async def test_wrong_tokens_close_with_4001(guarded, wrong, reason):
    service = guarded()
    assert await refused(service, wrong) == reason


@pytest.mark.parametrize("old, reason", [
    (token(key=OTHER), "token is not ours"),
    (token(lasts=-1), "token has expired"),
    (token(nbf=int(time.time()) + 3600), "token is not valid yet"),
])
async def test_what_another_token_cures_closes_with_4002(guarded, old, reason):
    service = guarded()
    assert await refused(service, old, code=4002) == reason
    async with Client(service, "/ws/ann", greeted=False) as ann:
        await ann.send("hello", token=old)
        closing = await ann.expect("closing")
        assert closing["code"] == 4002 and closing["reconnect"] is True


@pytest.mark.parametrize("kind", ["at+jwt", "JOSE", "JWS", "application/jwt"])
async def test_the_type_of_a_token_is_ignored(guarded, kind):
    service = guarded()
    text = token(headers={"typ": kind})
    async with Client(service, "/ws", **bearer(text)) as ann:
        assert ann.user == "ann"


async def test_tokens_name_the_issuer_and_audience_that_are_configured(guarded):
    service = guarded("auth.issuer=us", "auth.audience=chat")
    async with Client(service, "/ws", **bearer(
            token(iss="us", aud=["mail", "chat"]))) as ann:
        assert ann.user == "ann"
    assert await refused(service, token(iss="us", aud="mail")) == (
        "token is for another audience")
    assert await refused(service, token(aud="chat")) == (
        "token is of another issuer")


async def test_no_token_gets_into_the_log(guarded):
    service = guarded("log.level=debug")
    wrong, good = token(key=OTHER), token()
    await refused(service, wrong, code=4002)
    async with Client(service, "/ws", **bearer(good)) as ann:
        await ann.ok("refresh", token=good)
    service.stop()
    assert service.log.find(event="client connected")
    assert wrong not in service.log.whole and good not in service.log.whole


async def test_a_token_of_another_user_than_the_path(guarded):
    service = guarded()
    for target in ("/ws/bob", "/chat/bob"):
        for way in (bearer, subprotocols):
            assert await refused(service, token(), target, way) == (
                "token is another user's")


def test_a_header_that_is_too_large_is_refused_before_the_upgrade(guarded):
    service = guarded()
    with RawSocket(service) as peer:
        peer.send(upgrade_request(
            "/ws", Authorization=f"Bearer {'x' * 17000}").encode())
        assert peer.take_head().startswith(b"HTTP/1.1 431 ")


async def test_a_token_in_the_query_is_none(guarded):
    service = guarded()
    async with Client(service, f"/ws?token={token()}", greeted=False) as ann:
        await ann.send("ping")
        assert (await ann.expect("error"))["code"] == "unauthorized"


@pytest.fixture(scope="module")
def rsa_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def ec_key():
    return ec.generate_private_key(ec.SECP256R1())


async def test_rs256(guarded, rsa_key, ec_key):
    public = pem(rsa_key.public_key())
    service = guarded(algorithm="RS256", key=public)
    good = token(key=rsa_key, algorithm="RS256")
    async with Client(service, "/ws", **bearer(good)) as ann:
        assert ann.user == "ann"
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    # The public key as a secret: PyJWT refuses to make that, so by hand.
    confused = jwt.api_jws.PyJWS()
    confused._algorithms["HS256"].prepare_key = lambda key: key
    public_as_secret = confused.encode(json.dumps(claims()).encode(), public,
                                       "HS256")
    for wrong in (token(), token(key=rsa_key, algorithm="RS512"),
                  token(key=ec_key, algorithm="ES256"), public_as_secret):
        assert await refused(service, wrong) == "token is not ours"
    assert await refused(service, token(key=stranger, algorithm="RS256"),
                         code=4002) == "token is not ours"


async def test_es256(guarded, rsa_key, ec_key):
    service = guarded(algorithm="ES256", key=pem(ec_key.public_key()))
    good = token(key=ec_key, algorithm="ES256")
    async with Client(service, "/ws", **bearer(good)) as ann:
        assert ann.user == "ann"
    stranger = ec.generate_private_key(ec.SECP256R1())
    for wrong in (token(), token(key=rsa_key, algorithm="RS256")):
        assert await refused(service, wrong) == "token is not ours"
    assert await refused(service, token(key=stranger, algorithm="ES256"),
                         code=4002) == "token is not ours"


async def test_a_token_is_renewed_in_place(guarded):
    service = guarded()
    async with Client(service, "/ws", **bearer(token(lasts=10))) as ann:
        expiring = await ann.until("token_expiring")
        assert 0 < expiring["in_ms"] <= 10_000
        for wrong, code in ((token("bob"), "unauthorized"),
                            (token(key=OTHER), "unauthorized"),
                            (token(lasts=-1), "unauthorized")):
            error = await ann.request("refresh", token=wrong)
            assert error["code"] == code
        reply = await ann.request("refresh", token=token(lasts=600))
        assert reply["user_id"] == "ann" and reply["expires_in_ms"] > 500_000
        await asyncio.sleep(10)
        assert (await ann.request("ping"))["type"] == "pong"


async def test_a_token_that_expires_closes(guarded):
    service = guarded()
    async with Client(service, "/ws", **bearer(token(lasts=8))) as ann:
        await ann.join("tea")
        await ann.until("token_expiring")
        closing = await ann.until("closing")
        assert closing["code"] == 4002 and closing["reconnect"] is True
        await ann.expect_close(4002, reason="Token expired")
    await eventually(service.total, 0)


async def test_claims_name_the_rooms(guarded):
    service = guarded()
    mine = token(rooms=["tea", "ann-*"])
    async with Client(service, "/ws?room=coffee&room=tea",
                      **bearer(mine)) as ann:
        error = await ann.expect("error")
        assert error["code"] == "forbidden" and "coffee" in error["message"]
        # Held until the join of the URL is through.
        await ann.ok("members", room="tea")
        assert (await ann.request("rooms"))["rooms"] == ["tea"]
        await ann.join("ann-1")
        for room in ("coffee", "ann", "tea2", "Tea"):
            error = await ann.request("join", room=room)
            assert (error["type"], error["code"]) == ("error", "forbidden")
        narrower = await ann.request("refresh", token=token(rooms=["tea"]))
        assert narrower["code"] == "forbidden" and "ann-1" in narrower["message"]
        wider = await ann.request("refresh", token=token())
        assert wider["ok"]
        await ann.join("coffee")


async def test_claims_may_forbid_to_speak(guarded):
    service = guarded()
    async with Client(service, "/ws", **bearer(token(publish=False))) as ann, \
            Client(service, "/ws", **bearer(token("bob"))) as bob:
        await ann.join("tea")
        await bob.join("tea")
        for frame in ({"type": "chat", "room": "tea", "content": 1},
                      {"type": "signal", "room": "tea", "name": "n", "data": 1},
                      {"type": "presence", "room": "tea", "data": 1},
                      {"type": "private", "to": "bob", "content": 1}):
            error = await ann.request(**frame)
            assert (error["type"], error["code"]) == ("error", "forbidden")
        await bob.request("chat", room="tea", content="hi")
        assert (await ann.until("chat"))["content"] == "hi"


async def test_without_authentication_tokens_mean_nothing(server):
    async with Client(server, "/ws/tokenless", **bearer("x")) as ann:
        assert ann.user == "tokenless"
        for frame in ("hello", "refresh"):
            error = await ann.request(frame, token="x")
            assert error["code"] == "bad_request"


async def test_strangers_do_not_delay_a_stop(guarded):
    service = guarded("auth.hello-timeout=60s")
    async with Client(service, "/ws", greeted=False) as ann:
        await ann.send("ping")
        await ann.expect("error")
        service.terminate()
        closing = await ann.expect("closing")
        assert closing["code"] == 1012 and closing["retry_after_ms"] > 0
        await ann.expect_close(1012)
    assert service.wait() == 0


async def test_dialect_text_gives_no_more_than_the_token(guarded):
    service = guarded()
    mine = token(rooms=["tea"])
    async with TextClient(service, "/ws?dialect=text&room=tea",
                          **bearer(mine)) as ann:
        await ann.expect("error: Room not allowed: lobby")
        await ann.send_raw("hello?")
        await ann.expect("error: Not in room: lobby")
        await eventually(lambda: service.admin()["rooms"], ["tea"])
        await ann.send_raw(json.dumps(
            {"type": "refresh", "token": token(rooms=["tea", "milk"])}))
        await ann.send_raw(json.dumps(
            {"type": "chat", "room": "tea", "content": "hi"}))
        await ann.expect("ann: hi")


async def test_who_is_not_known_yet_has_a_place(guarded):
    service = guarded("limits.max-connections=3")
    async with Client(service, "/ws", greeted=False), \
            Client(service, "/ws", greeted=False) as second, \
            Client(service, "/ws", **bearer(token())):
        async with Client(service, "/ws", greeted=False) as more:
            assert (await more.expect("closing"))["code"] == 4003
        async with Client(service, "/ws", greeted=False,
                          **bearer(token("bob"))) as more:
            assert (await more.expect("closing"))["code"] == 4003
        await second.send("hello", token=token("bob"))
        await second.expect("connected")


async def test_nobody_is_the_service_by_a_token(guarded):
    service = guarded()
    assert "reserved" in await refused(service, token("server"))


async def test_what_came_behind_a_hello_is_served(guarded):
    service = guarded()
    async with Client(service, "/ws", **bearer(token("bob"))) as bob:
        for i in range(20):
            with RawSocket(service) as peer:
                peer.send(upgrade_request("/ws").encode() + b"".join(
                    frame_bytes(TEXT, json.dumps(one).encode()) for one in (
                        {"type": "hello", "token": token()},
                        {"type": "private", "to": "bob", "content": i}))
                    + frame_bytes(CLOSE, b"\x03\xe8"))
                assert (await bob.until("private"))["content"] == i
