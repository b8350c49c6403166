# SPDX-License-Identifier: MIT
"""What all clients together have seen of all rooms, checked while it grows."""


class Record:
    """(room, epoch, seq) -> what happened there, the same for everyone."""

    def __init__(self):
        self.events = {}
        self._places = {}

    def add(self, room, epoch, seq, event):
        place = (room, epoch, seq)
        known = self.events.setdefault(place, event)
        assert known == event, f"two things at {place}: {known} and {event}"
        if event[0] == "chat":
            first = self._places.setdefault(event, place)
            assert first == place, f"{event} both at {first} and {place}"


class RoomView:
    """One connection's stay in a room: numbers without hole or double."""

    def __init__(self, record, user, reply):
        self._record = record
        self._user = user
        self.room, self.epoch = reply["room"], reply["epoch"]
        self.seq = reply["seq"]
        self.members = set(reply["members"])
        self._told_of_itself = False

    def joined_again(self, reply):
        assert (reply["epoch"], reply["seq"]) == (self.epoch, self.seq)
        assert set(reply["members"]) == self.members

    def see(self, frame):
        """A sequenced frame, or the skip in its place."""
        if self._is_own_join(frame):
            return
        seq = frame["seq"]
        assert seq == self.seq + 1, f"{frame} after {self.seq}"
        self.seq = seq
        event = self._event(frame)
        if event:
            self._record.add(self.room, self.epoch, seq, event)

    def _is_own_join(self, frame):
        """In `action` the joiner is told too, with the number of its join."""
        own = (frame["type"] == "user_joined" and not self._told_of_itself
               and frame["user_id"] == self._user
               and frame["seq"] == self.seq)
        self._told_of_itself |= own
        return own

    def _event(self, frame):
        match frame["type"]:
            case "chat":
                return "chat", frame["sender"], frame["content"]
            case "message":
                return "chat", frame["user_id"], frame["content"]
            case "user_joined":
                user = frame["user_id"]
                assert user not in self.members, f"{user} joined twice"
                self.members.add(user)
                return "joined", user
            case "user_left":
                user = frame["user_id"]
                assert user in self.members, f"{user} left twice"
                self.members.remove(user)
                return "left", user, frame["reason"]
            case "skip":
                return None
        raise AssertionError(f"no sequenced frame: {frame}")
