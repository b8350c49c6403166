// SPDX-License-Identifier: MIT
#pragma once

#include "actors/memory_pool.hpp"
#include "messages/ids.hpp"
#include "messages/keyed_hash.hpp"
#include "messages/limits.hpp"
#include "messages/proceedings.hpp"
#include "messages/recovery.hpp"

#include <boost/container/deque.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace parlor {

/// Whose a key is: the HTTP API's are its own, whoever it speaks as. No
/// client's name has a control character.
inline user_id key_owner(const user_id& sender, bool from_api) {
  return from_api ? user_id{'\x01' + sender.str()} : sender;
}

/// Which messages of a room had a key, so that the same message sent again is
/// known: the room's last `max_keys`, for `key_ttl`, as far as the node's memory
/// for what rooms keep allows; the oldest goes first. A value without a clock:
/// the time is told, and is monotonic.
class known_keys final : memory_holder {
public:
  using clock = std::chrono::steady_clock;

  known_keys(const limits& within, std::shared_ptr<memory_pool> pool)
    : within_{within}, share_{std::move(pool), *this} {}

  /// Where this user's message of that key went; none where it is new.
  std::optional<place> find(const user_id& user, const std::string& key,
                            clock::time_point now);

  /// Remembers a message whose key was not found.
  void add(const user_id& user, const std::string& key, const place& at,
           clock::time_point now);

  /// All of them, the oldest first, for another node.
  std::vector<proceedings::keyed> all(clock::time_point now) const;

  /// Knows these of another node, and no others.
  void restore(const std::vector<proceedings::keyed>& those,
               clock::time_point now);

  /// What is numbered above is void: it was never said.
  void truncate(uint64_t seq);

  /// Forgets what is too old.
  void expire(clock::time_point now);

  /// When the youngest will be too old; none where there is none.
  std::optional<clock::time_point> end() const;

  bool empty() const noexcept { return places_.empty(); }

  size_t size() const noexcept { return places_.size(); }

  /// Memory that they take, about.
  size_t bytes() const noexcept { return share_.bytes(); }

  /// The same as the pool counts it.
  size_t charged() const noexcept { return share_.charged(); }

private:
  struct record {
    clock::time_point entered;
    /// In `places_`, whose elements stay where they are.
    const std::string* name;
  };

  bool give_way() override;
  void pop();
  static size_t weight(const std::string& name);

  const limits& within_;
  memory_share share_;
  /// By user and key.
  std::unordered_map<std::string, place, keyed_hash> places_;
  /// Oldest first.
  boost::container::deque<record> order_;
};

} // namespace parlor
