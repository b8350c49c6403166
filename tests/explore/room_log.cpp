// SPDX-License-Identifier: MIT
#include "tests/explore/room_log.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace parlor::explore {

void room_log::fail(const std::string& what) const {
  throw violation{who_.name + " was told " + what};
}

void room_log::read(std::string_view text) {
  auto x = json::parse(text);
  auto type = x.at("type").get<std::string>();
  if (type == "reply")
    read_reply(x);
  else if (type == "room_reset")
    read_reset(x);
  else if (type == "presence_state" || type == "presence_diff")
    read_presence(x);
  else if (x.contains("seq"))
    read_event(x);
}

void room_log::read_reply(const json& x) {
  auto found = who_.asked.find(x.at("id").get<size_t>());
  if (found == who_.asked.end())
    fail("what it did not ask");
  auto& asked = found->second;
  if (asked.what == verb::joins) {
    read_join(x, asked);
  } else if (asked.what == verb::leaves) {
    if (!member_)
      fail("that it left, and was not in");
    member_ = false;
    presence_.reset();
  } else if (asked.what == verb::says) {
    agree(x.at("seq"), "chat " + asked.object);
    if (asked.has("keyed"))
      all_.keyed[user_of(who_.name) + " " + asked.of("keyed")].insert(
        x.at("seq").get<uint64_t>());
  } else if (asked.what == verb::asks && asked.object == "members") {
    if (!member_ || !are_members(x.at("members")))
      fail("other members than there are");
  }
}

void room_log::read_join(const json& x, const step& asked) {
  uint64_t seq = x.at("seq");
  read_epoch(x);
  if (to_replay_ > 0)
    fail("too little of what it missed");
  auto members = x.at("members").get<std::set<std::string>>();
  if (!members.contains(user_of(who_.name)))
    fail("that it is not in");
  // One who is gone may have been in twice, with an end that it was not told.
  auto replays = x.at("recovered") || x.at("replayed") > 0;
  if (!lives_ && (replays || !is_last(seq)))
    member_ = false;
  if (member_) {
    if (replays && last_known_)
      fail("on a second join what it was told before");
    if (!is_last(seq))
      fail("a number that is not the last");
    if (!are_members(members))
      fail("other members on a second join");
  }
  if (std::exchange(member_, true) && last_known_ && members_known_)
    return;
  last_known_ = members_known_ = true;
  own_ = last_ = seq;
  members_ = std::move(members);
  to_replay_ = x.at("replayed");
  whole_replay_ = x.at("recovered");
  if (!whole_replay_ && to_replay_ > 0 && !asked.has("rewinding"))
    fail("what it did not miss");
  replay_ = whole_replay_ ? std::stoull(asked.of("since")) : 0;
  if (whole_replay_ && to_replay_ == 0)
    replayed(replay_);
}

void room_log::read_epoch(const json& x) {
  auto epoch = x.at("epoch").get<std::string>();
  if (!all_.epoch.empty() && all_.epoch != epoch)
    fail("two epochs of one room");
  all_.epoch = epoch;
}

/// Who was in one that has failed is in this one, and is told no members.
void room_log::read_reset(const json& x) {
  read_epoch(x);
  if (std::exchange(member_, true) && last_known_)
    fail("anew of a room that it is in");
  last_known_ = true;
  members_known_ = false;
  own_ = last_ = x.at("seq");
}

void room_log::read_presence(const json& x) {
  if (!member_)
    fail("the presence of others, and is not in");
  auto each = [](const json& users, auto use) {
    for (auto& connections : users)
      for (auto& one : connections)
        use(one.at("connection").get<std::string>(), one.at("data").dump());
  };
  auto set = [&](const std::string& id, const std::string& data) {
    (*presence_)[id] = data;
  };
  if (x.contains("state"))
    each(x.at("state"), (presence_.emplace(), set));
  else if (presence_) {
    each(x.at("leaves"),
         [&](const auto& id, const auto&) { presence_->erase(id); });
    each(x.at("joins"), set);
  }
}

/// A replay that is whole ends where the join begins.
void room_log::replayed(uint64_t seq) {
  if (whole_replay_ && seq != own_ && seq + 1 != own_)
    fail("not all that it missed");
}

void room_log::read_event(const json& x) {
  uint64_t seq = x.at("seq");
  auto type = x.at("type").get<std::string>();
  auto user = x.value("user_id", std::string{});
  if (!member_)
    fail("of a room that it is not in: " + x.dump());
  // Those who speak `action` are told of their own joins.
  if (type == "user_joined" && user == user_of(who_.name)
      && who_.speaks == dialect::action && (seq == last_ || !last_known_)) {
    last_known_ = members_known_ = true;
    own_ = last_ = seq;
    members_ = x.at("members").get<std::set<std::string>>();
    return;
  }
  auto is_chat = type == "chat" || type == "message";
  auto what = is_chat ? "chat " + x.at("content").dump() : type + " " + user;
  if (type != "skip")
    agree(seq, what);
  if (to_replay_ > 0) {
    if (whole_replay_ ? seq != replay_ + 1 : seq <= replay_)
      fail("what it missed with a hole: " + x.dump());
    replay_ = seq;
    if (--to_replay_ == 0)
      replayed(seq);
    return;
  }
  if (std::exchange(last_known_, true) && seq != last_ + 1)
    fail("a hole or a double: " + x.dump());
  last_ = seq;
  follow(type, user, x);
}

void room_log::follow(const std::string& type, const std::string& user,
                      const json& x) {
  if (type == "user_left" && members_.erase(user) == 0 && members_known_)
    fail("that one left who is not there");
  if (type != "user_joined")
    return;
  auto all = x.at("members").get<std::set<std::string>>();
  if (!members_.insert(user).second && members_known_)
    fail("that one came who is there");
  if (!std::exchange(members_known_, true))
    members_ = all;
  if (all != members_)
    fail("other members than there are: " + x.dump());
}

void room_log::agree(uint64_t seq, const std::string& what) {
  auto [at, is_new] = all_.what.emplace(seq, what);
  if (at->second != what)
    fail(what + " where others were told " + at->second);
}

} // namespace parlor::explore
