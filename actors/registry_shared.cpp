// SPDX-License-Identifier: MIT
#include "actors/registry.hpp"

#include "messages/limits.hpp"
#include "messages/to_connection.hpp"
#include "messages/wire/encode.hpp"
#include "telemetry/log.hpp"

#include <string>
#include <utility>

// A registry whose users may be on other nodes, too: what becomes here of what
// their homes have decided.
namespace parlor {

// -- coming and going --------------------------------------------------------------

/// Whoever is gone until its home has answered is known.
void registry_state::await_leave(const entrance& x) {
  residents.forget(x.connection);
  if (residents.places() + shared->outside()
      >= options.env->limits.max_connections) {
    refuse(x, close_code::at_capacity, "Server at capacity");
    return;
  }
  watch(x.connection, x.handle);
  shared->enter(x);
}

void registry_state::let_in(const entrance& x) {
  residents.add(x.connection, {x.user, x.speaks, x.handle});
  receive(x);
}

/// By the limits of this node alone.
bool registry_state::let_in_alone(const entrance& x) {
  auto verdict = residents.admit(x.connection, {x.user, x.speaks, x.handle});
  if (!verdict.refusal.empty()) {
    refuse(x, close_code::at_capacity, std::string{verdict.refusal});
    return false;
  }
  if (verdict.evicted) {
    evict(verdict.evicted);
    shared->leave(verdict.evicted, x.user);
  }
  receive(x);
  return true;
}

void registry_state::turn_away(const entrance& x) {
  refuse(x, close_code::at_capacity, "Too many connections");
}

/// One that was let in without its home's leave.
void registry_state::turn_out(connection_id id) {
  dismiss(id, {close_code::at_capacity, "Too many connections",
               departure::closed, 0});
}

/// As the policy says, which all nodes have.
void registry_state::give_way(connection_id id) {
  if (options.env->limits.policy == per_user_policy::reject_new)
    turn_out(id);
  else if (auto* who = residents.find(id); who != nullptr && !who->leaving) {
    residents.dismiss(id);
    evict(id);
  }
}

void registry_state::refuse_closing(const entrance& x) {
  refuse(x, *closing, "Server is closing");
}

// -- messages ----------------------------------------------------------------------

void registry_state::hand_over(const event::private_message& x) {
  send_out(letters_for(x));
}

void registry_state::confirm_letter(const private_message& x,
                                    uint64_t delivered) {
  send_out({{x.from, receipt_of(x, delivered), true}});
}

void registry_state::refuse_letter(const private_message& x) {
  event::error error{
    ec::unavailable, "User is unavailable: " + x.to.str(), x.id, {}};
  send_out({{x.from, wire::encode(error, x.speaks), true}});
}

// -- the cluster -------------------------------------------------------------------

void registry_state::handle_beat() {
  beating = false;
  shared->beat();
}

void registry_state::beat_soon() {
  if (!std::exchange(beating, true))
    self->delayed_send(self, peer_pause, atom::beat_v);
}

void registry_state::log_unreached(const node_id& node) const {
  log::warn("node not told", {{"peer", node.str()}});
}

} // namespace parlor
