// SPDX-License-Identifier: MIT
#pragma once

#include "actors/environment.hpp"
#include "actors/error_budget.hpp"
#include "actors/pinned.hpp"
#include "actors/rate_limit.hpp"
#include "messages/handles.hpp"
#include "messages/handshake.hpp"
#include "messages/report.hpp"
#include "messages/to_connection.hpp"
#include "messages/token.hpp"
#include "messages/wire/command.hpp"
#include "messages/wire/encode.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parlor {

/// How a connection is started.
struct connection_options {
  const environment* env = nullptr;
  directory_actor directory;
  registry_actor registry;
  handshake hello;
};

/// One client: understands its frames, checks rate and state, and passes on
/// what it asks for. Ends when its socket does or when it has to close, but not
/// before what it had read by then is passed on: that may wait for a room's
/// answer to a join, or for the registry's, and for `parting_patience` at most.
/// Whoever monitors it learns how it ended from the exit reason, a farewell.
/// The socket closes by itself behind what was queued.
struct connection_state {
  using actor_type = connection_actor;
  using clock = std::chrono::steady_clock;
  static constexpr const char* name = "connection";

  connection_state(actor_type::pointer self, connection_options options);

  actor_type::behavior_type make_behavior();

  void handle_frame(const client_frame& x);
  void handle_socket_closed(const socket_closed& x);
  void handle_admitted(admitted& x);
  void handle_dismissed(const dismissed& x);
  void handle_joined(const joined& x);
  void handle_not_joined(const not_joined& x);
  void handle_room_failed(const room_failed& x);
  void handle_alarm();

  /// A handler has thrown: tells the client, closes with 1011.
  caf::error handle_failure();

  connection_report describe() const;
  report inspect(state_query x) const;

  /// For the inspector.
  std::string_view title() const { return options.hello.user.str(); }

  /// A room that the client is in, or on its way into.
  struct room_seat {
    room_name room;
    /// Null until the first join was answered.
    room_actor handle;
    /// Whether a join is under way: then what concerns the room is held, so
    /// that nothing overtakes the join's way through the directory.
    bool joining = false;
    /// Whether the join is a message of the client's, that took read credit.
    bool counted = false;
    /// Of a room of `?room=`, until it is answered: it waits for its part, and then
    /// for the answer.
    enum class part : uint8_t { none, waits, asked } of_upgrade = part::none;
    /// At most `read_credit` requests, in the order in which they came.
    std::vector<wire::request> held;
  };

  /// How it shows who it is, and what that gives it.
  struct credentials {
    enum class stage : uint8_t {
      /// What the upgrade brought is still to be looked at.
      upgraded,
      /// A hello is awaited.
      unknown,
      /// The registry is asked to let it in.
      entering,
      inside,
    };

    stage stage = stage::upgraded;
    /// Whether its client was told that the token will expire.
    bool warned = false;
    /// The end of the token or, before there is one, of the time for it.
    std::optional<clock::time_point> until;
    permissions may;
    /// Of the hello that is not answered yet.
    request_id greeting;
    /// What came behind it: at most `read_credit`.
    std::vector<client_frame> early;
  };

  /// How it ends once what its client said before is served, and when at the
  /// latest.
  struct parting {
    farewell how;
    clock::time_point until;
  };

  actor_type::pointer self;
  connection_options options;
  /// None where the service asks for no token.
  std::unique_ptr<credentials> pass;
  /// The sockets of this connection's thread.
  outboxes* sockets;
  rate_limit rate;
  error_budget errors;
  /// At most `limits.rooms-per-connection`.
  std::vector<room_seat> seats;
  /// How many of them wait to be asked for, and how many of those were.
  size_t rooms_waiting = 0;
  size_t rooms_asked = 0;
  /// Whether the service has closed it: what still comes is not looked at.
  bool deaf = false;
  /// Set once it ends as soon as nothing is owed any more.
  std::unique_ptr<const parting> last;
  /// What waits for room in the outbox, or for answers to what was asked before:
  /// at most `read_credit` requests, in the order in which they came.
  std::vector<wire::request> backlog;

private:
  const parlor::limits& limits() const { return options.env->limits; }
  connection_id id() const { return options.hello.id; }
  dialect speaks() const { return options.hello.speaks; }

  bool is_inside() const {
    return !pass || pass->stage == credentials::stage::inside;
  }
  void ask_to_enter();
  void introduce();
  void knock(const client_frame& x);
  void greet(const wire::decoded& x);
  void present(const std::string& token, const request_id& request);
  std::variant<claims, token_refusal> judge(const std::string& token) const;
  void accept(claims&& x);
  void settle_in();
  void watch_token();
  void tell_of_token(const request_id& request);
  bool may_enter(const room_name& room) const {
    return !pass || pass->may.allow(room);
  }
  bool may_speak(const request_id& request);

  wire::decoded understand(const client_frame& x);
  void handle_rejection(const wire::rejection& x);
  bool within_rate(const request_id& request);
  void dispatch(wire::request&& x);
  void go_on();
  room_seat* joining_seat_of(const wire::request& x);
  bool may_serve(const wire::request& x, size_t arriving = 0);
  void serve(wire::request&& x);
  void carry_out(const request_id& request, const wire::join_command& x);
  void carry_out(const request_id& request, const wire::leave_command& x);
  void carry_out(const request_id& request, wire::publish_command& x);
  void carry_out(const request_id& request, wire::private_command& x);
  void carry_out(const request_id& request, const wire::members_command& x);
  void carry_out(const request_id& request, wire::signal_command& x);
  void carry_out(const request_id& request, wire::presence_command& x);
  void carry_out(const request_id& request, const wire::history_command& x);
  void carry_out(const request_id& request, const wire::hello_command& x);
  void carry_out(const request_id& request, const wire::refresh_command& x);
  void carry_out(const request_id& request, const wire::rooms_command& x);
  void carry_out(const request_id& request, const wire::ping_command& x);

  room_seat* find_seat(const room_name& room);
  bool has_seat_for(const room_name& room);
  room_seat take_seat(const room_name& room);
  room_seat* seat_of(const room_name& room, const request_id& request);
  void enter(const room_name& room, const request_id& request, bool counted,
             const join_wishes& wants = {}, bool again = false);
  void enter_in_parts(const std::vector<room_name>& rooms);
  void ask_for_rooms();
  void end_part(room_seat& seat);
  void give_up_rooms();
  room_seat* make_seat(const room_name& room, const request_id& request,
                       bool counted);
  void ask(const room_seat& seat, const request_id& request,
           const join_wishes& wants, bool again);
  void keep_out(ec code, std::string message, const room_name& room,
                const request_id& request, bool counted);
  void refuse_room(ec code, std::string message, const room_name& room);
  void resume(std::vector<wire::request>&& held);
  void served() { sockets->served(id()); }
  void refuse(ec code, std::string message, const request_id& request);
  std::optional<std::chrono::milliseconds>
  return_after(close_code code, uint64_t retry_after_ms = 0) const;
  void close(const farewell& x, uint64_t retry_after_ms = 0);
  size_t owed() const;
  void part(const farewell& x);
  void part_when_served();
  template <class Event>
  void send(const Event& x) {
    sockets->send(id(), wire::encode(x, speaks()));
  }
};

} // namespace parlor
