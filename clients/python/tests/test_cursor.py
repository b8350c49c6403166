# SPDX-License-Identifier: MIT
"""Where a client stands in a room's order."""

from parlor_client.cursor import Cursor
from parlor_client.events import Gap, Position
from parlor_client.members import MemberTable

import pytest


def reply(**more):
    return {"type": "reply", "epoch": "e1", "seq": 5, "members": ["ann"],
            "recovered": False, "replayed": 0, **more}


def entered(*, rewind=None, **more):
    cursor = Cursor("tea", rewind=rewind)
    cursor.joined(reply(**more), 0)
    return cursor


def chat(seq):
    return {"type": "chat", "seq": seq}


def fed(cursor, *numbers):
    """What comes of these: delivered, `-` dropped, `!` behind a gap."""
    said = []
    for seq in numbers:
        taken = cursor.take(chat(seq))
        said.append(f"{'!' if taken.gap else ''}"
                    f"{'' if taken.deliver else '-'}{seq}")
    return " ".join(said)


def lost(cursor):
    cursor.outside()


def test_a_join_is_followed_by_the_next_numbers():
    cursor = entered()
    assert fed(cursor, 6, 7, 8) == "6 7 8"
    assert cursor.position == Position("e1", 8)


def test_nothing_is_delivered_twice_or_out_of_order():
    assert fed(entered(), 6, 6, 7, 6, 5, 1, 8) == "6 -6 7 -6 -5 -1 8"


def test_a_hole_is_a_gap_once():
    cursor = entered()
    taken = cursor.take(chat(9))
    assert taken.deliver and not taken.replayed
    assert taken.gap == Gap(
        "tea", "hole", Position("e1", 5), Position("e1", 8))
    assert fed(cursor, 10) == "10"


def test_outside_of_the_room_nothing_is_delivered():
    assert fed(Cursor("tea"), 1) == "-1"


def test_a_join_says_from_where_to_recover_or_how_much_to_rewind():
    cursor = Cursor("tea", rewind=20)
    assert cursor.join_frame(True) == {
        "type": "join", "room": "tea", "rewind": 20, "presence": True}
    cursor.joined(reply(), 0)
    lost(cursor)
    assert cursor.join_frame(False) == {
        "type": "join", "room": "tea", "since": {"epoch": "e1", "seq": 5}}
    earlier = Cursor("tea", since=Position("e0", 3), rewind=4)
    assert earlier.join_frame(False)["since"] == {"epoch": "e0", "seq": 3}
    assert "rewind" not in earlier.join_frame(False)


def test_a_recovery_replays_every_number_up_to_the_join():
    cursor = entered()
    fed(cursor, 6)
    lost(cursor)
    # 7 and 8 were missed, 9 is the own join.
    assert cursor.joined(
        reply(seq=9, recovered=True, replayed=2), 0) is None
    assert cursor.take(chat(7)).replayed
    assert cursor.position == Position("e1", 6)
    assert fed(cursor, 8) == "8"
    assert cursor.position == Position("e1", 9)
    assert not cursor.take(chat(10)).replayed
    assert cursor.position == Position("e1", 10)


def test_a_recovery_without_a_number_for_the_join_replays_all_of_it():
    cursor = entered()
    lost(cursor)
    cursor.joined(reply(seq=7, recovered=True, replayed=2), 0)
    assert fed(cursor, 6, 7, 8) == "6 7 8"


def test_a_recovery_of_nothing_is_one():
    cursor = entered()
    lost(cursor)
    assert cursor.joined(reply(seq=6, recovered=True), 0) is None
    assert fed(cursor, 7) == "7"


def test_a_recovery_crosses_epochs():
    cursor = entered()
    lost(cursor)
    cursor.joined(reply(epoch="e2", seq=8, recovered=True, replayed=2), 0)
    assert fed(cursor, 6, 7, 9) == "6 7 9"
    assert cursor.position == Position("e2", 9)


def test_a_recovery_that_broke_off_begins_anew_and_delivers_the_rest():
    cursor = entered()
    lost(cursor)
    cursor.joined(reply(epoch="e2", seq=9, recovered=True, replayed=3), 0)
    assert fed(cursor, 6, 7) == "6 7"
    lost(cursor)
    # 7 may be of e1 or e2: only the beginning is known for sure.
    assert cursor.join_frame(False)["since"] == {"epoch": "e1", "seq": 5}
    cursor.joined(reply(epoch="e2", seq=10, recovered=True, replayed=5), 0)
    assert fed(cursor, 6, 7, 8, 9, 10, 11) == "-6 -7 8 9 10 11"


@pytest.mark.parametrize("numbers, said", [
    ((6, 8, 9, 10), "6 !8 9 10"), ((6, 10), "6 !10")])
def test_a_recovery_that_brings_less_than_it_says_is_a_gap(numbers, said):
    cursor = entered()
    lost(cursor)
    cursor.joined(reply(seq=9, recovered=True, replayed=3), 0)
    assert fed(cursor, *numbers) == said


def test_what_was_not_recovered_is_a_gap():
    cursor = entered()
    fed(cursor, 6, 7)
    lost(cursor)
    assert cursor.joined(reply(epoch="e2", seq=1), 0) == Gap(
        "tea", "not_recovered", Position("e1", 7), Position("e2", 1))
    assert fed(cursor, 2, 3) == "2 3"


