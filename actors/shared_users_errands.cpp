// SPDX-License-Identifier: MIT
#include "actors/shared_users.hpp"

#include "actors/registry.hpp"
#include "messages/error.hpp"
#include "messages/limits.hpp"

#include <algorithm>
#include <utility>

// What is asked of users' homes, and of all nodes.
namespace parlor {

using namespace registration;

// -- errands -----------------------------------------------------------------------

void shared_users::write(private_message&& x) {
  message what{0,
               0,
               0,
               false,
               x.sender,
               std::move(x.content),
               registry_.options.env->now()};
  errand made{x.to, std::move(what), {}};
  made.client = std::move(x);
  run(std::move(made));
}

void shared_users::write(user_message&& x, count_promise to) {
  message what{0,
               0,
               0,
               false,
               registry_.options.env->api_sender,
               std::move(x.content),
               registry_.options.env->now()};
  errand made{std::move(x.to), std::move(what), {}};
  made.promise = std::move(to);
  run(std::move(made));
}

void shared_users::expel(const user_id& user, count_promise to) {
  errand made{user, {}, {}};
  made.promise = std::move(to);
  run(std::move(made));
}

size_t shared_users::errand::bytes() const noexcept {
  constexpr size_t overhead = 256;
  return overhead + (what ? what->content.size() : 0);
}

void shared_users::run(errand&& x) {
  auto size = x.bytes();
  if (isolated() || errands_bytes_ + size > max_held_bytes)
    return give_up(x);
  turn([&] {
    errands_bytes_ += size;
    auto number = ++last_number_;
    carry(number, errands_.emplace(number, std::move(x)).first->second);
  });
}

void shared_users::carry(uint64_t number, errand& x) {
  auto home = home_of(x.to);
  x.home = {};
  if (!home || unreached_.contains(home))
    return;
  note what = kick{revision(), number};
  if (x.what) {
    x.what->revision = revision();
    x.what->number = number;
    x.what->open = first_open();
    x.what->again = x.sent;
    what = *x.what;
  }
  if (!post(home, x.to, std::move(what)))
    return;
  x.home = home;
  x.again = std::exchange(x.sent, true);
}

/// Of those whose number may come to a node again.
uint64_t shared_users::first_open() const {
  auto result = errands_.begin()->first;
  return settled_.empty() ? result : std::min(result, settled_.begin()->first);
}

/// It is answered, or will not be.
std::optional<shared_users::errand> shared_users::finish(uint64_t number) {
  auto done = errands_.extract(number);
  if (done.empty())
    return std::nullopt;
  errands_bytes_ -= done.mapped().bytes();
  if (done.mapped().again)
    settled_.emplace(number, letter_pauses);
  return std::move(done.mapped());
}

bool shared_users::is_open(connection_id sender, const request_id& id) const {
  return std::ranges::any_of(errands_, [&](auto& x) {
    auto& by = x.second.client;
    return by && by->from == sender && by->id == id;
  });
}

void shared_users::give_up(errand& x) {
  if (x.client)
    registry_.refuse_letter(*x.client);
  else
    x.promise->deliver(make_error(ec::unavailable));
}

void shared_users::give_up_all() {
  errands_bytes_ = 0;
  for (auto& [number, one] : std::exchange(errands_, {}))
    give_up(one);
}

void shared_users::answer(errand& x, uint64_t count) {
  if (x.client)
    registry_.confirm_letter(*x.client, count);
  else
    x.promise->deliver(count);
}

// -- to all nodes ------------------------------------------------------------------

void shared_users::expel(connection_id who,
                         caf::typed_response_promise<bool> to) {
  turn([&] {
    search made{{}, std::move(to)};
    made.silence = !now_->self;
    auto number = ++last_number_;
    for (auto& one : now_->now.members)
      if (one.incarnation == now_->self)
        continue;
      else if (send(one.incarnation, nobody(), kick_one{number, who}))
        made.asked.insert(one.incarnation);
      else
        made.silence = true;
    auto nobody_asked = made.asked.empty();
    searches_.emplace(number, std::move(made));
    if (nobody_asked)
      end_search(number, false);
  });
}

/// That it is nowhere is known only where all have said so.
void shared_users::end_search(uint64_t number, bool found) {
  auto done = searches_.extract(number);
  if (done.empty())
    return;
  auto& [asked, promise, pauses, silence] = done.mapped();
  if (found || (asked.empty() && !silence))
    promise.deliver(found);
  else
    promise.deliver(make_error(ec::unavailable));
}

/// Who is not linked has clients that are told nothing: an announcement is not
/// kept.
void shared_users::announce(const broadcast& x, event::timestamp at) {
  for (auto& one : now_->now.members)
    if (one.incarnation != now_->self
        && !send(one.incarnation, nobody(), notice{x.content, x.exclude, at}))
      registry_.log_unreached(one.id);
}

} // namespace parlor
