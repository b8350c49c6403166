// SPDX-License-Identifier: MIT
#include "actors/node.hpp"

#include "actors/admin.hpp"
#include "actors/cluster.hpp"
#include "actors/connection.hpp"
#include "actors/directory.hpp"
#include "actors/lane.hpp"
#include "actors/meter.hpp"
#include "actors/registry.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>

#include <utility>

namespace parlor {

namespace {

/// One lane without a room for each I/O thread.
std::vector<lane_actor> spawn_lanes(caf::actor_system& sys,
                                    const environment& env) {
  std::vector<lane_actor> result;
  for (auto& place : env.threads)
    result.push_back(spawn_pinned<lane_state>(
      sys, place.loop, place.sockets, static_cast<uint8_t>(result.size())));
  return result;
}

} // namespace

core_actors spawn_core(caf::actor_system& sys, const environment& env) {
  auto* loop = env.threads.front().loop;
  auto lanes = spawn_lanes(sys, env);
  core_actors result;
  result.directory = spawn_pinned<directory_state>(sys, loop, &env);
  result.registry = spawn_pinned<registry_state>(
    sys, loop, registry_options{&env, result.directory, lanes});
  meter_actor meter;
  if (env.look_at_process)
    meter = spawn_pinned<meter_state>(sys, nullptr, &env);
  result.admin = spawn_pinned<admin_state>(
    sys, loop,
    admin_options{&env, result.directory, result.registry, lanes, meter});
  if (env.peers)
    result.cluster = spawn_pinned<cluster_state>(
      sys, loop,
      cluster_options{&env, result.directory, result.registry, result.admin});
  return result;
}

connection_actor spawn_connection(caf::actor_system& sys,
                                  const environment& env,
                                  const core_actors& core, handshake hello) {
  auto* loop = env.place_of(hello.id).loop;
  return spawn_pinned<connection_state>(
    sys, loop,
    connection_options{&env, core.directory, core.registry, std::move(hello)});
}

node_state::node_state(actor_type::pointer self_ptr, node_options with)
  : self{self_ptr}, options{std::move(with)} {}

node_actor::behavior_type node_state::make_behavior() {
  self->set_down_handler([this](caf::down_msg& x) { handle_down(x); });
  self->monitor(options.core.directory);
  self->monitor(options.core.registry);
  self->monitor(options.core.admin);
  if (options.core.cluster)
    self->monitor(options.core.cluster);
  return {
    [this](atom::inspect) { return inspect(); },
    [this](const closing_time& x) { handle_closing_time(x); },
  };
}

/// As long as clients take to go; who waits has a deadline.
void node_state::handle_closing_time(const closing_time& x) {
  self->request(options.core.registry, caf::infinite, x)
    .then([this](bool) { end({}); }, [](const caf::error&) {});
}

void node_state::handle_down(const caf::down_msg& x) {
  if (!x.reason)
    return;
  log::record(log::level::error, "core actor failed",
              {{"reason", self->system().render(x.reason)}});
  constexpr auto reason = caf::exit_reason::user_shutdown;
  caf::anon_send_exit(options.core.directory, reason);
  caf::anon_send_exit(options.core.registry, reason);
  caf::anon_send_exit(options.core.admin, reason);
  if (options.core.cluster)
    caf::anon_send_exit(options.core.cluster, reason);
  end(x.reason);
}

void node_state::end(const caf::error& why) {
  self->set_down_handler([](caf::down_msg&) {});
  options.ended(why);
  self->quit();
}

report node_state::inspect() const {
  return {name, self->id(), {{"name", options.env->node}}};
}

} // namespace parlor
