// SPDX-License-Identifier: MIT
#include "actors/admin_ask.hpp"
#include "messages/to_connection.hpp"
#include "messages/to_room.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

// Lists of a whole cluster: each node's admin gathers what is there, and the one
// that was asked puts it together.
namespace parlor {

using namespace inquiries;

namespace {

/// What all nodes have, in the order of their names.
struct picture {
  wire::node_lines nodes;
  /// Whether a node, or a part of one, did not answer.
  bool silence = false;
  registry_stats totals;
  std::map<room_name, room_report> rooms;
  std::map<user_id, uint64_t> users;
  std::map<connection_id, connection_report> connections;
  wire::elsewhere elsewhere;
};

/// Each node tells its own connections, and all users whom it knows to be in.
void add(picture& to, const room_report& x) {
  auto& room = to.rooms[x.room];
  std::vector<user_id> users;
  std::ranges::set_union(room.users, x.users, std::back_inserter(users));
  room.room = x.room;
  room.users = std::move(users);
  room.connections += x.connections;
  if (std::pair{room.epoch, room.seq} < std::pair{x.epoch, x.seq}) {
    room.epoch = x.epoch;
    room.seq = x.seq;
  }
}

void add(picture& to, const node_id& node, const share& x) {
  to.nodes.push_back(
    {node.str(),
     x.complete ? wire::node_status::up : wire::node_status::incomplete,
     x.totals.connections});
  to.silence = to.silence || !x.complete;
  to.totals.connections += x.totals.connections;
  to.totals.users += x.totals.homed;
  to.totals.max_connections += x.totals.max_connections;
  for (auto& room : x.rooms)
    add(to, room);
  for (auto& one : x.users)
    to.users[one.user] += one.connections;
  for (auto& one : x.connections) {
    to.connections.emplace(one.id, one);
    to.elsewhere.emplace(one.id, node.str());
  }
}

template <class Map>
auto values_of(Map&& from, uint64_t limit) {
  std::vector<typename std::decay_t<Map>::mapped_type> result;
  for (auto& [key, value] : from)
    if (result.size() < limit)
      result.push_back(std::move(value));
  return result;
}

} // namespace

std::optional<about> admin_state::about_of(api_call call) const {
  if (options.env->peers == nullptr)
    return std::nullopt;
  switch (call) {
    case api_call::connections:
      return about::overview;
    case api_call::connections_detail:
      return about::detail;
    case api_call::stats:
      return about::totals;
    case api_call::rooms:
      return about::rooms;
    case api_call::room:
      return about::room;
    case api_call::users:
      return about::users;
    case api_call::user:
      return about::user;
    default:
      return std::nullopt;
  }
}

/// Who was in last is kept while this node is not.
void admin_state::handle_view(const view_change& x) {
  seats = x.now;
  if (seats->self)
    known = seats->now.members;
}

// -- asking ------------------------------------------------------------------------

/// A node that is not in its cluster asks itself alone, and says that there were
/// others.
admin_state::round admin_state::round_of(const request_ptr& x) const {
  round result;
  result.request = x;
  result.nodes = seats->now.members;
  if (!seats->self) {
    result.nodes = known;
    std::erase_if(result.nodes,
                  [&](auto& y) { return y.id.str() == options.env->node; });
    result.nodes.push_back({node_id{options.env->node}, {}, {}, 0, {}});
    std::ranges::sort(result.nodes, {}, &member::id);
    result.silence = true;
  }
  for (auto& one : result.nodes)
    if (seats->self || !one.incarnation)
      result.answers[one.incarnation] = std::nullopt;
  result.missing = result.answers.size();
  return result;
}

void admin_state::ask_all(const request_ptr& x, about subject) {
  auto number = ++last_survey;
  question what{number, subject, x->subject, x->after, x->limit};
  rounds.emplace(number, round_of(x));
  surveys.emplace(number, [=, this] {
    show_all(std::move(rounds.extract(number).mapped()));
  });
  self->delayed_send(self, admin_patience, atom::tick_v, number);
  auto mine = seats->self;
  gather(what, [=, this](share& all) { take(number, mine, std::move(all)); });
  for (auto& one : seats->now.members)
    if (one.incarnation != mine)
      options.env->peers->send(mine, one.incarnation,
                               to_envelope(options.env->node, what));
}

void admin_state::handle_letter(const peer_letter& x) {
  auto note = to_inquiry(x.content);
  if (!note)
    return log::error("peer not understood", {{"peer", x.from.value()}});
  if (auto* asked = std::get_if<question>(&*note))
    gather(*asked, [=, this, from = x.from](share& all) {
      tell_parts(from, std::move(all));
    });
  else if (auto& part = std::get<share>(*note); true)
    take(part.number, x.from, std::move(part));
}

/// The rest is of no use where one does not go.
void admin_state::tell_parts(incarnation to, share&& whole) {
  for (auto& one : parts_of(std::move(whole)))
    if (!options.env->peers->send(
          seats->self, to, to_envelope(options.env->node, std::move(one))))
      return;
}

void admin_state::take(uint64_t number, incarnation from, share&& part) {
  auto found = rounds.find(number);
  if (found == rounds.end())
    return;
  auto& asked = found->second;
  auto whose = asked.answers.find(from);
  if (whose == asked.answers.end() || whose->second)
    return;
  auto& all = asked.parts[from];
  add(all, std::move(part));
  if (!all.last)
    return;
  whose->second = std::move(all);
  if (--asked.missing == 0)
    handle_tick(number);
}

// -- gathering ---------------------------------------------------------------------

/// What there is on this node, within `ready_patience`: so that it is in time
/// for the one who asks.
void admin_state::gather(const question& x, gathered then) {
  auto all = std::make_shared<share>();
  all->number = x.number;
  auto id = ++last_survey;
  surveys.emplace(id, [=] {
    all->last = true;
    then(*all);
  });
  self->delayed_send(self, ready_patience, atom::tick_v, id);
  auto missing = std::make_shared<size_t>(x.what == about::detail ? 3 : 2);
  auto whole = std::make_shared<bool>(true);
  auto one_less = [=, this](bool complete) {
    *whole = *whole && complete;
    if (--*missing > 0)
      return;
    all->complete = *whole;
    handle_tick(id);
  };
  auto fetch = [=, this]<class Value>(const auto& whom, auto what,
                                      std::function<void(Value&)> take) {
    self->request(whom, caf::infinite, std::move(what))
      .then([=](Value& value) { take(value); },
            [=](const caf::error&) { one_less(false); });
  };
  auto describe = [=, this](const connection_list& those) {
    auto keep = [=](std::vector<connection_report> found, bool complete) {
      all->connections = std::move(found);
      one_less(complete);
    };
    survey<connection_report>(those.connections, atom::describe_v, keep);
  };
  auto keep_rooms = [=](std::vector<room_report> found, bool complete) {
    all->rooms = std::move(found);
    one_less(complete);
  };
  using rooms_taker = std::function<void(room_list&)>;
  using connections_taker = std::function<void(connection_list&)>;
  fetch(options.registry, atom::stats_v,
        std::function<void(registry_stats&)>{[=](registry_stats& totals) {
          all->totals = totals;
          one_less(true);
        }});
  switch (x.what) {
    case about::detail:
      fetch(options.registry,
            connections_query{to_connection_id(x.after), x.limit},
            connections_taker{describe});
      [[fallthrough]];
    case about::overview:
      fetch(options.directory, atom::occupied_v,
            rooms_taker{[=, this](room_list& found) {
              describe_rooms(handles_of(found), keep_rooms);
            }});
      break;
    case about::totals:
      fetch(options.directory, atom::occupied_v,
            rooms_taker{[=](room_list& found) {
              for (auto& one : found.rooms)
                all->rooms.push_back({one.room, {}, 0, 0, {}});
              one_less(true);
            }});
      break;
    case about::rooms:
      fetch(options.directory, atom::occupied_v,
            rooms_taker{
              [=, this, after = x.after, limit = x.limit](room_list& found) {
                describe_rooms(page_of(found, after, limit), keep_rooms);
              }});
      break;
    case about::room:
      fetch(options.directory, room_lookup{room_name{x.subject}},
            rooms_taker{[=, this](room_list& found) {
              describe_rooms(handles_of(found), keep_rooms);
            }});
      break;
    case about::users:
      fetch(options.registry, users_query{user_id{x.after}, x.limit},
            std::function<void(user_list&)>{[=](user_list& found) {
              all->users = std::move(found.users);
              one_less(true);
            }});
      break;
    case about::user:
      fetch(options.registry, user_query{user_id{x.subject}},
            connections_taker{describe});
      break;
  }
}

// -- showing -----------------------------------------------------------------------

/// With what has come until now. That something is not there is known only where
/// all have answered.
void admin_state::show_all(round&& of) const {
  picture all;
  all.silence = of.silence;
  auto& x = of.request;
  for (auto& one : of.nodes) {
    auto found = of.answers.find(one.incarnation);
    if (found != of.answers.end() && found->second) {
      add(all, one.id, *found->second);
    } else {
      all.silence = true;
      all.nodes.push_back({one.id.str(), wire::node_status::silent, 0});
    }
  }
  constexpr auto any = std::numeric_limits<uint64_t>::max();
  auto refuse_unless_found = [&](bool found, std::string_view what) {
    if (!found && all.silence)
      refuse(x, service_unavailable, "A node does not answer");
    else if (!found)
      refuse(x, not_found, "There is no such " + std::string{what});
    return found;
  };
  switch (x->call) {
    case api_call::connections:
    case api_call::connections_detail: {
      wire::overview page;
      page.node = options.env->node;
      page.rooms = values_of(all.rooms, any);
      page.totals = all.totals;
      page.nodes = all.nodes;
      page.elsewhere = all.elsewhere;
      if (x->call == api_call::connections_detail)
        page.connections = values_of(all.connections, x->limit);
      return answer(x, wire::render(page));
    }
    case api_call::stats:
      return answer(x, wire::render(all.totals, all.rooms.size(), all.nodes));
    case api_call::broadcast:
      return answer(x, wire::render_ok(all.nodes));
    case api_call::rooms:
      return answer(x, wire::render(values_of(all.rooms, x->limit), all.nodes));
    case api_call::room:
      if (refuse_unless_found(!all.rooms.empty(), "room"))
        answer(x, wire::render(all.rooms.begin()->second, all.nodes));
      return;
    case api_call::users: {
      user_list users;
      for (auto& [user, connections] : all.users)
        if (users.users.size() < x->limit)
          users.users.push_back({user, connections});
      return answer(x, wire::render(users, all.nodes));
    }
    default:
      if (refuse_unless_found(!all.connections.empty(), "user"))
        answer(x, wire::render(user_id{x->subject},
                               values_of(all.connections, any),
                               options.env->node, all.nodes, all.elsewhere));
  }
}

} // namespace parlor
