# SPDX-License-Identifier: MIT
"""The values that clients decide with."""

import math

import pytest
from parlor_client.backoff import Backoff
from parlor_client.close_codes import judge_close
from parlor_client.endpoint import endpoint_url, headers_for
from parlor_client.errors import FrameError, ParlorError
from parlor_client.keys import KeyMaker
from parlor_client.liveness import Action, Liveness
from parlor_client.members import MemberTable
from parlor_client.pacer import Pacer
from parlor_client.presence import PresenceTable
from parlor_client.events import Shown
from parlor_client.values import check_count, check_name, frame_text


def test_the_backoff_doubles_up_to_its_cap_with_full_jitter():
    most = Backoff(0.5, 20, lambda: 1)
    assert [most.next() for _ in range(8)] == [
        0.5, 1, 2, 4, 8, 16, 20, 20]
    most.reset()
    assert most.next() == 0.5
    least = Backoff(0.5, 20, lambda: 0)
    assert [least.next(), least.next()] == [0, 0]
    for _ in range(5000):
        most.next()
    assert most.next() == 20


@pytest.mark.parametrize("code", [
    1000, 1002, 1003, 1007, 1008, 1009, 4000, 4001, 4004])
def test_after_these_closes_a_client_stays_away(code):
    assert not judge_close(code, "", None, True).reconnect


@pytest.mark.parametrize("code", [
    1001, 1005, 1006, 1011, 1012, 1013, 4002, 4003, 4006, 4008, 4009, 4321])
def test_after_these_closes_a_client_reconnects(code):
    assert judge_close(code, "", None, True).reconnect


def test_an_expired_token_is_no_reason_to_reconnect_without_another():
    closing = {"code": 4002, "reconnect": True}
    assert not judge_close(4002, "", closing, False).reconnect
    assert judge_close(4002, "", closing, True).reconnect


def test_the_closing_frame_wins_over_the_close():
    verdict = judge_close(1006, "", {
        "code": 1012, "reason": "Server is closing", "reconnect": True,
        "retry_after_ms": 750}, False)
    assert (verdict.code, verdict.reason, verdict.reconnect,
            verdict.retry_after) == (1012, "Server is closing", True, 0.75)
    assert not judge_close(
        1013, "", {"code": 1013, "reconnect": False}, False).reconnect
    # Of another version, perhaps.
    odd = {"code": "x", "reason": 1, "reconnect": "no", "retry_after_ms": []}
    assert judge_close(1012, "r", odd, False) == judge_close(
        1012, "r", None, False)


def test_after_two_intervals_of_silence_one_asks_after_three_one_gives_up():
    liveness = Liveness(1, 0)
    assert liveness.check(0) == (Action.WAIT, 2)
    liveness.heard(0.5)
    assert liveness.check(2) == (Action.WAIT, 0.5)
    assert liveness.check(2.5) == (Action.PING, 1)
    assert liveness.check(3) == (Action.WAIT, 0.5)
    assert liveness.check(3.5).action is Action.DROP


def test_whatever_comes_after_the_question_is_an_answer():
    liveness = Liveness(1, 0)
    liveness.check(2)
    liveness.heard(2.5)
    assert liveness.check(3) == (Action.WAIT, 1.5)
    # A laptop that slept asks before it gives up.
    assert Liveness(1, 0).check(3600).action is Action.PING


def test_who_asks_has_to_be_answered_within_the_limit():
    liveness = Liveness(1, 0)
    liveness.pinged(0.5, 0.25)
    assert liveness.check(0.25) == (Action.WAIT, 0.5)
    liveness.pinged(0.875, 0.5)
    assert liveness.check(0.75).action is Action.DROP
    never = Liveness(math.inf, 0)
    assert never.check(1e9) == (Action.WAIT, math.inf)


def test_the_pacer_lets_half_a_second_through_then_the_rate():
    pacer = Pacer()
    pacer.begin(8, 0)
    assert [pacer.take(0) for _ in range(5)] == [0, 0, 0, 0, 0.125]
    assert pacer.take(0.125) == 0
    assert pacer.take(0.125) == 0.125
    assert pacer.take(10) == 0


def test_a_high_rate_is_no_leave_to_send_all_at_once():
    pacer = Pacer()
    pacer.begin(1000, 0)
    sent = 0
    while pacer.take(0) == 0:
        sent += 1
    assert sent == 20


@pytest.mark.parametrize("burst, before, after", [
    (None, 20, 10), (100, 20, 10), (41, 20, 10), (11, 5, 2), (5, 2, 1),
    (3, 1, 1), (2, 1, 1), (1, 1, 1)])
def test_half_of_the_burst_is_let_through_and_half_of_that_once_refused(
        burst, before, after):
    pacer = Pacer()
    pacer.begin(50, 0, burst)
    assert pacer.max_in_flight == before
    pacer.narrow()
    assert pacer.max_in_flight == after


def test_the_pacer_has_no_limit_where_the_service_has_none():
    pacer = Pacer()
    pacer.begin(0, 0)
    assert all(pacer.take(0) == 0 for _ in range(5000))
    assert pacer.max_in_flight == math.inf


