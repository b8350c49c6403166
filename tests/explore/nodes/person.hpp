// SPDX-License-Identifier: MIT
#pragma once

#include "messages/recovery.hpp"
#include "tests/actors/cluster_fixture.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace parlor::explore {

/// Data by connection, by user.
using presences = std::map<std::string, std::map<std::string, std::string>>;

/// A client in a room, as its user sees it: what it asked for and what it was
/// told. Throws a `violation` where it is told what it must not be.
struct person {
  test::cluster_fixture::client* is = nullptr;
  std::string name;
  /// Whether its joins ask for everyone's presence.
  bool asks_presence = false;
  bool here = true;
  /// Whether the others may have taken it for gone with its node.
  bool node_was_out = false;

  // -- being in ---------------------------------------------------------------

  bool asked_in = false;
  bool joined = false;
  bool leaving = false;
  /// It was refused last since the room was full.
  bool kept_out = false;
  /// Of the last thing that it said before it asked in.
  uint64_t asked_before = 0;
  /// The epoch and the number of its join.
  parlor::epoch since;
  uint64_t since_seq = 0;
  /// Whether that number is void. The join gets another one: up to there its user
  /// may come and go by other connections.
  bool is_join_void = false;
  /// Whether it is void if nobody was told the join: then the number is of what
  /// came before.
  bool may_be_void = false;
  /// What it was told of its own user since then.
  std::string of_itself;

  // -- what was said ----------------------------------------------------------

  std::string epoch;
  uint64_t seq = 0;
  /// What it was told by number, and what was not taken back.
  std::map<uint64_t, std::string> log;
  uint64_t asked = 0;
  /// Contents by the id of the request.
  std::map<uint64_t, std::string> open;
  /// What was not confirmed, and is said again.
  std::vector<std::string> again;
  /// What was confirmed: its place and content.
  std::map<place, std::string> said;

  // -- who is in --------------------------------------------------------------

  /// Who was in when it came; none where it was told their number alone.
  std::optional<std::set<std::string>> found;
  /// Whether it has missed what it was not told of.
  bool missed = false;
  /// The number of users that it was told last, if it has not been void since.
  std::optional<size_t> users;
  /// What it was answered when it asked.
  std::optional<std::set<std::string>> asked_members;

  // -- what they say of themselves --------------------------------------------

  /// What it said last, and what is under way, by the id of the request.
  std::optional<std::string> shows;
  std::map<uint64_t, std::string> showing;
  /// Everyone's, once it was told it; none where that is a number.
  bool knows_presence = false;
  std::optional<presences> board;
  size_t showing_users = 0;

  /// Of what it was sent, how much it has heard.
  size_t read = 0;

  /// What it was sent next. What kind of thing that is, if it is counted.
  std::string hear(const std::string& text);

  /// Who is in, by what it was told; none where it cannot know.
  std::optional<std::set<std::string>> members() const;

  /// Whether it was told last that its own user is gone.
  bool is_told_gone() const;

private:
  void come_in(const nlohmann::json& x);
  std::string be_answered(const nlohmann::json& x, const std::string& text);
  std::string be_answered(uint64_t id, bool good, const nlohmann::json& x,
                          const std::string& text);
  void go_on(const nlohmann::json& x);
  void be_told(const nlohmann::json& x, const std::string& text);
  void see_state(const nlohmann::json& x);
  void see_diff(const nlohmann::json& x);
};

} // namespace parlor::explore
