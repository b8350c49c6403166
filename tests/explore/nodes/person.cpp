// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/person.hpp"

#include "tests/explore/nodes/nodes_world.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace parlor::explore {

namespace {

using json = nlohmann::json;

std::optional<std::set<std::string>> names_of(const json& x) {
  if (!x.contains("members"))
    return std::nullopt;
  return x["members"].get<std::set<std::string>>();
}

size_t users_of(const json& x) {
  return x.contains("members") ? x["members"].size()
                               : x["member_count"].get<size_t>();
}

/// What fills a log is not looked at.
std::string content_of(const json& x) {
  auto& content = x["content"];
  return (content.is_array() ? content[0] : content).dump();
}

} // namespace

std::string person::hear(const std::string& text) {
  auto x = json::parse(text);
  std::string type = x["type"];
  if (type == "reply" || type == "error")
    return be_answered(x, text);
  if (type == "room_reset") {
    go_on(x);
    return type;
  }
  if (type == "presence_state") {
    see_state(x);
    return type;
  }
  if (type == "presence_diff")
    see_diff(x);
  else if (type == "members_count")
    users = x["count"].get<size_t>();
  else if (x.contains("seq"))
    be_told(x, text);
  return {};
}

void person::come_in(const json& x) {
  joined = true;
  kept_out = missed = knows_presence = is_join_void = may_be_void = false;
  of_itself.clear();
  log.clear();
  epoch = x["epoch"];
  since = to_epoch(epoch);
  since_seq = seq = x["seq"];
  found = names_of(x);
  users = users_of(x);
  shows.reset();
}

std::string person::be_answered(const json& x, const std::string& text) {
  auto good = x["type"] == "reply";
  if (!x.contains("id")) {
    // What it was in has let it go.
    if (x["code"] != "room_full" || !joined)
      throw violation{"an error for nobody: " + text};
    joined = leaving = asked_in = false;
    kept_out = true;
    return "place lost";
  }
  if (x["id"] == "join" && good) {
    come_in(x);
    return "let in";
  }
  if (x["id"] == "join") {
    kept_out = x["code"] == "room_full";
    if (!kept_out && x["code"] != "unavailable")
      throw violation{"not let in: " + text};
    asked_in = false;
    return kept_out ? "full" : "not let in";
  }
  if (x["id"] == "leave") {
    if (!good && !kept_out)
      throw violation{"may not leave: " + text};
    joined = leaving = asked_in = false;
    return "left";
  }
  if (x["id"] == "members") {
    if (good)
      asked_members = names_of(x);
    return {};
  }
  // Others are of letters.
  return x["id"].is_number()
           ? be_answered(x["id"].get<uint64_t>(), good, x, text)
           : std::string{};
}

/// A message, or what it said of itself.
std::string person::be_answered(uint64_t id, bool good, const json& x,
                                const std::string& text) {
  auto outside = !asked_in || id <= asked_before;
  if (!good && x["code"] != "unavailable"
      && !(outside && x["code"] == "not_in_room"))
    throw violation{"refused: " + text};
  if (auto mine = showing.extract(id)) {
    if (good)
      shows = mine.mapped();
    return good ? "shown" : "not shown";
  }
  auto mine = open.extract(id);
  if (mine.empty())
    throw violation{"answered twice: " + text};
  if (good)
    said[{to_epoch(x["epoch"].get<std::string>()), x["seq"]}] = mine.mapped();
  else
    again.push_back(mine.mapped());
  return good ? "confirmed" : "unavailable";
}

/// In another epoch. What was told above that number is void.
void person::go_on(const json& x) {
  uint64_t from = x["seq"];
  if (from > seq) {
    missed = true;
    if (!log.empty())
      // It begins anew behind what it knows.
      log.clear();
  }
  if (from < since_seq)
    // It cannot tell who of those whom it found is in.
    missed = is_join_void = true;
  if (from == since_seq)
    may_be_void = true;
  log.erase(log.upper_bound(from), log.end());
  epoch = x["epoch"];
  if (from != seq)
    users.reset();
  seq = from;
}

void person::be_told(const json& x, const std::string& text) {
  if (!joined)
    throw violation{name + " is not in and is told " + text};
  uint64_t at = x["seq"];
  if (at != seq + 1)
    throw violation{name + " had " + std::to_string(seq) + " and is told "
                    + text};
  seq = at;
  std::string type = x["type"];
  if (type == "chat") {
    log[at] = content_of(x);
    return;
  }
  if (!node_was_out && !is_join_void && x["user_id"] == name) {
    if (!may_be_void)
      throw violation{name + " is in and is told " + text};
    of_itself = text;
  }
  log[at] = type + " " + x["user_id"].get<std::string>();
  if (type == "user_joined")
    users = users_of(x);
  else if (users)
    --*users;
}

std::optional<std::set<std::string>> person::members() const {
  if (!found || missed)
    return std::nullopt;
  auto result = *found;
  for (auto& [at, what] : log) {
    auto space = what.find(' ');
    if (what.starts_with("user_joined"))
      result.insert(what.substr(space + 1));
    else if (what.starts_with("user_left"))
      result.erase(what.substr(space + 1));
  }
  return result;
}

bool person::is_told_gone() const {
  auto result = false;
  for (auto& [at, what] : log)
    if (what == "user_left " + name)
      result = true;
    else if (what == "user_joined " + name)
      result = false;
  return result;
}

void person::see_state(const json& x) {
  knows_presence = true;
  board.reset();
  if (x.contains("count")) {
    showing_users = x["count"];
    return;
  }
  board.emplace();
  for (auto& [user, all] : x["state"].items())
    for (auto& one : all)
      (*board)[user][one["connection"].get<std::string>()] = one["data"].dump();
}

void person::see_diff(const json& x) {
  if (x.contains("count")) {
    showing_users = x["count"];
    board.reset();
    return;
  }
  if (!board)
    return;
  for (auto& [user, all] : x["joins"].items())
    for (auto& one : all)
      (*board)[user][one["connection"].get<std::string>()] = one["data"].dump();
  for (auto& [user, all] : x["leaves"].items()) {
    auto& known = (*board)[user];
    for (auto& one : all)
      known.erase(one["connection"].get<std::string>());
    if (known.empty())
      board->erase(user);
  }
}

} // namespace parlor::explore
