// SPDX-License-Identifier: MIT
#include "actors/cluster.hpp"

#include "telemetry/log.hpp"

#include <string>
#include <utility>

namespace parlor {

cluster_state::cluster_state(actor_type::pointer self_ptr, cluster_options with)
  : self{self_ptr},
    options{std::move(with)},
    seats{std::make_shared<seating>()} {}

cluster_actor::behavior_type cluster_state::make_behavior() {
  return {
    // CAF tries them in this order.
    [this](const peer_frame& x) { handle_frame(x); },
    [this](const view_change& x) { handle_view(x); },
    [this](const peer_up& x) { handle_up(x); },
    [this](const peer_down& x) { handle_down(x); },
    [this](atom::inspect) { return inspect(); },
  };
}

void cluster_state::handle_view(const view_change& x) {
  seats = x.now;
  if (seats->self)
    log::info("cluster changed", {{"revision", seats->now.revision},
                                  {"nodes", seats->now.members.size()}});
  else
    log::warn("not in the cluster");
  self->send(options.directory, x);
  self->send(options.registry, x);
  self->send(options.admin, x);
}

void cluster_state::handle_up(const peer_up& x) {
  linked.insert(x.with->peer());
  log::info("node linked", {{"peer", x.with->peer().str()}});
}

void cluster_state::handle_down(const peer_down& x) {
  linked.erase(x.node);
  log::warn("node not linked", {{"peer", x.node.str()}});
  self->send(options.directory, x);
  self->send(options.registry, x);
}

void cluster_state::handle_frame(const peer_frame& x) {
  for (auto& one : x.content)
    open(x.stay, one);
  x.from->taken(x.number);
}

void cluster_state::open(incarnation from, const envelope& x) {
  auto line = x.version == 1 ? read_address(*x.body) : std::nullopt;
  if (!line) {
    // Once is enough: a peer that speaks so does it all the time.
    if (strange++ == 0)
      log::error("peer not understood", {{"peer", from.value()}});
    return;
  }
  ++heard;
  peer_letter letter{from, std::string{line->name}, x.body, line->content};
  switch (line->to) {
    case addressee::room:
      self->send(options.directory, std::move(letter));
      break;
    case addressee::user:
      self->send(options.registry, std::move(letter));
      break;
    case addressee::admin:
      self->send(options.admin, std::move(letter));
      break;
  }
}

report cluster_state::inspect() const {
  return {name,
          self->id(),
          {{"revision", std::to_string(seats->now.revision)},
           {"members", std::to_string(seats->now.members.size())},
           {"linked", std::to_string(linked.size())},
           {"heard", std::to_string(heard)},
           {"strange", std::to_string(strange)}}};
}

} // namespace parlor
