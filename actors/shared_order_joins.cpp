// SPDX-License-Identifier: MIT
#include "actors/room.hpp"
#include "actors/shared_order.hpp"
#include "messages/limits.hpp"

#include <algorithm>
#include <set>
#include <utility>

// How connections of this node come into a room of several, and go.
namespace parlor {

using namespace proceedings;

namespace {

/// Comings and goings in one command.
constexpr size_t most_changes = 1000;

} // namespace

void shared_order::arrive(const join& x, connection_id stand_in) {
  turn([&] {
    closed_ = false;
    quiet_ = 0;
    arriving_.insert_or_assign(x.connection, arrival{x});
    ask_in(x);
    if (stand_in)
      changes_.push_back({stand_in, x.user, false, departure::closed, false});
  });
}

void shared_order::abandon(connection_id who) {
  auto gone = arriving_.extract(who);
  if (gone.empty())
    return;
  give_back({&gone.mapped(), 1}, departure::closed);
}

void shared_order::depart(connection_id who, const user_id& user,
                          departure why) {
  turn([&] {
    shown_.erase(who);
    unshown_.erase(who);
    changes_.push_back({who, user, false, why, false});
  });
}

// -- asking the home ---------------------------------------------------------------

/// As many as have come together go in one command. Its place may make more of
/// them.
void shared_order::submit_changes() {
  while (!changes_.empty()) {
    auto count = static_cast<long>(std::min(changes_.size(), most_changes));
    if (!submit(std::span{changes_.begin(), changes_.begin() + count}))
      return;
    changes_.erase(changes_.begin(), changes_.begin() + count);
  }
}

bool shared_order::submit(std::span<const attendance::change> some) {
  auto asked_by = [&](uint64_t number) {
    for (auto& x : some)
      if (auto found = arriving_.find(x.who);
          x.comes && found != arriving_.end())
        found->second.number = number;
  };
  // They may come in at once, and are known by this.
  asked_by(replica_.next_number());
  if (submit(attendance{{some.begin(), some.end()}}))
    return true;
  asked_by(0);
  return false;
}

void shared_order::ask_in(const join& x) {
  changes_.push_back({x.connection, x.user, true, {}, x.silent});
}

/// Whose place this node does not know: the home says again whether they are in.
void shared_order::ask_again(uint64_t number) {
  for (auto& [who, x] : arriving_)
    if (x.number == number)
      ask_in(x.what);
}

/// It is asked for, or in since a room before this one.
bool shared_order::may_be_in(connection_id who, const arrival& x) const {
  return x.number != 0 || everyone_.contains(replica_.self(), who);
}

// -- in vain -----------------------------------------------------------------------

/// Who has waited for long is refused, and gives back what place it gets.
void shared_order::give_up_joins() {
  std::vector<arrival> late;
  for (auto i = arriving_.begin(); i != arriving_.end();) {
    auto which = i++;
    if (++which->second.pauses >= letter_pauses)
      late.push_back(std::move(arriving_.extract(which).mapped()));
  }
  give_back(late, departure::left);
  for (auto& x : late)
    room_.refuse(x.what, ec::unavailable, "Room is unavailable");
}

/// What was not asked for yet is not asked for any more. Else the next join of the
/// same connection would be answered by the place of this one, and then be told
/// that it has left.
void shared_order::give_back(std::span<const arrival> late, departure why) {
  std::set<connection_id> unasked;
  for (auto& x : late)
    if (x.number == 0)
      unasked.insert(x.what.connection);
  std::erase_if(changes_, [&](auto& one) {
    return one.comes && unasked.contains(one.who);
  });
  std::set<connection_id> going;
  if (!late.empty())
    for (auto& one : changes_)
      if (!one.comes)
        going.insert(one.who);
  for (auto& x : late)
    if (auto who = x.what.connection; may_be_in(who, x) && !going.contains(who))
      depart(who, x.what.user, why);
}

/// The room of this name that comes next knows nothing of those in this one.
/// What does not reach the home any more, the next room makes up for.
void shared_order::fail() {
  for (auto& [who, x] : std::exchange(arriving_, {})) {
    changes_.push_back({who, x.what.user, false, departure::closed, false});
    room_.refuse(x.what, ec::internal, "Room has failed");
  }
  for (auto& [who, x] : room_.members.all())
    changes_.push_back({who, x.user, false, departure::closed, false});
  submit_changes();
}

} // namespace parlor
