# SPDX-License-Identifier: MIT
"""The HTTP API, asked by `parlor_client.api`."""

import asyncio

import pytest
from fakes.fixture import error_of
from fakes.visitor import online, url_of
from parlor_client import Message, StateChanged
from parlor_client.api import Api


@pytest.fixture
def api(service):
    return Api(url_of(service), ssl=service.tls)


async def test_what_is_published_comes_to_members_once(service, api):
    async with online(service, "ann", "tea") as ann:
        place = await api.publish("tea", {"built": True}, sender="ci", key="k")
        assert await api.publish(
            "tea", "another", sender="ci", key="k") == place
        message = await ann.records["tea"].heard(Message)
        assert (message.sender, message.content, message.origin,
                message.seq) == ("ci", {"built": True}, "api", place.seq)
        await api.publish("tea", None, exclude="ann")
        last = await api.publish("tea", None)
        message = await ann.records["tea"].heard(
            Message, lambda x: x.seq == last.seq)
        assert (message.sender, message.content) == ("server", None)
        assert len(ann.records["tea"].of(Message)) == 2


async def test_what_the_service_refuses_is_raised(api):
    for asked, code, status in (
            (api.publish("tea", "x", sender="\n"), "bad_request", 400),
            (api.publish("", "x"), "bad_request", None),
            (api.publish("tea", float("nan")), "bad_json", None),
            (api.publish("tea", "x" * 2**20), "too_large", None),
            (api.disconnect("nobody"), "not_found", 404),
            (api.disconnect_connection("0123"), "not_found", 404),
            (api.room("attic"), "not_found", 404),
            (api.user("nobody"), "not_found", 404)):
        error = await error_of(asked)
        assert error.status == status, error
        assert error.code == code, error


async def test_rooms_users_and_connections_are_listed_page_by_page(
        service, api):
    async with online(service, "ann", "tea", "a/b ?#%") as ann, \
            online(service, "bob", "tea"), online(service, "cid"):
        overview = await api.overview()
        assert (overview.total, overview.unique_users) == (3, 3)
        assert overview.users_per_room["tea"] == ("ann", "bob")
        assert overview.connections_per_room == {"tea": 2, "a/b ?#%": 1}
        assert [x.status for x in overview.nodes] == ["up"]
        stats = await api.stats()
        assert (stats.total_connections, stats.rooms) == (3, 2)
        for page in (1, 2, 3, 100):
            assert [x.room async for x in api.rooms(page=page)] == [
                "a/b ?#%", "tea"]
            assert [(x.user, x.connections)
                    async for x in api.users(page=page)] == [
                ("ann", 1), ("bob", 1), ("cid", 1)]
            connections = [x async for x in api.connections(page=page)]
            assert {x.user for x in connections} == {"ann", "bob", "cid"}
        mine, = await api.user("ann")
        assert mine.id == ann.client.connection.id
        assert (mine.client, mine.ip) == (
            "parlor-client (Python)", "127.0.0.1")
        room = await api.room("a/b ?#%")
        assert (room.users, room.connections, room.seq) == (("ann",), 1, 1)


async def test_who_is_disconnected_is_told(service, api):
    async with online(service, "ann") as ann, online(service, "bob") as bob:
        assert await api.disconnect("ann") == 1
        await api.disconnect_connection(bob.client.connection.id)
        for visitor in (ann, bob):
            change = await visitor.record.heard(
                StateChanged, lambda x: x.state == "closed")
            assert change.code == 4004


async def test_health_and_metrics_are_told(service, api):
    assert await api.is_live()
    readiness = await api.readiness()
    assert readiness.ready and readiness.loop_lag_ms >= 0
    assert "parlor_" in await api.metrics()
    assert await api.broadcast("soon") == ()
    await asyncio.to_thread(service.kill)
    assert (await error_of(api.is_live())).code == "unreachable"


async def test_where_a_token_is_wanted_it_is_shown(start_service, tmp_path):
    file = tmp_path / "token"
    file.touch(0o600)
    file.write_text("a-token-of-administrators")
    service = start_service(f"admin.token-file={file}")
    url = url_of(service)
    assert (await error_of(
        Api(url, ssl=service.tls).stats())).code == "unauthorized"
    assert (await error_of(Api(
        url, ssl=service.tls, token="another-token-of-others").stats()
    )).status == 401
    api = Api(url, ssl=service.tls, token="a-token-of-administrators")
    assert (await api.stats()).total_connections == 0


async def test_many_calls_at_once_do_not_wait_for_each_other(service, api):
    places = await asyncio.gather(
        *(api.publish("tea", i) for i in range(50)))
    assert len({x.seq for x in places}) == 50


@pytest.mark.parametrize("url, options", [
    ("ftp://a", {}), ("ws://a", {}), ("http://", {}), ("http://u:p@a", {}),
    ("http://a?x", {}), ("http://a", {"token": "a b"}),
    ("http://a", {"token": "a\r\nX: y"}), ("http://a", {"token": "é"})])
def test_what_can_be_of_no_use_is_said_at_once(url, options):
    with pytest.raises(ValueError):
        Api(url, **options)
