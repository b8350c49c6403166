// SPDX-License-Identifier: MIT
#include "tests/explore/world.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <utility>

// What happens to a node from outside.
namespace parlor::explore {

namespace {

caf::timespan time_of(const std::string& text) {
  size_t end = 0;
  auto count = std::stoll(text, &end);
  auto unit = text.substr(end);
  if (unit == "ms")
    return std::chrono::milliseconds{count};
  if (unit == "min")
    return std::chrono::minutes{count};
  return std::chrono::seconds{count};
}

std::string epoch_heard(const sockets::socket& x, const std::string& room) {
  std::string result;
  for (auto& [from, heard] : x.heard)
    for (auto& one : heard) {
      std::string_view text = one.text();
      auto at = text.find(R"("epoch":")");
      if (at != text.npos
          && text.find(R"("room":")" + room + "\"") != text.npos)
        result = text.substr(at + 9, text.find('"', at + 9) - at - 9);
    }
  return result;
}

} // namespace

/// A client is read once it was let in, and has read that it was not.
bool world::is_ready(const step& x) const {
  if (!x.is_frame())
    return true;
  auto found = clients.find(x.who);
  return found != clients.end() && found->second.handle
         && is_ready(found->second);
}

bool world::is_ready(const client& x) const {
  auto& socket = socket_of(x);
  return socket.admitted || socket.closed || !lives(x);
}

void world::take(const step& x, size_t request, effect& into) {
  switch (x.what) {
    case verb::connects:
      connect(x, into);
      break;
    case verb::passes:
      into.global = true;
      stage_.acting = 0;
      advance(0, into.sent);
      scheduler_.advance_time(time_of(x.object));
      break;
    case verb::closes:
      into.receiver = stage_.acting = actors.find(core.registry.id());
      advance(into.receiver, into.sent);
      caf::anon_send(core.registry, closing_time{});
      scheduler_.run_once();
      break;
    default:
      if (x.is_client())
        frame_from(clients.at(x.who), x, request, into);
      else
        call(x, into);
  }
}

/// Every client has its place from the start, whoever connects first.
void world::prepare_clients() {
  auto add = [&](const steps& all) {
    for (auto& one : all)
      if (one.what == verb::connects) {
        auto place = uint32_t(clients.size() + 1);
        auto& who = clients[one.who];
        who.name = one.who;
        who.number = place;
        who.id = connection_id{uint8_t(place % threads), place, 1};
        who.enters = one.of("to");
        who.speaks = dialect_named(one.of("as")).value_or(dialect::typed);
      }
  };
  add(script->before);
  for (auto& group : script->together)
    add(group);
  actors.reserve(clients.size());
}

void world::connect(const step& x, effect& into) {
  auto& who = clients.at(x.who);
  handshake hello;
  hello.id = who.id;
  hello.user = user_id{user_of(x.who)};
  hello.speaks = who.speaks;
  if (!who.enters.empty())
    hello.rooms.emplace_back(who.enters);
  who.handle = spawn_connection(system_, env, core, hello);
  actors.assign(scheduler_.next_job<caf::scheduled_actor>(), who.number);
  actors[who.number].name = x.who;
  into.receiver = stage_.acting = who.number;
  advance(who.number, into.sent);
}

/// Nothing is read from a socket that is closed.
void world::frame_from(client& who, const step& x, size_t request,
                       effect& into) {
  into.receiver = stage_.acting = who.number;
  advance(who.number, into.sent);
  if (x.is_frame())
    into.enabled_by = std::max(into.enabled_by, who.ready_by);
  auto& socket = socket_of(who);
  if (who.gone || socket.closed || !lives(who))
    return;
  if (x.what == verb::hangs_up || x.what == verb::vanishes) {
    auto clean = x.what == verb::hangs_up;
    who.gone = true;
    caf::anon_send(who.handle, socket_closed{clean ? close_code::normal
                                                   : close_code::abnormal,
                                             "", departure::closed});
  } else {
    who.asked.emplace(request, x);
    caf::anon_send(who.handle, client_frame{frame_of(
                                 x, request, epoch_heard(socket, x.object))});
  }
  auto alive = lives(who);
  scheduler_.run_once();
  into.ended = alive && !lives(who);
}

void world::hang_up_all() {
  for (auto& [name, who] : clients) {
    if (!who.handle)
      continue;
    effect ignored;
    frame_from(who, {name, verb::hangs_up, {}, {}, {}}, 0, ignored);
    run_jobs();
    settle();
  }
}

void world::call(const step& x, effect& into) {
  if (!api_)
    start_api();
  auto number = actors.find(api_.id());
  into.receiver = stage_.acting = number;
  advance(number, into.sent);
  calls.emplace_back().what = x;
  caf::anon_send(api_, uint64_t{calls.size() - 1});
  scheduler_.run_once();
}

/// Someone who asks for things over HTTP.
void world::start_api() {
  auto answer = [this](caf::event_based_actor* self, uint64_t index) {
    auto& one = calls[index];
    auto failed = [&one](caf::error&) {
      ++one.answers;
      one.refused = true;
    };
    auto counted = [&one](uint64_t count) {
      ++one.answers;
      one.count = count;
    };
    auto done = [&one](bool) { ++one.answers; };
    auto posted = [&one](post_receipt& x) {
      ++one.answers;
      one.receipt = x;
    };
    auto& x = one.what;
    auto ask = [&](auto& whom, auto what, auto then) {
      self->request(whom, caf::infinite, std::move(what)).then(then, failed);
    };
    if (x.what == verb::kicks)
      ask(core.registry, kick_user{user_id{x.object}}, counted);
    else if (x.what == verb::drops)
      ask(core.registry, kick_connection{clients[x.object].id}, done);
    else if (x.what == verb::sends)
      ask(core.registry, user_message{user_id{x.of("to")}, x.object}, counted);
    else if (x.what == verb::broadcasts)
      ask(core.registry, broadcast{x.object, x.of("without")}, done);
    else
      ask(core.directory,
          post{room_name{x.of("to")}, user_id{"server"}, x.object,
               x.of("without"), x.of("keyed")},
          posted);
    broadcasts += x.what == verb::broadcasts;
  };
  api_ = system_.spawn(
    [answer](caf::event_based_actor* self, int) {
      return caf::behavior{[=](uint64_t index) { answer(self, index); }};
    },
    0);
  auto& job = scheduler_.next_job<caf::scheduled_actor>();
  actors[actors.number_of(job, 0)].name = "api";
  scheduler_.run_once();
}

} // namespace parlor::explore