def test_the_pacer_waits_as_long_as_it_is_told():
    pacer = Pacer()
    pacer.begin(0, 0)
    pacer.pause(0.5, 1)
    assert pacer.take(1.25) == 0.25
    assert pacer.take(1.5) == 0
    pacer.pause(0.5, 1.5)
    pacer.begin(0, 1.75)
    assert pacer.take(1.75) == 0
    # With the next connection it is over.
    pacer.begin(8, 1.75)
    pacer.pause(0.5, 1.75)
    pacer.begin(8, 2)
    assert [pacer.take(2) for _ in range(5)] == [0, 0, 0, 0, 0.125]


@pytest.mark.parametrize("base, user, url", [
    ("http://a:8080", "ann", "ws://a:8080/ws/ann"),
    ("https://a/?x=1#y", "ann", "wss://a/ws/ann?x=1"),
    ("https://a/p?x=%2F&y", None, "wss://a/p/ws?x=%2F&y"),
    ("wss://a", None, "wss://a/ws"),
    ("ws://[::1]:8080/", "a", "ws://[::1]:8080/ws/a"),
    ("ws://a/chat/rooms/", "b/c ?#%&+",
     "ws://a/chat/rooms/ws?user=b%2Fc%20%3F%23%25%26%2B"),
    ("ws://a?x=1", "..", "ws://a/ws?x=1&user=.."),
    ("ws://a", "é", "ws://a/ws?user=%C3%A9")])
def test_the_url_is_the_services_and_odd_names_are_in_the_query(
        base, user, url):
    assert endpoint_url(base, user) == url


@pytest.mark.parametrize("base", [
    "ftp://a", "a:80", "", "http://", "http://a:x", "http://a:99999",
    "http://ann:secret@a"])
def test_what_is_no_url_of_a_service_is_refused(base):
    with pytest.raises(ValueError):
        endpoint_url(base, "ann")


def test_a_token_travels_in_a_header():
    assert "Authorization" not in headers_for(None)
    assert headers_for("a.b")["Authorization"] == "Bearer a.b"
    for bad in ("a b", "a\r\nX: y", "é", ""):
        with pytest.raises(ValueError):
            headers_for(bad)


def test_keys_are_never_made_twice():
    makers = [KeyMaker() for _ in range(10)]
    keys = [maker.next() for maker in makers for _ in range(100)]
    assert len(set(keys)) == 1000
    assert all(len(key) < 255 for key in keys)


def test_members_are_names_or_a_number_where_there_are_too_many():
    members = MemberTable()
    assert members.replace({"members": ["ann", "bob"]})
    members.remove("bob")
    assert members.is_only("ann")
    assert members.snapshot().members == ("ann",)
    members.replace({"member_count": 101})
    members.remove("zoe")
    assert members.snapshot() == type(members.snapshot())(None, 100)
    assert members.worth_asking
    members.replace({"member_count": 100})
    assert not members.worth_asking
    members.replace({"count": 5000})
    assert not members.worth_asking
    members.doubt()
    assert members.worth_asking
    members.replace({"members": ["ann"]})
    assert not members.worth_asking
    assert not members.replace({"room": "tea"})
    with pytest.raises(FrameError):
        members.replace({"members": "ann"})


def test_presence_is_kept_by_user_and_connection():
    presence = PresenceTable()
    presence.replace({"state": {"ann": [{"connection": "1", "data": "a"}]}})
    presence.apply({"joins": {"ann": [{"connection": "2", "data": "b"}],
                              "bob": [{"connection": "3", "data": None}]},
                    "leaves": {"ann": [{"connection": "1", "data": "a"}],
                               "zoe": [{"connection": "9", "data": 0}]}})
    assert presence.snapshot() == {
        "ann": (Shown("2", "b"),), "bob": (Shown("3", None),)}
    # Too many for a list.
    presence.replace({"count": 200})
    assert presence.snapshot() == {}
    for odd in ({"joins": []}, {"joins": {"ann": 1}}, {"joins": {"a": [1]}}):
        with pytest.raises(FrameError):
            presence.apply(odd)


@pytest.mark.parametrize("name", [
    "", "a\nb", "\x85", "\ud800", "a" * 256, "é" * 128, None, 1, b"a"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ParlorError) as refused:
        check_name("room", name)
    assert refused.value.code == "bad_request"


def test_names_are_measured_in_bytes():
    check_name("room", "a" * 255)
    check_name("room", "é" * 127 + "a")


@pytest.mark.parametrize("count", [-1, 1.5, "1", True])
def test_what_counts_nothing_is_refused(count):
    with pytest.raises(ParlorError):
        check_count("limit", count)


def nested(depth):
    result = 1
    for _ in range(depth):
        result = [result]
    return result


def circle():
    result = {}
    result["self"] = result
    return result


@pytest.mark.parametrize("content", [
    float("nan"), float("inf"), "\ud800", {"\udfff": 1}, b"x", {1, 2},
    object(), circle(), nested(32), nested(100000), {(1, 2): 3}])
def test_what_is_no_json_for_the_service_is_refused(content):
    with pytest.raises(ParlorError) as refused:
        frame_text({"content": content}, 32)
    assert refused.value.code == "bad_json"


@pytest.mark.parametrize("content", [
    None, "", "\U0001f600", 2**70, -0.0, [], nested(31), ({"a": (1,)},)])
def test_what_can_just_be_sent_is(content):
    assert frame_text({"content": content}, 32)
