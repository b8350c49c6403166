// SPDX-License-Identifier: MIT
#pragma once

#include "messages/error.hpp"
#include "messages/ids.hpp"

#include <boost/container/deque.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parlor {

/// Users who vanished with their last connection, and who are taken to be there
/// for a while: that connection stands for them. A value without a clock: the
/// time is told, and is monotonic; each is given the same while.
class absentees {
public:
  using clock = std::chrono::steady_clock;

  struct absentee {
    user_id user;
    /// The one that vanished.
    connection_id connection;
    departure why = departure::closed;
  };

  /// `all` counts the absent of several rooms together; not thread-safe.
  explicit absentees(std::shared_ptr<size_t> all) : all_{std::move(all)} {}

  ~absentees() { clear(); }

  absentees(const absentees&) = delete;
  absentees& operator=(const absentees&) = delete;

  /// A user who is not absent yet vanishes.
  void add(absentee who, clock::time_point until);

  /// Whether this user is taken to be there.
  bool has(const user_id& user) const { return users_.contains(user); }

  /// The connection that stands for this user; none where it is not absent.
  connection_id stand_in_of(const user_id& user) const;

  /// Nobody is taken to be there any more.
  void clear() noexcept;

  /// The user is back; the connection that stood for it, if it was absent.
  std::optional<connection_id> welcome_back(const user_id& user);

  /// Takes out those whose time is over.
  std::vector<absentee> take_due(clock::time_point now);

  /// When the next one's time is over; none where there is none.
  std::optional<clock::time_point> next() const;

  size_t size() const noexcept { return users_.size(); }

private:
  struct turn {
    clock::time_point until;
    user_id user;
    connection_id connection;
  };

  bool is_absent(const turn& x) const;
  void skip_those_who_are_back();

  std::shared_ptr<size_t> all_;
  std::unordered_map<user_id, absentee> users_;
  /// Soonest first; some may be back meanwhile, but not the first.
  boost::container::deque<turn> order_;
};

} // namespace parlor
