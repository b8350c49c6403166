// SPDX-License-Identifier: MIT
#include "actors/admin.hpp"

#include "messages/limits.hpp"
#include "messages/to_connection.hpp"
#include "messages/to_room.hpp"

#include <caf/duration.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace parlor {

namespace {

using std::chrono::steady_clock;

constexpr unsigned ok = 200;
constexpr unsigned no_content = 204;
constexpr unsigned bad_request = 400;
constexpr unsigned not_found = 404;
constexpr unsigned too_many_requests = 429;
constexpr unsigned service_unavailable = 503;

using request_ptr = admin_state::request_ptr;

void answer(const request_ptr& x, std::string json) {
  x->reply->answer({ok, std::move(json)});
}

void refuse(const request_ptr& x, unsigned status, std::string_view detail) {
  x->reply->answer(wire::problem(status, detail));
}

void refuse(const request_ptr& x, const caf::error& why) {
  auto code = to_ec(why);
  refuse(x, code == ec::limit_exceeded ? too_many_requests
                                       : service_unavailable,
         to_string(code));
}

/// Answers a kick: 204, or 404 where there was nobody.
void answer_kick(const request_ptr& x, bool found) {
  if (found)
    x->reply->answer({no_content, {}});
  else
    refuse(x, not_found, "There is no such " +
           std::string{x->call == api_call::kick_connection ? "connection"
                                                            : "user"});
}

/// Hands over what a body says, or refuses it.
template <class T, class F>
void understand(const request_ptr& x, wire::body<T> body, F then) {
  if (auto* bad = std::get_if<wire::bad_body>(&body))
    refuse(x, bad_request, bad->detail);
  else
    then(std::move(std::get<T>(body)));
}

/// One page of rooms that are sorted by name.
std::vector<room_actor> page_of(const room_list& all, const api_request& x) {
  std::vector<room_actor> result;
  for (auto& entry : all.rooms)
    if (entry.room.str() > x.after && result.size() < x.limit)
      result.push_back(entry.handle);
  return result;
}

std::vector<room_actor> handles_of(const room_list& all) {
  std::vector<room_actor> result;
  for (auto& entry : all.rooms)
    result.push_back(entry.handle);
  return result;
}

/// Empty rooms are in no list: they have lost their last member since.
void tidy(std::vector<room_report>& rooms) {
  std::erase_if(rooms, [](auto& x) { return x.connections == 0; });
  std::ranges::sort(rooms, {}, &room_report::room);
}

} // namespace

admin_state::admin_state(actor_type::pointer self_ptr, admin_options with)
  : self{self_ptr}, options{std::move(with)} {}

admin_actor::behavior_type admin_state::make_behavior() {
  return {
    [this](atom::inspect) { return inspect(); },
    [this](api_request& x) { handle(x); },
    [this](atom::tick, uint64_t survey) { handle_tick(survey); },
  };
}

void admin_state::handle(api_request& request) {
  auto x = std::make_shared<const api_request>(std::move(request));
  switch (x->call) {
    case api_call::connections:
    case api_call::connections_detail:
      return show_connections(x);
    case api_call::stats:
      return show_stats(x);
    case api_call::rooms:
      return show_rooms(x);
    case api_call::room:
      return show_room(x);
    case api_call::users:
      return show_users(x);
    case api_call::user:
      return show_user(x);
    case api_call::kick_connection:
      return kick_one(x);
    case api_call::kick_user:
      return kick_all(x);
    case api_call::publish:
      return publish(x);
    case api_call::send:
      return send(x);
    case api_call::broadcast:
      return announce(x);
    case api_call::disconnect:
      return disconnect(x);
    case api_call::health_live:
      return answer(x, wire::render_live());
    case api_call::health_ready:
      return show_ready(x);
  }
}

// -- asking --------------------------------------------------------------------

