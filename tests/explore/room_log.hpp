// SPDX-License-Identifier: MIT
#pragma once

#include "tests/explore/world.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace parlor::explore {

/// What was said in one opening of a room, as its members were told.
struct room_story {
  std::string epoch;
  /// By number.
  std::map<uint64_t, std::string> what;
  /// Where a user's message of a key went.
  std::map<std::string, std::set<uint64_t>> keyed;
};

/// By the number of the room's actor.
using told = std::map<size_t, room_story>;

/// What one client hears of a room, from one lane. Throws a violation at the
/// first frame that must not be.
class room_log {
public:
  /// `enters` is for one who joins without being answered.
  room_log(const client& who, room_story& all, bool enters, bool lives)
    : who_{who},
      all_{all},
      lives_{lives},
      member_{enters},
      last_known_{!enters},
      members_known_{!enters} {}

  void read(std::string_view text);

  bool is_member() const { return member_; }

  /// Whether this is the number that it was told last.
  bool is_last(uint64_t seq) const { return !last_known_ || last_ == seq; }

  bool are_members(const std::set<std::string>& all) const {
    return !members_known_ || members_ == all;
  }

  /// Data by connection, where it was told all of that.
  const std::optional<std::map<std::string, std::string>>& presence() const {
    return presence_;
  }

private:
  using json = nlohmann::json;

  [[noreturn]] void fail(const std::string& what) const;
  void read_reply(const json& x);
  void read_join(const json& x, const step& asked);
  void read_reset(const json& x);
  void read_epoch(const json& x);
  void read_event(const json& x);
  void follow(const std::string& type, const std::string& user, const json& x);
  void read_presence(const json& x);
  void replayed(uint64_t seq);
  void agree(uint64_t seq, const std::string& what);

  const client& who_;
  room_story& all_;
  bool lives_;
  bool member_;
  /// False until the first number is heard, and the first list of members.
  bool last_known_;
  bool members_known_;
  uint64_t last_ = 0;
  std::set<std::string> members_;
  std::optional<std::map<std::string, std::string>> presence_;
  /// How many frames of the replay are still to come.
  size_t to_replay_ = 0;
  /// What came last of it.
  uint64_t replay_ = 0;
  bool whole_replay_ = false;
  /// The number of the own join.
  uint64_t own_ = 0;
};

} // namespace parlor::explore
