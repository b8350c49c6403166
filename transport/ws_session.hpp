// SPDX-License-Identifier: MIT
#pragma once

#include "messages/error.hpp"
#include "messages/handles.hpp"
#include "messages/handshake.hpp"
#include "messages/ports.hpp"
#include "transport/heartbeat.hpp"
#include "transport/net.hpp"
#include "transport/outbox.hpp"
#include "transport/thread_context.hpp"
#include "transport/upgrade.hpp"

#include <array>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

namespace parlor::transport {

/// One WebSocket connection, from its accepted upgrade to the end of its
/// socket: hands messages to its actor as long as these are served, and tells
/// it once how the connection ended. Not thread-safe: lives on its I/O thread.
class ws_session final : public outbox_owner,
                         public std::enable_shared_from_this<ws_session> {
public:
  /// Takes a socket over and answers the upgrade; `early` is what the client
  /// has sent behind its request.
  static void start(thread_context& context, tcp_socket socket,
                    accepted_upgrade upgrade, std::string early);

  ws_session(thread_context& context, tcp_socket socket,
             accepted_upgrade upgrade);
  ~ws_session() override;

  // -- what its actor wants, see messages/ports.hpp ---------------------------

  void push(turn::index what) { out_.push(what); }

  /// Whether what may be left out should be.
  bool lags() const noexcept { return out_.lags(); }

  void admit();
  void served();
  void all_served();
  void close(close_code code, std::string_view reason);
  socket_vitals vitals() const;

  connection_id id() const noexcept { return id_; }

  dialect speaks() const noexcept { return speaks_; }

  bool admitted() const noexcept { return phase_ == phase::open; }

  // -- what its thread wants --------------------------------------------------

  /// The timer wheel's visit.
  void on_visit(timer_wheel::tick due);

  /// Closes the socket at once.
  void abort() noexcept;

  /// Destroys Beast's stream and with it whatever waits in it; called when the
  /// session has left the table and nothing of it is on the stack.
  void let_go() noexcept;

  // -- what its outbox wants --------------------------------------------------

  std::shared_ptr<void> hold() override { return shared_from_this(); }
  void on_blocked() override { arrange_visit(); }
  void on_trouble(trouble what) noexcept override;
  void on_read() noexcept override { heart_.heard(clock::now()); }
  void on_teardown() noexcept override;

private:
  /// Beast's stream, kept out of this header.
  struct wire;

  enum class phase : uint8_t {
    /// The handshake's answer was not handed down yet.
    opening,
    /// Not admitted, so not read.
    entering,
    open,
    /// A close frame was sent or is about to be.
    closing,
    /// The socket is closed.
    gone,
  };

  void answer_upgrade(std::string_view key, std::optional<dialect> answered,
                      std::string early);
  void on_answered(error_code err);
  void read();
  void read_on();
  void on_some(error_code err, size_t n);
  void take_piece(size_t n);
  void deliver(std::string text);
  void on_control_close();
  void on_end_of_read(error_code err);
  void on_closed(error_code err);

  void begin_closing() noexcept;
  void close_slow();
  void depart(farewell how);
  void finish(farewell how);
  void arrange_visit();
  clock::time_point due() const;
  bool stalled(clock::time_point now) const;

  void fail(const std::exception& why) noexcept;

  /// Runs a handler; one that throws ends the session.
  template <class F>
  void guarded(F f) noexcept {
    try {
      f();
    } catch (const std::exception& e) {
      fail(e);
    }
  }

  thread_context& context_;
  /// What the actor is started with; empty once it was.
  handshake shake_;
  connection_id id_;
  dialect speaks_;
  outbox out_;
  std::unique_ptr<wire> wire_;
  connection_actor actor_;
  heartbeat heart_;
  appointment visit_;
  phase phase_ = phase::opening;
  /// A read is under way, and a close.
  bool reading_ = false;
  bool closing_handshake_ = false;
  /// The conversation is over, the socket not yet.
  bool lingering_ = false;
  /// The actor has been told of the end.
  bool departed_ = false;
  /// Messages that the actor has not served yet.
  uint32_t unserved_ = 0;
  /// Since when the phase lasts.
  clock::time_point since_;
  /// How this side closes; 1006 while it does not.
  farewell ours_;
  /// Where a message begins to arrive.
  std::array<char, 256> small_;
  /// A message of which a part is still to come: so many bytes came already.
  std::string text_;
  size_t text_size_ = 0;
};

} // namespace parlor::transport