template <class Message, class Handle, class F>
void admin_state::ask(const request_ptr& x, const Handle& whom, Message what,
                      F then) {
  self->request(whom, admin_patience, std::move(what))
    .then(std::move(then), [x](const caf::error& why) { refuse(x, why); });
}

/// Asks many at once, and calls `then(reports, complete)` when all of them have
/// answered or ended, or the time is up.
template <class Report, class Message, class Handle, class F>
void admin_state::survey(const std::vector<Handle>& whom, Message what,
                         F then) {
  struct gathering {
    std::vector<Report> reports;
    size_t missing;
    F then;
  };
  auto all = std::make_shared<gathering>(gathering{{}, whom.size(), then});
  auto finish
    = [all] { all->then(std::move(all->reports), all->missing == 0); };
  if (whom.empty())
    return finish();
  auto id = ++last_survey;
  surveys.emplace(id, finish);
  self->delayed_send(self, admin_patience, atom::tick_v, id);
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

void admin_state::handle_tick(uint64_t survey) {
  if (auto found = surveys.extract(survey))
    found.mapped()();
}

void admin_state::describe_rooms(const std::vector<room_actor>& rooms,
                                 rooms_then then) {
  survey<room_report>(rooms, atom::describe_v,
                      [then](std::vector<room_report> reports, bool complete) {
                        tidy(reports);
                        then(std::move(reports), complete);
                      });
}

// -- showing -------------------------------------------------------------------

void admin_state::show_connections(const request_ptr& x) {
  auto page = std::make_shared<wire::overview>();
  page->node = options.env->node;
  auto show = [=, this](std::vector<room_report> rooms, bool complete) {
    page->rooms = std::move(rooms);
    page->complete = complete;
    if (x->call == api_call::connections_detail)
      add_detail(x, page);
    else
      answer(x, wire::render(*page));
  };
  ask(x, options.registry, atom::stats_v, [=, this](registry_stats& totals) {
    page->totals = totals;
    ask(x, options.directory, atom::occupied_v, [=, this](room_list& all) {
      describe_rooms(handles_of(all), show);
    });
  });
}

void admin_state::add_detail(const request_ptr& x,
                             std::shared_ptr<wire::overview> page) {
  auto show = [=](std::vector<connection_report> reports, bool complete) {
    std::ranges::sort(reports, {}, &connection_report::id);
    page->connections = std::move(reports);
    page->complete = page->complete && complete;
    answer(x, wire::render(*page));
  };
  connections_query query{to_connection_id(x->after), x->limit};
  ask(x, options.registry, query, [=, this](connection_list& those) {
    survey<connection_report>(those.connections, atom::describe_v, show);
  });
}

void admin_state::show_stats(const request_ptr& x) {
  ask(x, options.registry, atom::stats_v, [=, this](registry_stats& stats) {
    ask(x, options.directory, atom::stats_v, [=](uint64_t rooms) {
      answer(x, wire::render(stats, rooms));
    });
  });
}

void admin_state::show_rooms(const request_ptr& x) {
  auto show = [=](std::vector<room_report> rooms, bool) {
    answer(x, wire::render(rooms));
  };
  ask(x, options.directory, atom::occupied_v, [=, this](room_list& all) {
    describe_rooms(page_of(all, *x), show);
  });
}

void admin_state::show_room(const request_ptr& x) {
  auto show = [=](std::vector<room_report> rooms, bool complete) {
    if (!rooms.empty())
      answer(x, wire::render(rooms.front()));
    else if (complete)
      refuse(x, not_found, "There is no such room");
    else
      refuse(x, service_unavailable, "The room does not answer");
  };
  room_lookup lookup{room_name{x->subject}};
  ask(x, options.directory, lookup, [=, this](room_list& found) {
    describe_rooms(handles_of(found), show);
  });
}

void admin_state::show_users(const request_ptr& x) {
  users_query query{user_id{x->after}, x->limit};
  ask(x, options.registry, query,
      [=](user_list& users) { answer(x, wire::render(users)); });
}

void admin_state::show_user(const request_ptr& x) {
  user_id user{x->subject};
  auto show = [=, this](std::vector<connection_report> reports, bool) {
    std::ranges::sort(reports, {}, &connection_report::id);
    if (reports.empty())
      refuse(x, not_found, "There is no such user");
    else
      answer(x, wire::render(user, reports, options.env->node));
  };
  ask(x, options.registry, user_query{user}, [=, this](connection_list& own) {
    survey<connection_report>(own.connections, atom::describe_v, show);
  });
}

// -- doing ---------------------------------------------------------------------

void admin_state::kick_one(const request_ptr& x) {
  kick_connection kick{to_connection_id(x->subject)};
  ask(x, options.registry, kick, [=](bool found) { answer_kick(x, found); });
}

void admin_state::kick_all(const request_ptr& x) {
  ask(x, options.registry, kick_user{user_id{x->subject}},
      [=](uint64_t found) { answer_kick(x, found > 0); });
}

void admin_state::publish(const request_ptr& x) {
  auto depth = options.env->limits.json_depth;
  understand(x, wire::decode_publish_body(x->body, depth), [&](post&& what) {
    ask(x, options.directory, std::move(what),
        [=](post_receipt& receipt) { answer(x, wire::render(receipt)); });
  });
}

void admin_state::send(const request_ptr& x) {
  auto depth = options.env->limits.json_depth;
  understand(x, wire::decode_send_body(x->body, depth),
             [&](user_message&& what) {
               ask(x, options.registry, std::move(what), [=](uint64_t to) {
                 answer(x, wire::render_delivered(to));
               });
             });
}

void admin_state::announce(const request_ptr& x) {
  auto depth = options.env->limits.json_depth;
  understand(x, wire::decode_broadcast_body(x->body, depth),
             [&](broadcast&& what) {
               ask(x, options.registry, std::move(what),
                   [=](bool) { answer(x, wire::render_ok()); });
             });
}

void admin_state::disconnect(const request_ptr& x) {
  auto depth = options.env->limits.json_depth;
  understand(x, wire::decode_disconnect_body(x->body, depth),
             [&](kick_user&& whom) {
               ask(x, options.registry, std::move(whom), [=](uint64_t gone) {
                 if (gone > 0)
                   answer(x, wire::render_disconnected(gone));
                 else
                   refuse(x, not_found, "There is no such user");
               });
             });
}

// -- health --------------------------------------------------------------------

/// A real message through the registry, then through a room, then through every
/// I/O thread: what does not answer is the reason.
void admin_state::show_ready(const request_ptr& x) {
  auto silent = [=](const caf::error&) {
    refuse(x, service_unavailable, "The registry does not answer");
  };
  self->request(options.registry, admin_patience, atom::probe_v)
    .then(
      [=, this](bool open) {
        if (open)
          probe_canary(x);
        else
          refuse(x, service_unavailable, "The service is closing");
      },
      silent);
}

void admin_state::probe_canary(const request_ptr& x) {
  auto silent = [=](const caf::error&) {
    refuse(x, service_unavailable, "The canary room does not answer");
  };
  self->request(options.directory, admin_patience, atom::probe_v)
    .then([=, this](post_receipt&) { probe_threads(x); }, silent);
}

void admin_state::probe_threads(const request_ptr& x) {
  auto began = self->clock().now();
  auto show = [=, this](std::vector<bool> answers, bool complete) {
    std::chrono::duration<double, std::milli> lag = self->clock().now() - began;
    if (complete && answers.size() == options.lanes.size())
      answer(x, wire::render_ready(lag.count()));
    else
      refuse(x, service_unavailable, "An I/O thread does not turn");
  };
  survey<bool>(options.lanes, atom::probe_v, show);
}

report admin_state::inspect() const {
  return {name, self->id(), {{"surveys", std::to_string(surveys.size())}}};
}

} // namespace parlor
