// SPDX-License-Identifier: MIT
#include "inspection/viewer.hpp"

#include "messages/frame.hpp"
#include "messages/wire/inspection.hpp"

#include <utility>
#include <variant>

namespace parlor::inspection {

viewer_state::viewer_state(actor_type::pointer self_ptr, viewer_options with)
  : self{self_ptr}, options{std::move(with)}, errors{options.limits.errors} {}

connection_actor::behavior_type viewer_state::make_behavior() {
  options.sockets->hear(id());
  return {
    [this](const client_frame& x) { handle_frame(x); },
    [this](const socket_closed& x) { handle_socket_closed(x); },
    [this](const dismissed& x) { handle_dismissed(x); },
    [this](atom::alarm) { handle_tick(); },
    [this](atom::describe) { return describe(); },
    [this](state_query x) { return inspect(x); },
    // Nobody lets it in anywhere.
    [](const admitted&) {},
    [](const joined&) {},
    [](const not_joined&) {},
    [](const room_failed&) {},
  };
}

void viewer_state::handle_frame(const client_frame& x) {
  options.sockets->served(id());
  auto decoded = wire::decode_view(x.text, options.limits.json_depth);
  if (auto* bad = std::get_if<wire::bad_body>(&decoded))
    return refuse(bad->detail);
  view = std::get<view_query>(std::move(decoded));
  refresh();
}

void viewer_state::refuse(std::string_view what) {
  options.sockets->send(id(), frame{wire::render_view_error(what)});
  if (!errors.spend(self->clock().now()))
    close({close_code::policy_violation, "Too many errors", departure::closed});
}

void viewer_state::handle_socket_closed(const socket_closed& x) {
  self->quit(make_exit({x.code, x.reason, x.why}));
}

void viewer_state::handle_dismissed(const dismissed& x) {
  close({x.code, x.reason, x.why});
}

void viewer_state::close(const farewell& x) {
  options.sockets->close(id(), x.code, x.reason);
  self->quit(make_exit(x));
}

// -- updates -------------------------------------------------------------------

bool viewer_state::sees_something() const {
  return view.picture || view.list || view.actor != 0;
}

/// One at a time; what has come into view meanwhile is asked for behind it.
void viewer_state::refresh() {
  again = asking;
  if (asking || !sees_something())
    return;
  asking = true;
  self->request(options.inspector, patience, view)
    .then([this](const view_update& x) { show(x); },
          [this](const caf::error&) {
            asking = false;
            tick_soon();
          });
}

/// Nothing for who does not read: what waits for it is older than this.
void viewer_state::show(const view_update& x) {
  asking = false;
  if (again)
    return refresh();
  if (sees_something() && options.sockets->vitals(id()).outbox_bytes == 0) {
    options.sockets->send(id(), frame{x.json});
    ++updates;
  }
  tick_soon();
}

void viewer_state::tick_soon() {
  if (!std::exchange(ticking, true))
    self->delayed_send(self, interval, atom::alarm_v);
}

void viewer_state::handle_tick() {
  ticking = false;
  refresh();
}

// -- of itself -----------------------------------------------------------------

connection_report viewer_state::describe() const {
  connection_report result;
  result.id = id();
  result.ip = options.hello.ip;
  result.client = options.hello.client;
  return result;
}

report viewer_state::inspect(state_query x) const {
  report result{name, self->id(), x.about};
  return result.text("connection", to_string(id()))
    .flag("picture", view.picture)
    .flag("list", view.list.has_value())
    .number("actor", view.actor)
    .number("updates", updates)
    .link_to(relation::knows, "inspector", options.inspector);
}

} // namespace parlor::inspection
