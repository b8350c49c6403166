// SPDX-License-Identifier: MIT
#include "actors/admin_ask.hpp"
#include "messages/to_connection.hpp"
#include "messages/to_room.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace parlor {

namespace {

using request_ptr = admin_state::request_ptr;

/// Answers a kick: 204, or 404 where there was nobody.
void answer_kick(const request_ptr& x, bool found) {
  if (found)
    x->reply->answer({no_content, {}});
  else
    refuse(x, not_found,
           "There is no such "
             + std::string{x->call == api_call::kick_connection ? "connection"
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

} // namespace

void answer(const admin_state::request_ptr& x, std::string json) {
  x->reply->answer({ok, std::move(json)});
}

void refuse(const admin_state::request_ptr& x, http_status status,
            std::string_view detail) {
  x->reply->answer(wire::problem(status, detail));
}

void refuse(const admin_state::request_ptr& x, const caf::error& why) {
  auto code = to_ec(why);
  refuse(x,
         code == ec::limit_exceeded ? too_many_requests : service_unavailable,
         to_string(code));
}

admin_state::admin_state(actor_type::pointer self_ptr, admin_options with)
  : self{self_ptr}, options{std::move(with)}, counted(options.lanes.size()) {}

admin_actor::behavior_type admin_state::make_behavior() {
  return {
    [this](state_query x) { return inspect(x); },
    [this](api_request& x) { handle(x); },
    [this](const peer_letter& x) { handle_letter(x); },
    [this](const view_change& x) { handle_view(x); },
    [this](atom::tick, uint64_t survey) { handle_tick(survey); },
  };
}

void admin_state::handle(api_request& request) {
  auto x = std::make_shared<const api_request>(std::move(request));
  if (auto subject = about_of(x->call))
    return ask_all(x, *subject);
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
    case api_call::metrics:
      return show_metrics(x);
  }
}

void admin_state::handle_tick(uint64_t survey) {
  if (auto found = surveys.extract(survey))
    found.mapped()();
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
  understand(
    x,
    wire::decode_publish_body(x->body, depth, x->key,
                              options.env->api_sender.str()),
    [&](post&& what) {
      ask(x, options.directory, std::move(what),
          [=](post_receipt& receipt) { answer(x, wire::render(receipt)); });
    });
}

void admin_state::send(const request_ptr& x) {
  auto depth = options.env->limits.json_depth;
  understand(x, wire::decode_send_body(x->body, depth),
             [&](user_message&& what) {
               ask(x, options.registry, std::move(what),
                   [=](uint64_t to) { answer(x, wire::render_delivered(to)); });
             });
}

/// Whoever answers behind it has it.
void admin_state::announce(const request_ptr& x) {
  auto depth = options.env->limits.json_depth;
  understand(x, wire::decode_broadcast_body(x->body, depth),
             [&](broadcast&& what) {
               ask(x, options.registry, std::move(what), [=, this](bool) {
                 if (options.env->peers)
                   ask_all(x, inquiries::about::totals);
                 else
                   answer(x, wire::render_ok());
               });
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

/// With the setting of another node that keeps this one out, if one does.
std::string admin_state::why_out() const {
  std::string result = "The node is not in its cluster";
  auto& links = options.env->links;
  if (auto why = links ? links->kept_out_by() : std::nullopt)
    result += ": " + why->setting + " is " + why->here + " here and "
              + why->there + " on node " + why->node.str();
  return result;
}

/// A node of a cluster has to be in it. Then, a real message through the
/// registry, then through a room, then through every I/O thread: what does not
/// answer is the reason, and there is one within `ready_patience`.
void admin_state::show_ready(const request_ptr& x) {
  if (auto& peers = options.env->peers) {
    if (!seats->self)
      return refuse(x, service_unavailable, why_out());
    if (auto why = peers->unready(*seats); !why.empty())
      return refuse(x, service_unavailable, why);
  }
  auto until = self->clock().now() + ready_patience;
  auto silent = [=](const caf::error&) {
    refuse(x, service_unavailable, "The registry does not answer");
  };
  self->request(options.registry, ready_patience, atom::probe_v)
    .then(
      [=, this](bool open) {
        if (open)
          probe_canary(x, until);
        else
          refuse(x, service_unavailable, "The service is closing");
      },
      silent);
}

void admin_state::probe_canary(const request_ptr& x, time_point until) {
  auto silent = [=](const caf::error&) {
    refuse(x, service_unavailable, "The canary room does not answer");
  };
  self->request(options.directory, left(until), atom::probe_v)
    .then([=, this](post_receipt&) { probe_threads(x, until); }, silent);
}

void admin_state::probe_threads(const request_ptr& x, time_point until) {
  auto began = self->clock().now();
  auto show = [=, this](std::vector<bool> answers, bool complete) {
    std::chrono::duration<double, std::milli> lag = self->clock().now() - began;
    if (complete && answers.size() == options.lanes.size())
      answer(x, wire::render_ready(lag.count()));
    else
      refuse(x, service_unavailable, "An I/O thread does not turn");
  };
  survey<bool>(options.lanes, atom::probe_v, show, left(until));
}

/// What is left of the time that all parts together have.
std::chrono::milliseconds admin_state::left(time_point until) const {
  using std::chrono::milliseconds;
  auto result = std::chrono::duration_cast<milliseconds>(until
                                                         - self->clock().now());
  return std::max(result, milliseconds{1});
}

report admin_state::inspect(state_query x) const {
  report result{name, self->id(), x.about};
  result.number("surveys", surveys.size())
    .number("surveys_ever", last_survey)
    .link_to(relation::knows, "directory", options.directory)
    .link_to(relation::knows, "registry", options.registry)
    .link_to(relation::knows, "meter", options.meter);
  for (auto& lane : options.lanes)
    result.link_to(relation::knows, "lane", lane);
  return result;
}

} // namespace parlor
