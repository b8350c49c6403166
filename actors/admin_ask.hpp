// SPDX-License-Identifier: MIT
#pragma once

#include "actors/admin.hpp"
#include "messages/limits.hpp"

#include <caf/duration.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// How admin asks and answers: shared by its parts, for nobody else.
namespace parlor {

/// The HTTP status codes that admin answers with (RFC 9110).
enum http_status : unsigned {
  ok = 200,
  no_content = 204,
  bad_request = 400,
  not_found = 404,
  too_many_requests = 429,
  service_unavailable = 503,
};

void answer(const admin_state::request_ptr& x, std::string json);

void refuse(const admin_state::request_ptr& x, http_status status,
            std::string_view detail);

/// What an actor answered with in place of an answer.
void refuse(const admin_state::request_ptr& x, const caf::error& why);

/// One page of rooms that are sorted by name.
std::vector<room_actor> page_of(const room_list& all, const std::string& after,
                                uint64_t limit);

std::vector<room_actor> handles_of(const room_list& all);

/// Asks one actor and hands its answer to `then`; refuses the request where
/// none comes in time.
template <class Message, class Handle, class F>
void admin_state::ask(const request_ptr& x, const Handle& whom, Message what,
                      F then) {
  self->request(whom, admin_patience, std::move(what))
    .then(std::move(then), [x](const caf::error& why) { refuse(x, why); });
}

/// Asks many at once, and calls `then(reports, complete)` when all of them have
/// answered or ended, or the time is up.
template <class Report, class Message, class Handle, class F>
void admin_state::survey(const std::vector<Handle>& whom, Message what, F then,
                         std::chrono::milliseconds patience) {
  struct gathering {
    std::vector<Report> reports;
    size_t missing;
    F then;
  };
  auto all = std::make_shared<gathering>(gathering{{}, whom.size(), then});
  auto finish = [all] {
    all->then(std::move(all->reports), all->missing == 0);
  };
  if (whom.empty())
    return finish();
  auto id = ++last_survey;
  surveys.emplace(id, finish);
  self->delayed_send(self, patience, atom::tick_v, id);
  auto one_less = [this, all, id] {
    if (--all->missing == 0)
      handle_tick(id);
  };
  for (auto& one : whom)
    self->request(one, caf::infinite, what)
      .then(
        [all, one_less](Report& report) {
          all->reports.push_back(std::move(report));
          one_less();
        },
        [one_less](const caf::error&) { one_less(); });
}

} // namespace parlor