def test_the_same_place_of_the_same_epoch_is_no_gap():
    cursor = entered()
    fed(cursor, 6)
    lost(cursor)
    assert cursor.joined(reply(seq=6), 0) is None


def test_a_gap_behind_a_recovery_that_broke_off_begins_at_the_last_one():
    cursor = entered()
    lost(cursor)
    cursor.joined(reply(seq=9, recovered=True, replayed=3), 0)
    fed(cursor, 6, 7)
    lost(cursor)
    gap = cursor.joined(reply(epoch="e9", seq=2), 0)
    assert gap.start == Position("e1", 7)


def test_a_rewind_has_holes_which_are_none():
    cursor = entered(rewind=3, seq=20, replayed=3)
    assert fed(cursor, 11, 14, 19, 21, 22) == "11 14 19 21 22"
    assert entered(rewind=3, seq=20, replayed=1).take(chat(11)).replayed


def test_a_rewind_that_broke_off_goes_on_behind_what_came():
    cursor = entered(rewind=3, seq=20, replayed=3)
    lost(cursor)
    assert cursor.join_frame(False)["rewind"] == 3
    cursor.joined(reply(seq=21, replayed=3), 0)
    assert fed(cursor, 11) == "11"
    lost(cursor)
    assert cursor.join_frame(False)["since"] == {"epoch": "e1", "seq": 11}


def test_a_rewind_that_came_whole_goes_on_behind_the_join():
    cursor = entered(rewind=3, seq=20, replayed=2)
    fed(cursor, 11, 14)
    assert cursor.position == Position("e1", 20)
    less = entered(rewind=3, seq=20, replayed=3)
    assert fed(less, 11, 21) == "11 21"


def test_a_room_goes_on_under_another_epoch_without_a_gap():
    cursor = entered()
    fed(cursor, 6)
    assert cursor.reset({"epoch": "e2", "seq": 6}) is None
    assert fed(cursor, 7) == "7"
    assert cursor.position == Position("e2", 7)


def test_a_room_that_goes_on_elsewhere_has_a_gap():
    behind = entered()
    fed(behind, 6, 7)
    assert behind.reset({"epoch": "e2", "seq": 6}) == Gap(
        "tea", "room_reset", Position("e1", 7), Position("e2", 6))
    assert fed(behind, 7, 8) == "7 8"
    ahead = entered()
    assert ahead.reset({"epoch": "e2", "seq": 9}).reason == "room_reset"
    assert fed(ahead, 10) == "10"


@pytest.mark.parametrize("rewind, visits, said", [
    # Three messages, the own join 4; 5 is the own end, 6 the next join.
    (3, [(4, False, 3, (1, 2, 3)), (6, True, 1, (5,)), (8, True, 1, (7, 9)),
         (11, True, 1, (10, 12))], ["1 2 3", "5", "7 9", "10 12"]),
    (None, [(1, False, 0, ()), (3, True, 1, (2,)), (5, True, 1, (4,)),
            (7, True, 1, (6, 8))], ["", "2", "4", "6 8"]),
    (2, [(9, False, 2, (4, 7, 10)), (12, True, 1, (11,))],
     ["4 7 10", "11"])])
def test_a_room_recovers_at_each_cut(rewind, visits, said):
    cursor = Cursor("tea", rewind=rewind)
    members = MemberTable()
    heard = []
    for seq, recovered, replayed, numbers in visits:
        assert cursor.joined(reply(
            seq=seq, recovered=recovered, replayed=replayed), 0) is None
        heard.append(fed(cursor, *numbers))
        cursor.cut_off(members, "ann", 0)
    assert heard == said


def alone(then, now=100.0, **more):
    """Alone in a room; `then` happens before the cut. The gap's reason."""
    cursor, members = Cursor("tea"), MemberTable()
    members.replace({"members": ["ann"]})
    cursor.joined(reply(seq=1), 0)
    then(cursor, members)
    cursor.cut_off(members, "ann", 0)
    cursor.cut_off(members, "ann", 0.5)
    gap = cursor.joined(reply(**{"epoch": "e2", "seq": 1, **more}), now)
    return gap and gap.reason


def test_who_was_alone_in_a_silent_room_has_missed_nothing():
    def came_and_went(cursor, members):
        cursor.take({"type": "user_joined", "seq": 2})
        members.replace({"members": ["ann", "bob"]})
        cursor.take({"type": "user_left", "seq": 3})
        members.remove("bob")

    assert alone(lambda cursor, members: None) is None
    assert alone(came_and_went) is None


def test_who_was_not_alone_or_whose_room_was_not_silent_may_have():
    missed = "not_recovered"
    for type in ("chat", "skip"):
        assert alone(lambda cursor, members: cursor.take(
            {"type": type, "seq": 2})) == missed
    for frame in ({"members": ["ann", "bob"]}, {"member_count": 1}):
        assert alone(
            lambda cursor, members: members.replace(frame)) == missed

    def nothing(cursor, members):
        pass

    # Something has happened there, or one was away for long.
    assert alone(nothing, seq=2) == missed
    assert alone(nothing, now=280) == missed
    # The room let go of this connection alone.
    assert alone(lambda cursor, members: cursor.outside()) == missed
