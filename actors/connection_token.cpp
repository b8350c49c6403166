// SPDX-License-Identifier: MIT
#include "actors/connection.hpp"

#include "messages/to_registry.hpp"
#include "messages/wire/lines.hpp"

#include <algorithm>
#include <utility>

/// How a connection shows who it is, by a token of the upgrade or of a first
/// `hello`, and goes on doing so (PROTOCOL §1, §8.8).
namespace parlor {

using std::chrono::milliseconds;

void connection_state::handle_alarm() {
  go_on();
  if (last)
    return part_when_served();
  if (!pass)
    return;
  if (pass->stage == credentials::stage::upgraded)
    introduce();
  else if (pass->stage == credentials::stage::inside)
    watch_token();
  else if (pass->stage == credentials::stage::unknown)
    close({close_code::no_hello, "No hello in time", departure::closed});
}

void connection_state::introduce() {
  if (!options.hello.token.empty()) {
    present(std::exchange(options.hello.token, {}), {});
    return;
  }
  pass->stage = credentials::stage::unknown;
  self->send(options.registry, stranger{id(), self});
  sockets->hear(id());
  sockets->wake(id(), self->clock().now() + limits().hello_timeout);
}

/// A client that is not inside has said something.
void connection_state::knock(const client_frame& x) {
  if (pass->stage == credentials::stage::entering)
    pass->early.push_back(x);
  else if (pass->stage == credentials::stage::unknown)
    greet(understand(x));
}

/// Nobody is let in who did not say hello.
void connection_state::greet(const wire::decoded& x) {
  auto* request = std::get_if<wire::request>(&x);
  auto& asked = request ? request->id : std::get<wire::rejection>(x).id;
  if (!within_rate(asked))
    return;
  auto* hello = request ? std::get_if<wire::hello_command>(&request->what)
                        : nullptr;
  if (hello) {
    present(hello->token, asked);
    served();
  } else {
    handle_rejection({ec::unauthorized, "Say hello with a token first", asked});
  }
}

void connection_state::present(const std::string& token,
                               const request_id& request) {
  auto judged = judge(token);
  if (auto* bad = std::get_if<token_refusal>(&judged)) {
    close({bad->renewable ? close_code::token_expired
                          : close_code::unauthorized,
           std::string{bad->reason}, departure::closed});
    return;
  }
  accept(std::get<claims>(std::move(judged)));
  pass->stage = credentials::stage::entering;
  pass->greeting = request;
  ask_to_enter();
}

std::variant<claims, token_refusal>
connection_state::judge(const std::string& token) const {
  auto result = options.env->tokens->verify(token, options.env->now());
  auto* good = std::get_if<claims>(&result);
  if (good && !options.hello.anonymous && good->user != options.hello.user)
    return token_refusal{"token is another user's"};
  if (good && good->user == options.env->api_sender)
    return token_refusal{"user's name is reserved"};
  if (good && speaks() == dialect::text
      && !wire::is_plain_name(good->user.str()))
    return token_refusal{"user's name is not for dialect text"};
  return result;
}

/// From here on by the steady clock, whatever becomes of the other.
void connection_state::accept(claims&& x) {
  options.hello.user = std::move(x.user);
  options.hello.anonymous = false;
  pass->may = std::move(x.may);
  pass->warned = false;
  pass->until.reset();
  if (x.expires)
    pass->until = self->clock().now() + (*x.expires - options.env->now());
}

/// The registry has let it in.
void connection_state::settle_in() {
  pass->stage = credentials::stage::inside;
  tell_of_token(std::exchange(pass->greeting, {}));
  watch_token();
  for (auto& frame : std::exchange(pass->early, {}))
    handle_frame(frame);
}

void connection_state::tell_of_token(const request_id& request) {
  event::token_reply reply{request, options.hello.user, {}};
  if (pass->until)
    reply.expires = std::chrono::ceil<milliseconds>(*pass->until
                                                    - self->clock().now());
  send(reply);
}

/// Tells in time that the token will expire, and closes when it does.
void connection_state::watch_token() {
  if (!pass->until)
    return;
  auto left = *pass->until - self->clock().now();
  if (left <= clock::duration::zero()) {
    close({close_code::token_expired, "Token expired", departure::closed});
    return;
  }
  if (left <= token_warning && !std::exchange(pass->warned, true))
    send(event::token_expiring{std::chrono::ceil<milliseconds>(left)});
  sockets->wake(id(),
                pass->warned ? *pass->until : *pass->until - token_warning);
}

bool connection_state::may_speak(const request_id& request) {
  if (!pass || pass->may.publish)
    return true;
  refuse(ec::forbidden, "The token is for listening only", request);
  return false;
}

void connection_state::carry_out(const request_id& request,
                                 const wire::hello_command&) {
  refuse(ec::bad_request,
         pass ? "hello was said: refresh renews a token"
              : "This service asks for no token",
         request);
}

/// A token that would end what the one before allows is refused: so nobody is
/// in a room, or gets into one, that its token does not name.
void connection_state::carry_out(const request_id& request,
                                 const wire::refresh_command& x) {
  if (!pass) {
    refuse(ec::bad_request, "This service asks for no token", request);
    return;
  }
  auto judged = judge(x.token);
  if (auto* bad = std::get_if<token_refusal>(&judged)) {
    refuse(ec::unauthorized, std::string{bad->reason}, request);
    return;
  }
  auto& good = std::get<claims>(judged);
  auto lost = std::find_if(seats.begin(), seats.end(), [&](auto& seat) {
    return !good.may.allow(seat.room);
  });
  if (lost != seats.end()) {
    refuse(ec::forbidden, "The token has no room: " + lost->room.str(),
           request);
    return;
  }
  accept(std::move(good));
  tell_of_token(request);
  served();
  watch_token();
}

} // namespace parlor
