// SPDX-License-Identifier: MIT
#include "actors/admin_ask.hpp"
#include "messages/to_connection.hpp"
#include "messages/to_room.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace parlor {

namespace {

using request_ptr = admin_state::request_ptr;

/// Empty rooms are in no list: they have lost their last member since.
void tidy(std::vector<room_report>& rooms) {
  std::erase_if(rooms, [](auto& x) { return x.connections == 0; });
  std::ranges::sort(rooms, {}, &room_report::room);
}

} // namespace

std::vector<room_actor> page_of(const room_list& all, const std::string& after,
                                uint64_t limit) {
  std::vector<room_actor> result;
  for (auto& entry : all.rooms)
    if (entry.room.str() > after && result.size() < limit)
      result.push_back(entry.handle);
  return result;
}

std::vector<room_actor> handles_of(const room_list& all) {
  std::vector<room_actor> result;
  for (auto& entry : all.rooms)
    result.push_back(entry.handle);
  return result;
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
    ask(x, options.directory, atom::occupied_v,
        [=, this](room_list& all) { describe_rooms(handles_of(all), show); });
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
    ask(x, options.directory, atom::stats_v,
        [=](uint64_t rooms) { answer(x, wire::render(stats, rooms)); });
  });
}

void admin_state::show_rooms(const request_ptr& x) {
  auto show = [=](std::vector<room_report> rooms, bool) {
    answer(x, wire::render(rooms));
  };
  ask(x, options.directory, atom::occupied_v, [=, this](room_list& all) {
    describe_rooms(page_of(all, x->after, x->limit), show);
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
  ask(x, options.directory, lookup,
      [=, this](room_list& found) { describe_rooms(handles_of(found), show); });
}

void admin_state::show_users(const request_ptr& x) {
  users_query query{user_id{x->after}, x->limit};
  ask(x, options.registry, query,
      [=](user_list& users) { answer(x, wire::render(users)); });
}

void admin_state::show_user(const request_ptr& x) {
  user_id user{x->subject};
  auto show = [=, this](std::vector<connection_report> reports, bool complete) {
    std::ranges::sort(reports, {}, &connection_report::id);
    if (reports.empty() && !complete)
      refuse(x, service_unavailable, "The user's connections do not answer");
    else if (reports.empty())
      refuse(x, not_found, "There is no such user");
    else
      answer(x, wire::render(user, reports, options.env->node));
  };
  ask(x, options.registry, user_query{user}, [=, this](connection_list& own) {
    survey<connection_report>(own.connections, atom::describe_v, show);
  });
}

} // namespace parlor
